/* What the server's table of symbols makes of a dataset (landgis/catalog/symbols.py): `layer.drawn` holds the style's
   layers of its features, counts and labels. */
import { filled } from "../lib/values.js";

/** The style's layers that may be asked what lies under a point. */
export function clickableIds(layers) {
  return layers.flatMap((layer) => ["fill", "line", "dot"].map((part) => `${layer.name}-${part}`));
}

/** Those of its layers whose discs stand for many features each. */
export function discIds({ drawn }) {
  return drawn.counts.filter(({ type }) => type === "circle").map(({ id }) => id);
}

/** All the style's layers of a dataset. */
export function layerIds({ drawn }) {
  return [...drawn.features, ...drawn.counts, ...drawn.labels].map(({ id }) => id);
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

/** [name, image] of the stripes of each hatched dataset, for a screen of two pixels a point. */
export function hatchImages(layers) {
  return layers.filter(({ hatch }) => hatch).map(({ hatch }) => [hatch.name, stripes(hatch)]);
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
