/* Names that every map bears although no dataset holds them, such as those of far islands (landgis/catalog/ground.py). */

export function nameSources({ names }) {
  const features = names.map(({ text, place }) => ({ type: "Feature", properties: { text }, geometry: { type: "Point", coordinates: place } }));
  return names.length ? { names: { type: "geojson", data: { type: "FeatureCollection", features } } } : {};
}

/** A layer for each name: each has its own zooms. Nothing hides it. */
export function nameLayers({ names, name_look: look }) {
  return names.map(({ text, from, to }, index) => ({
    id: `name-${index}`,
    type: "symbol",
    source: "names",
    minzoom: from,
    maxzoom: to,
    filter: ["==", ["get", "text"], text],
    layout: { ...look.layout, "text-field": text },
    paint: look.paint,
  }));
}

/** Keeps names {id, paint} of a map legible, whatever image or none lies below. */
export function keepLegible(map, names, scenes) {
  const drawn = names.filter(({ id }) => map.getLayer(id));
  scenes.watch(() => {
    for (const { id, paint } of drawn) for (const [name, value] of Object.entries(scenes.written(paint))) map.setPaintProperty(id, name, value);
  });
}
