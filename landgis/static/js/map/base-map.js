/* The office's base map: one source, and the layers that draw it alone or over an image (landgis/catalog/maplibre_ground.py). */

export function groundSource(ground) {
  if (!ground) return {};
  const { tiles, minzoom, maxzoom, attribution } = ground;
  return { basemap: { type: "vector", tiles: absolute(tiles), minzoom, maxzoom, attribution: escaped(attribution) } };
}

/** All its layers; those that are shown now are visible. */
export function groundLayers({ ground, isMap, isOver }) {
  if (!ground) return [];
  const drawn = (layers, isShown) => layers.map((layer) => ({ ...layer, layout: { ...layer.layout, visibility: isShown ? "visible" : "none" } }));
  return [...drawn(ground.under, isOver), ...drawn(ground.layers, isMap), ...drawn(ground.over, isOver)];
}

/** Whether a layer lies under an image: land and sea round it. */
export function isUnder({ ground }, { id }) {
  return ground.under.some((layer) => layer.id === id);
}

/** Whether a layer writes names, or marks what they stand beside. */
export function isName({ type }) {
  return type === "symbol" || type === "circle";
}

/** Not through URL(): it would write the braces of {z} as %7B. */
export function absolute(addresses) {
  return addresses.map((tiles) => (tiles.startsWith("/") ? window.location.origin + tiles : tiles));
}

/** MapLibre takes attributions as HTML, and the file gives them as text. */
export function escaped(text) {
  const box = document.createElement("i");
  box.textContent = text || "";
  return box.innerHTML;
}
