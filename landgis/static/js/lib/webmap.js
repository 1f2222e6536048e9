/* The view of a map in Web Mercator, as landgis/lib/webmap.py has it: {lng, lat, zoom}, 512 pixels a world at zoom 0. */
const WORLD_PX = 512;
export const NEAREST = 20; // the zoom of the nearest view there is
export const RADIUS_M = 6378137;
export const EQUATOR_M = 2 * Math.PI * RADIUS_M;

/** A place on the square of the world, from 0 at the north-west to 1. */
export function onSquare([lng, lat]) {
  const north = Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  return [(lng + 180) / 360, (1 - north / Math.PI) / 2];
}

export function fromSquare([x, y]) {
  return [x * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
}

/** The nearest view that shows the box west, south, east, north whole, with a margin in pixels. */
export function fit([west, south, east, north], width, height, margin = 24) {
  const [left, top] = onSquare([west, north]);
  const [right, bottom] = onSquare([east, south]);
  const size = Math.max((right - left) / Math.max(1, width - 2 * margin), (bottom - top) / Math.max(1, height - 2 * margin), 1e-12);
  const [lng, lat] = fromSquare([(left + right) / 2, (top + bottom) / 2]);
  return { lng, lat, zoom: Math.min(18, Math.log2(1 / size / WORLD_PX)) };
}

/** The view with its middle moved by pixels. */
export function moved({ lng, lat, zoom }, right, down) {
  const world = WORLD_PX * 2 ** zoom;
  const [x, y] = onSquare([lng, lat]);
  const [east, north] = fromSquare([x + right / world, y + down / world]);
  return { lng: east, lat: north, zoom };
}

/** As it stands in addresses: zoom/latitude/longitude. */
export function viewText({ lng, lat, zoom }) {
  return [zoom.toFixed(3), lat.toFixed(6), lng.toFixed(6)].join("/");
}

/** The view of a text such as the hash of the map's address, or null; beyond the nearest zoom the nearest. */
export function parseView(text) {
  const [zoom, lat, lng] = text.replace(/^#/, "").split("/").map(Number);
  return [zoom, lat, lng].every(Number.isFinite) ? { lng, lat, zoom: Math.min(NEAREST, zoom) } : null;
}
