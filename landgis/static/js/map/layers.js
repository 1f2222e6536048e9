/* How one dataset is drawn, as its declaration says: its kind, its colours, its label. Legible on pictures and without. */
import { LABEL_FONT, STRONG_FONT } from "./font.js";

const PICKED = ["boolean", ["feature-state", "picked"], false];
const HOVERED = ["boolean", ["feature-state", "hovered"], false];
const LIT = ["any", PICKED, HOVERED];
const PICKED_COLOUR = "#ffffff";
const IS_POINT = ["==", ["geometry-type"], "Point"];
// A dark edge tells a bright line from a bright roof; a white one tells the headline from all other lines.
export const CASING = "rgba(12, 24, 22, 0.72)";
const HEADLINE_CASING = "#ffffff";
const HATCH_PIXELS = 32;
const PARTS = ["fill", "casing", "line", "dot", "label", "count-disc", "count"];

/** The style's layers of a dataset's features; sources and layers carry the dataset's name. */
export function areaLayers(layer) {
  const parts = { area: [area, casing, line, dot], outline: [hatch, casing, line, dot], boundary: [surface, casing, line], mesh: [mesh, line, dot] };
  return (parts[layer.kind] || parts.area).map((part) => part(layer));
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

function colour(layer) {
  const pairs = Object.entries(layer.colours).flat();
  return pairs.length ? ["match", ["to-string", ["get", layer.colour_by]], ...pairs, layer.colour] : layer.colour;
}

/** What the legend names first lies on top. */
function sortKey(layer) {
  const codes = Object.keys(layer.colours);
  return codes.length ? ["match", ["to-string", ["get", layer.colour_by]], ...codes.flatMap((code, index) => [code, codes.length - index]), 0] : 0;
}

function common(layer, part) {
  return { id: `${layer.name}-${part}`, source: layer.name, "source-layer": layer.name, minzoom: layer.minzoom || 0 };
}

function area(layer) {
  const plain = layer.is_headline ? 0.5 : 0.22;
  return { ...common(layer, "fill"), type: "fill", paint: { "fill-color": colour(layer), "fill-opacity": ["case", LIT, plain + 0.2, plain] } };
}

/** Stripes with wide gaps, so that the picture is seen between them; far away they would be a veil. */
function hatch(layer) {
  const opacity = ["interpolate", ["linear"], ["zoom"], 10, 0.1, 13, 0.5, 16, 0.5, 18, 0.25];
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

function width(more) {
  const at = (plain) => ["+", plain + more, ["case", PICKED, 2, HOVERED, 1, 0]];
  return ["interpolate", ["linear"], ["zoom"], 8, at(0.6), 12, at(1.2), 15, at(1.4), 18, at(2)];
}

/** Far away a thousand lines would be a veil over the picture, those of zones that fill the land most of all. */
function byZoom(far, near, layer) {
  return ["interpolate", ["linear"], ["zoom"], 9, layer?.kind === "outline" ? far / 3 : far, 13, near];
}

function casing(layer) {
  const edge = layer.is_headline ? HEADLINE_CASING : CASING;
  return {
    ...common(layer, "casing"),
    type: "line",
    layout: { "line-join": "round" },
    paint: { "line-color": ["case", PICKED, CASING, edge], "line-width": width(2), "line-opacity": layer.is_headline ? 0.95 : byZoom(0.25, 0.6, layer) },
  };
}

function line(layer) {
  return {
    ...common(layer, "line"),
    type: "line",
    layout: { "line-join": "round", "line-sort-key": sortKey(layer) },
    paint: { "line-color": layer.kind === "area" || layer.kind === "mesh" ? ["case", PICKED, PICKED_COLOUR, colour(layer)] : colour(layer), "line-width": width(0), "line-opacity": layer.kind === "boundary" || layer.is_headline ? 1 : byZoom(0.45, 1, layer) },
  };
}

/** Far away a feature comes as a point: an area of a pixel would not be seen. */
function dot(layer) {
  const radius = (plain) => ["+", plain, ["case", LIT, 2, 0]];
  const sizes = layer.is_headline ? [8, radius(4), 12, radius(5), 16, radius(6)] : [8, radius(0.6), 10, radius(1.2), 14, radius(3)];
  return {
    ...common(layer, "dot"),
    type: "circle",
    filter: IS_POINT,
    layout: { "circle-sort-key": sortKey(layer) },
    paint: {
      "circle-color": colour(layer),
      "circle-radius": ["interpolate", ["linear"], ["zoom"], ...sizes],
      "circle-opacity": layer.is_headline ? 1 : byZoom(0.7, 1),
      "circle-stroke-color": ["case", PICKED, PICKED_COLOUR, layer.is_headline ? HEADLINE_CASING : CASING],
      "circle-stroke-width": layer.is_headline ? 1.5 : ["interpolate", ["linear"], ["zoom"], 9, 0, 12, 0.8],
    },
  };
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
