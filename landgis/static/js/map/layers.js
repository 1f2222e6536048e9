/* How one dataset is drawn, as its declaration says: its kind, its colours, its label. Legible on pictures and without. */
import { casing, colour, common, dashed, dot, dotRim, HOVERED, isDashed, line, LIT, PICKED, rim } from "./edges.js";
import { LABEL_FONT, STRONG_FONT } from "./font.js";

const HATCH_PIXELS = 32;
const PARTS = ["fill", "rim", "casing", "line", "dashed", "dot-rim", "dot", "label", "count-disc", "count"];

/** The style's layers of a dataset's features; sources and layers carry the dataset's name. */
export function areaLayers(layer) {
  const edges = [rim, casing, line, dashed];
  const parts = { area: [area, ...edges, dotRim, dot], outline: [hatch, ...edges, dotRim, dot], boundary: [surface, ...edges], mesh: [mesh, ...edges, dotRim, dot] };
  return (parts[layer.kind] || parts.area).map((part) => part(layer)).filter(Boolean);
}

/** The style's layers that may be asked what lies under a point. */
export function clickableIds(layers) {
  return layers.flatMap((layer) => ["fill", "line", "dot"].map((part) => `${layer.name}-${part}`));
}

/** All the style's layers of a dataset. */
export function layerIds(layer) {
  return PARTS.map((part) => `${layer.name}-${part}`);
}

/** The colour of a feature with these properties. */
export function colourOf(layer, properties) {
  return layer.colours[properties[layer.colour_by]] || layer.colour;
}

function area(layer) {
  const plain = layer.is_headline ? 0.5 : 0.22;
  return { ...common(layer, "fill"), type: "fill", paint: { "fill-color": colour(layer), "fill-opacity": ["case", LIT, plain + 0.2, plain] } };
}

/** Stripes with wide gaps, so that the picture is seen between them; far away they would be a veil. */
function hatch(layer) {
  const unless = (value) => (layer.dashed ? ["case", isDashed(layer), 0, value] : value);
  const opacity = ["interpolate", ["linear"], ["zoom"], 10, unless(0.1), 13, unless(0.5), 16, unless(0.5), 18, unless(0.25)];
  return { ...common(layer, "fill"), type: "fill", paint: { "fill-pattern": hatchName(layer), "fill-opacity": opacity } };
}

/** Not seen, but it says where one has clicked. */
function surface(layer) {
  return { ...common(layer, "fill"), type: "fill", paint: { "fill-color": layer.colour, "fill-opacity": ["case", PICKED, 0.12, 0] } };
}

/** Neighbours side by side everywhere: only what is pointed at is filled. */
function mesh(layer) {
  return { ...common(layer, "fill"), type: "fill", paint: { "fill-color": layer.colour, "fill-opacity": ["case", PICKED, 0.45, HOVERED, 0.25, 0] } };
}

/** The style's layers of a dataset's labels; they go over the features of all datasets. */
export function labelLayers(layer, { lang, messages }) {
  const isBoundary = layer.kind === "boundary";
  const size = isBoundary ? [8, 10, 10, 12, 13, 15] : [15, 12, 18, 14];
  // What the map is opened for is not to be hidden by its own name.
  const place = layer.is_headline ? { "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 1, "text-justify": "auto" } : {};
  const label = {
    ...common(layer, "label"),
    type: "symbol",
    "source-layer": `${layer.name}-labels`,
    minzoom: Math.max(layer.minzoom || 0, layer.label_from),
    layout: {
      "text-field": ["format", ...layer.label.flatMap((entry, index) => labelLine(entry, index, lang, messages))],
      "text-font": [layer.is_headline || isBoundary ? STRONG_FONT : LABEL_FONT],
      "text-size": ["interpolate", ["linear"], ["zoom"], ...size],
      "text-max-width": 9,
      "text-padding": 4,
      ...place,
    },
    paint: { "text-color": "#ffffff", "text-halo-color": "rgba(10, 22, 20, 0.85)", "text-halo-width": 1.6 },
  };
  return [label];
}

function labelLine({ field, unit, is_number: isNumber }, index, lang, messages) {
  const text = isNumber ? shortNumber(["to-number", ["get", field]], unit, lang, messages) : beforeComma(["to-string", ["get", field]]);
  return [...(index ? ["\n", {}] : []), text, { "font-scale": index ? 0.9 : 1 }];
}

/** A text as far as its first comma: what follows says where it is, which the map shows. */
function beforeComma(text) {
  const comma = ["index-of", ",", ["var", "text"]];
  return ["let", "text", text, ["case", [">=", comma, 0], ["slice", ["var", "text"], 0, comma], ["var", "text"]]];
}

/** 4975000000 as "4,98 tỷ đồng"; nothing for none. */
function shortNumber(number, unit, lang, messages) {
  const value = ["var", "value"];
  const figure = (divided) => ["number-format", divided, { locale: lang, "max-fraction-digits": 2 }];
  const scaled = (scale, name) => ["concat", figure(["/", value, scale]), ` ${name} ${unit}`];
  return ["let", "value", number, ["case", ["==", value, 0], "", [">=", value, 1e9], scaled(1e9, messages.billion), [">=", value, 1e6], scaled(1e6, messages.million), ["concat", figure(value), ` ${unit}`]]];
}

function hatchName(layer) {
  return `${layer.name}-hatch`;
}

/** [name, image] of the stripes of each hatched dataset, for a screen of two pixels a point. */
export function hatchImages(layers) {
  return layers.filter((layer) => layer.kind === "outline").map((layer) => [hatchName(layer), stripes(layer.colour)]);
}

function stripes(shade) {
  const size = HATCH_PIXELS;
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const pen = canvas.getContext("2d");
  pen.strokeStyle = shade;
  pen.lineWidth = 2.5;
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - 2, size + 2);
    pen.lineTo(shift + size + 2, -2);
  }
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}
