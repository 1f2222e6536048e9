/* Names that every map bears although no dataset holds them, such as those of far islands (landgis/catalog/ground.py). */
import { STRONG_FONT } from "./font.js";

export function nameSources({ names }) {
  const features = names.map(({ text, place }) => ({ type: "Feature", properties: { text }, geometry: { type: "Point", coordinates: place } }));
  return names.length ? { names: { type: "geojson", data: { type: "FeatureCollection", features } } } : {};
}

/** A layer for each name: each has its own zooms. Nothing hides it. */
export function nameLayers({ names }) {
  return names.map(({ text, from, to }, index) => ({
    id: `name-${index}`,
    type: "symbol",
    source: "names",
    minzoom: from,
    maxzoom: to,
    filter: ["==", ["get", "text"], text],
    layout: { "text-field": text, "text-font": [STRONG_FONT], "text-size": 14, "text-max-width": 12, "text-allow-overlap": true, "text-ignore-placement": true },
    paint: { "text-color": "#ffffff", "text-halo-color": "rgba(10, 22, 20, 0.85)", "text-halo-width": 1.6 },
  }));
}
