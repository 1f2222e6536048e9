/* The edges of features and the points that stand for small ones. Light and dark lie side by side in each, so that one of
   the two has three times the contrast on any ground (tests/contracts/test_accessibility_ledger.py). */
export const PICKED = ["boolean", ["feature-state", "picked"], false];
export const HOVERED = ["boolean", ["feature-state", "hovered"], false];
export const LIT = ["any", PICKED, HOVERED];
const PICKED_COLOUR = "#ffffff";
const IS_POINT = ["==", ["geometry-type"], "Point"];
// As landgis/pictures/paint.py.
export const CASING = "rgb(8, 16, 15)";
// A white edge tells the headline from all other lines.
const HEADLINE_CASING = "#ffffff";
const DASHES = [3, 2.2];

export function common(layer, part) {
  return { id: `${layer.name}-${part}`, source: layer.name, "source-layer": layer.name, minzoom: layer.minzoom || 0 };
}

export function colour(layer) {
  const pairs = Object.entries(layer.colours).flat();
  return pairs.length ? ["match", ["to-string", ["get", layer.colour_by]], ...pairs, layer.colour] : layer.colour;
}

/** Whether a feature is drawn with a broken line and nothing inside it. */
export function isDashed(layer) {
  return ["in", ["to-string", ["get", layer.colour_by]], ["literal", layer.dashed]];
}

/** What the legend names first lies on top. */
function sortKey(layer) {
  const codes = Object.keys(layer.colours);
  return codes.length ? ["match", ["to-string", ["get", layer.colour_by]], ...codes.flatMap((code, index) => [code, codes.length - index]), 0] : 0;
}

function width(more) {
  const at = (plain) => ["+", plain + more, ["case", PICKED, 2, HOVERED, 1, 0]];
  return ["interpolate", ["linear"], ["zoom"], 8, at(0.6), 12, at(1.2), 15, at(1.4), 18, at(2)];
}

/** Far away a thousand lines would be a veil over the picture, those of zones that fill the land most of all. */
function byZoom(far, near, layer) {
  return ["interpolate", ["linear"], ["zoom"], 9, layer?.kind === "outline" ? far / 3 : far, 13, near];
}

/** The dark edges grow whole where single features are looked at: thousands would cost more bytes than they help. */
function dark(far, middle) {
  return ["interpolate", ["linear"], ["zoom"], 9, far, 13, middle, 15, 1];
}

function edge(layer, part, paint) {
  return { ...common(layer, part), type: "line", layout: { "line-join": "round" }, paint };
}

/** A dark line outside the white one of the headline, which a bright roof would swallow. */
export function rim(layer) {
  return layer.is_headline ? edge(layer, "rim", { "line-color": CASING, "line-width": width(4) }) : null;
}

export function casing(layer) {
  const shade = layer.is_headline ? ["case", PICKED, CASING, HEADLINE_CASING] : CASING;
  // Between neighbours that share every line more would hide the picture.
  const more = layer.kind === "mesh" ? 0.6 : 2;
  return edge(layer, "casing", { "line-color": shade, "line-width": width(more), "line-opacity": layer.is_headline ? 1 : dark(layer.kind === "outline" ? 0.07 : 0.2, 0.5) });
}

export function line(layer) {
  const plain = layer.kind === "area" || layer.kind === "mesh" ? ["case", PICKED, PICKED_COLOUR, colour(layer)] : colour(layer);
  const opacity = layer.kind === "boundary" || layer.is_headline ? 1 : byZoom(0.45, 1, layer);
  const drawn = edge(layer, "line", { "line-color": plain, "line-width": width(layer.kind === "mesh" ? -0.5 : 0), "line-opacity": opacity });
  drawn.layout["line-sort-key"] = sortKey(layer);
  if (layer.dashed) drawn.filter = ["!", isDashed(layer)];
  return drawn;
}

/** The lines of what is not in force yet. */
export function dashed(layer) {
  if (!layer.dashed) return null;
  const paint = { "line-color": colour(layer), "line-width": width(0.4), "line-dasharray": DASHES, "line-opacity": byZoom(0.45, 1, layer) };
  return { ...edge(layer, "dashed", paint), filter: isDashed(layer) };
}

function radius(layer, more) {
  const at = (plain) => ["+", plain + more, ["case", LIT, 2, 0]];
  const sizes = layer.is_headline ? [8, at(4), 12, at(5), 16, at(6)] : [8, at(0.6), 10, at(1.2), 14, at(3)];
  return ["interpolate", ["linear"], ["zoom"], ...sizes];
}

/** The dark rims of all points below all points: of a dense row each would hide its neighbour. */
export function dotRim(layer) {
  const paint = { "circle-color": CASING, "circle-radius": radius(layer, layer.is_headline ? 2.5 : 1), "circle-opacity": layer.is_headline ? 1 : dark(0, 0) };
  return { ...common(layer, "dot-rim"), type: "circle", filter: IS_POINT, paint };
}

/** Far away a feature comes as a point: an area of a pixel would not be seen. */
export function dot(layer) {
  return {
    ...common(layer, "dot"),
    type: "circle",
    filter: IS_POINT,
    layout: { "circle-sort-key": sortKey(layer) },
    paint: {
      "circle-color": colour(layer),
      "circle-radius": radius(layer, 0),
      "circle-opacity": layer.is_headline ? 1 : byZoom(0.7, 1),
      "circle-stroke-color": layer.is_headline ? HEADLINE_CASING : PICKED_COLOUR,
      "circle-stroke-width": layer.is_headline ? 1.5 : ["case", PICKED, 1, 0],
    },
  };
}
