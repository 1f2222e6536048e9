/* The line or area that is being measured, drawn over everything. */
const NAME = "measured";
const LAYERS = [
  { id: `${NAME}-fill`, type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#1560c8", "fill-opacity": 0.2 } },
  { id: `${NAME}-casing`, type: "line", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": "#ffffff", "line-width": 5 } },
  { id: `${NAME}-line`, type: "line", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": "#1560c8", "line-width": 2.5 } },
  { id: `${NAME}-points`, type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": "#ffffff", "circle-stroke-color": "#1560c8", "circle-stroke-width": 2.5 } },
];

export class MeasureSketch {
  constructor(map) {
    this.map = map;
    this.points = []; // {lng, lat}
    map.addSource(NAME, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    for (const layer of LAYERS) map.addLayer({ ...layer, source: NAME });
  }

  draw(isArea) {
    const places = this.points.map(({ lng, lat }) => [lng, lat]);
    const features = places.map((coordinates) => feature("Point", coordinates));
    if (isArea && places.length > 2) features.push(feature("Polygon", [[...places, places[0]]]));
    else if (places.length > 1) features.push(feature("LineString", places));
    this.map.getSource(NAME).setData({ type: "FeatureCollection", features });
  }

  remove() {
    for (const { id } of LAYERS) this.map.removeLayer(id);
    this.map.removeSource(NAME);
  }
}

function feature(type, coordinates) {
  return { type: "Feature", properties: {}, geometry: { type, coordinates } };
}
