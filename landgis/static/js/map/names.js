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

const HALF_PX = 66; // of the longest line of a name

/** Moves a name to the left that the buttons would cut; they stand at the right of the map. */
export function keepClear(map, { names, name_look: look }) {
  const frame = map.getContainer();
  const clear = () => {
    const { left, top } = frame.getBoundingClientRect();
    const buttons = [...frame.querySelectorAll(".maplibregl-ctrl-group")].map((group) => group.getBoundingClientRect());
    names.forEach(({ place }, index) => {
      if (!map.getLayer(`name-${index}`)) return;
      const { x, y } = map.project(place);
      const beside = buttons.filter((box) => y + top > box.top - HALF_PX / 3 && y + top < box.bottom + HALF_PX / 3);
      const over = Math.max(0, ...beside.map((box) => x + HALF_PX + left - box.left).filter((by) => by < 2 * HALF_PX));
      const em = x < frame.clientWidth ? over / look.layout["text-size"] : 0;
      map.setLayoutProperty(`name-${index}`, "text-offset", [-em, 0]);
    });
  };
  map.on("moveend", clear);
  map.on("resize", clear);
  clear();
}

/** Keeps names {id, paint} of a map legible, whatever image or none lies below. */
export function keepLegible(map, names, scenes) {
  const drawn = names.filter(({ id }) => map.getLayer(id));
  scenes.watch(() => {
    for (const { id, paint } of drawn) for (const [name, value] of Object.entries(scenes.written(paint))) map.setPaintProperty(id, name, value);
  });
}
