/* Coordinates by the registered PROJ pipelines (landgis/lib/geometry.py), evaluated to less than a millimetre.
   Known are the steps that transverse Mercator systems with a seven-parameter shift need; other pipelines give null. */
import { tmercForward, tmercInverse } from "./tmerc.js";
import { RADIUS_M } from "./webmap.js";

const DEGREE = Math.PI / 180;
const SECOND = DEGREE / 3600;
const ELLIPSOIDS = { WGS84: [RADIUS_M, 298.257223563], GRS80: [RADIUS_M, 298.257222101] };
const STEPS = { unitconvert, push, pop, cart, helmert, tmerc, utm };

/** {forward, inverse} of a pipeline text: [x, y] of its system to [longitude, latitude] in degrees, and back; or null. */
export function pipeline(text) {
  const steps = text.split("+step").slice(1).map(parse).map(built);
  if (steps.length === 0 || steps.includes(null)) return null;
  const run = (order, way) => ([x, y]) => {
    const state = { at: [x, y, 0], kept: [] };
    for (const step of order) step[way](state);
    return state.at.slice(0, 2);
  };
  return { forward: run(steps, "forward"), inverse: run([...steps].reverse(), "inverse") };
}

function parse(text) {
  const entries = text.trim().split(/\s+/).map((word) => word.replace(/^\+/, "").split("="));
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? true]));
}

function built(given) {
  const made = STEPS[given.proj]?.(given) ?? null;
  return made && given.inv ? { forward: made.inverse, inverse: made.forward } : made;
}

const scaled = (factor) => (state) => {
  state.at[0] *= factor;
  state.at[1] *= factor;
};

function unitconvert({ xy_in: from, xy_out: to }) {
  const radians = { deg: DEGREE, rad: 1 };
  if (!(from in radians && to in radians)) return null;
  const factor = radians[from] / radians[to];
  return { forward: scaled(factor), inverse: scaled(1 / factor) };
}

const keep = (state) => state.kept.push(state.at[2]);
const restore = (state) => (state.at[2] = state.kept.pop());

/** The height is put by and taken back: the systems are of the plane. */
function push() {
  return { forward: keep, inverse: restore };
}

function pop() {
  return { forward: restore, inverse: keep };
}

function ellipsoid({ ellps = "GRS80" }) {
  const known = ELLIPSOIDS[ellps];
  if (!known) return null;
  const [a, reverse] = known;
  return { a, f: 1 / reverse };
}

function cart(given) {
  const shape = ellipsoid(given);
  if (!shape) return null;
  const { a, f } = shape;
  const e2 = f * (2 - f);
  return {
    forward: (state) => {
      const [longitude, latitude, height] = state.at;
      const across = a / Math.sqrt(1 - e2 * Math.sin(latitude) ** 2);
      const out = (across + height) * Math.cos(latitude);
      state.at = [out * Math.cos(longitude), out * Math.sin(longitude), (across * (1 - e2) + height) * Math.sin(latitude)];
    },
    inverse: (state) => {
      const [x, y, z] = state.at;
      const out = Math.hypot(x, y);
      let latitude = Math.atan2(z, out * (1 - e2));
      for (let round = 0; round < 8; round++) latitude = Math.atan2(z + (e2 * a * Math.sin(latitude)) / Math.sqrt(1 - e2 * Math.sin(latitude) ** 2), out);
      state.at = [Math.atan2(y, x), latitude, out / Math.cos(latitude) - a / Math.sqrt(1 - e2 * Math.sin(latitude) ** 2)];
    },
  };
}

/** Seven parameters with small angles; metres, seconds, millionths. */
function helmert({ x = 0, y = 0, z = 0, rx = 0, ry = 0, rz = 0, s = 0, convention, exact }) {
  if (exact || !["coordinate_frame", "position_vector", undefined].includes(convention)) return null;
  const sign = convention === "position_vector" ? -1 : 1;
  const [a, b, c] = [rx, ry, rz].map((angle) => sign * Number(angle) * SECOND);
  const [dx, dy, dz] = [x, y, z].map(Number);
  const scale = 1 + Number(s) * 1e-6;
  return {
    forward: (state) => {
      const [u, v, w] = state.at;
      state.at = [dx + scale * (u + c * v - b * w), dy + scale * (-c * u + v + a * w), dz + scale * (b * u - a * v + w)];
    },
    inverse: (state) => {
      const [u, v, w] = [(state.at[0] - dx) / scale, (state.at[1] - dy) / scale, (state.at[2] - dz) / scale];
      state.at = [u - c * v + b * w, c * u + v - a * w, -b * u + a * v + w];
    },
  };
}

function tmerc({ lat_0: latitude = 0, lon_0: longitude = 0, k = 1, x_0: east = 0, y_0: north = 0, ...given }) {
  const shape = ellipsoid(given);
  if (!shape || Number(latitude) !== 0) return null;
  const system = { ...shape, meridian: Number(longitude) * DEGREE, scale: Number(k), east: Number(east), north: Number(north) };
  const moved = (step) => (state) => state.at.splice(0, 2, ...step(system, state.at));
  return { forward: moved(tmercForward), inverse: moved(tmercInverse) };
}

function utm({ zone, south, ...given }) {
  return tmerc({ ...given, lon_0: Number(zone) * 6 - 183, k: 0.9996, x_0: 500000, y_0: south ? 10000000 : 0 });
}
