/* What the server's table of symbols makes of a dataset (landgis/catalog/symbols.py): `layer.drawn` holds the style's
   layers of its features, counts and labels. */
import { filled } from "../lib/values.js";

/** The style's layers that may be asked what lies under a point. */
export function clickableIds(layers) {
  return layers.flatMap((layer) => ["fill", "line", "dot"].map((part) => `${layer.name}-${part}`));
}

/** Those of its layers that stand for many features each: pills or discs, sheets and blocks. */
export function clusterIds({ drawn }) {
  return [...drawn.counts, ...drawn.generalised].map(({ id }) => id);
}

export const LEAD = "lead"; // of the address: the layer that says its numbers

/** The layer that says its numbers: the one that is wished for, or the first that is shown. Two would cover each other. */
export function leadOf(layers, wanted, isShown = () => true) {
  const able = layers.filter((layer) => layer.drawn.counts.length > 0 && isShown(layer));
  return able.find(({ name }) => name === wanted) || able[0] || null;
}

/** All the style's layers of a dataset. */
export function layerIds({ drawn }) {
  return [...drawn.generalised, ...drawn.features, ...drawn.counts, ...drawn.labels].map(({ id }) => id);
}

/** The colour of a feature with these properties. */
export function colourOf(layer, properties) {
  return layer.colours[properties[layer.colour_by]] || layer.colour;
}

/** What a reader calls a feature {layer, ref, properties}; what was found elsewhere brings its `title`. */
export function titleOf({ layer, ref, properties, title: known }) {
  if (known) return known;
  const title = filled(layer.titled, properties);
  return title.includes("{") ? properties[layer.title_field] || ref : title;
}

/** The properties of which the titles of a layer are made. */
export function titleNames({ titled, title_field }) {
  return [title_field, ...[...titled.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)];
}

/** [name, image] of the stripes of each hatched dataset, for a screen of two pixels a point. */
export function hatchImages(layers) {
  return layers.filter(({ hatch }) => hatch).map(({ hatch }) => [hatch.name, stripes(hatch)]);
}

/** [name, image, how it stretches] of the pills, for a screen of two pixels a point. */
export function pillImages(layers) {
  return layers.filter(({ pill }) => pill).map(({ pill }) => [pill.name, pillImage(pill), pillStretch(pill)]);
}

function pillImage({ height, ring, colour, inside }) {
  const side = 2 * height;
  const canvas = Object.assign(document.createElement("canvas"), { width: side + 4, height: side });
  const pen = canvas.getContext("2d");
  for (const [edge, fill] of [[0, colour], [2 * ring, inside]]) {
    pen.beginPath();
    pen.roundRect(edge, edge, side + 4 - 2 * edge, side - 2 * edge, height - edge);
    if (edge) pen.globalCompositeOperation = "destination-out";
    if (edge) pen.fill();
    pen.globalCompositeOperation = "source-over";
    pen.fillStyle = fill;
    pen.fill();
  }
  return pen.getImageData(0, 0, side + 4, side);
}

/** Its middle stretches with the words, which stand clear of its ends. */
function pillStretch({ height, beside, above, ring }) {
  const [left, top] = [2 * (beside + ring), 2 * (above + ring)];
  return { pixelRatio: 2, stretchX: [[height, height + 4]], stretchY: [[height - 1, height + 1]], content: [left, top, 2 * height + 4 - left, 2 * height - top] };
}

function stripes({ side, width, colour }) {
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const pen = canvas.getContext("2d");
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift - 2, side + 2);
    pen.lineTo(shift + side + 2, -2);
  }
  pen.stroke();
  return pen.getImageData(0, 0, side, side);
}
