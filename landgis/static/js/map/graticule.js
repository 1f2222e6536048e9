/* Lines of longitude and latitude: the only ground under the public's features. */
import { LABEL_FONT } from "./font.js";

const EMPTY = { type: "FeatureCollection", features: [] };
const STEPS = [10, 5, 2, 1, 30 / 60, 15 / 60, 10 / 60, 5 / 60, 2 / 60, 1 / 60, 30 / 3600, 15 / 3600, 10 / 3600, 5 / 3600, 2 / 3600, 1 / 3600];
const PIXELS_APART = 170;
const EDGE = 14;
const CORNER = 48;

export const GRATICULE_SOURCES = { graticule: { type: "geojson", data: EMPTY } };

export const GRATICULE_LAYERS = [
  { id: "graticule-line", type: "line", source: "graticule", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": "#d3d8cd", "line-width": 1 } },
  {
    id: "graticule-label",
    type: "symbol",
    source: "graticule",
    filter: ["==", ["geometry-type"], "Point"],
    layout: { "text-field": ["get", "text"], "text-font": [LABEL_FONT], "text-size": 11, "text-anchor": ["get", "anchor"], "text-allow-overlap": true, "text-ignore-placement": true },
    paint: { "text-color": "#6b776f", "text-halo-color": "#eceee8", "text-halo-width": 2 },
  },
];

/** Keeps the lines and the figures at the edges in step with the view. */
export function keepGraticule(map) {
  const draw = () => map.getSource("graticule")?.setData(graticule(map));
  map.on("load", draw);
  map.on("moveend", draw);
}

function graticule(map) {
  const bounds = map.getBounds();
  const degreesPerPixel = (bounds.getEast() - bounds.getWest()) / map.getContainer().clientWidth;
  const step = STEPS.findLast((size) => size / degreesPerPixel >= PIXELS_APART) || STEPS[0];
  const corner = map.unproject([EDGE / 2, EDGE]);
  // The figures of both edges would meet in the corner.
  const clear = map.unproject([CORNER, CORNER / 2]);
  const margin = step * 2;
  const features = [];
  for (const x of multiples(bounds.getWest() - margin, bounds.getEast() + margin, step)) {
    features.push(line([x, bounds.getSouth() - margin], [x, bounds.getNorth() + margin]));
    if (x > clear.lng) features.push(point([x, corner.lat], x, step, "center"));
  }
  for (const y of multiples(bounds.getSouth() - margin, bounds.getNorth() + margin, step)) {
    features.push(line([bounds.getWest() - margin, y], [bounds.getEast() + margin, y]));
    if (y < clear.lat) features.push(point([corner.lng, y], y, step, "left"));
  }
  return { type: "FeatureCollection", features };
}

function multiples(from, to, step) {
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, index) => (first + index) * step);
}

function line(from, to) {
  return { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [from, to] } };
}

function point(coordinates, degrees, step, anchor) {
  return { type: "Feature", properties: { text: angle(degrees, step), anchor }, geometry: { type: "Point", coordinates } };
}

/** Degrees as 107°15′ or, where lines are closer than a minute, 107°15′30″. */
function angle(degrees, step) {
  const seconds = Math.round(Math.abs(degrees) * 3600);
  const two = (figure) => String(figure).padStart(2, "0");
  const sign = degrees < 0 ? "−" : "";
  const minutes = `${sign}${Math.floor(seconds / 3600)}°${two(Math.floor((seconds % 3600) / 60))}′`;
  return step < 1 / 60 ? `${minutes}${two(seconds % 60)}″` : minutes;
}
