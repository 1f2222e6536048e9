/* Corners as the form has them: north before east, one a line, an empty line between rings. A corner is [east, north]. */

/** The rings of a text, or null where a line is not two numbers with one reading; the server says then what is wrong. */
export function readCorners(text) {
  const rings = text.trim().split(/\n\s*\n/).map((block) => block.trim()).filter(Boolean).map((block) => block.split("\n").map(readLine));
  return rings.flat().every(Boolean) ? rings : null;
}

function readLine(line) {
  const words = line.trim().split(/[;\s]+/).filter(Boolean);
  if (words.length === 3 && /^\d+\.?$/.test(words[0])) words.shift(); // the number of the corner
  const [north, east] = words.map(readNumber);
  return words.length === 2 && Number.isFinite(north) && Number.isFinite(east) ? [east, north] : null;
}

/** A number with one reading: 12.5, 12,5, 1.160.772,9; NaN for what can be read in two ways, such as 1.234. */
export function readNumber(word) {
  const marks = word.match(/[.,]/g) ?? [];
  if (!/^[-+]?\d([\d.,]*\d)?$/.test(word)) return NaN;
  if (marks.length === 0) return Number(word);
  const last = marks.at(-1);
  const isGrouped = marks.length > 1 && new Set(marks).size === 1;
  if (isGrouped) return /^[-+]?\d{1,3}([.,]\d{3})+$/.test(word) ? Number(word.replaceAll(last, "")) : NaN;
  if (marks.length > 1) return Number(word.replaceAll(last === "," ? "." : ",", "").replace(last, "."));
  return /^[-+]?[1-9]\d{0,2}[.,]\d{3}$/.test(word) ? NaN : Number(word.replace(",", "."));
}

export function writeCorners(rings, places) {
  return rings.map((ring) => ring.map(([east, north]) => `${writeNumber(north, places)} ${writeNumber(east, places)}`).join("\n")).join("\n\n");
}

/** Never so that it could be read in two ways. */
export function writeNumber(number, places) {
  const text = number.toFixed(places);
  return Number.isNaN(readNumber(text)) ? `${text}0` : text;
}

export function rounded([east, north], places) {
  return [Number(east.toFixed(places)), Number(north.toFixed(places))];
}

/** The rings of a GeoJSON geometry as the text has them. */
export function ringsOf({ type, coordinates: at } = {}) {
  if (type === "Point") return [[at]];
  if (type === "MultiPoint") return at.map((one) => [one]);
  if (type === "LineString") return [at];
  if (type === "MultiLineString") return at;
  const parts = type === "MultiPolygon" ? at : type === "Polygon" ? [at] : [];
  return parts.flat().map((ring) => ring.slice(0, -1));
}

/** Areas as parts of rings, the outer one first: a ring that lies in the outer one before it is a hole, any other begins a part. */
export function partsOf(rings) {
  const parts = [];
  for (const ring of rings.filter((one) => one.length > 2)) {
    if (parts.length > 0 && ring.every((corner) => isInside(corner, parts.at(-1)[0]))) parts.at(-1).push(ring);
    else parts.push([ring]);
  }
  return parts;
}

export function isInside([x, y], ring) {
  let inside = false;
  for (const [at, [east, north]] of ring.entries()) {
    const [before, below] = ring.at(at - 1);
    if (north > y !== below > y && x < ((before - east) * (y - north)) / (below - north) + east) inside = !inside;
  }
  return inside;
}

/** Twice the area with its sign, of a ring. */
export function turn(ring) {
  return ring.reduce((sum, [x, y], at) => sum + ring.at(at - 1)[0] * y - x * ring.at(at - 1)[1], 0);
}

/** The sides of rings: {ring, at, ends}; of areas the last one closes. */
export function sidesOf(rings, isClosed) {
  return rings.flatMap((ring, index) => ring.slice(0, isClosed && ring.length > 2 ? undefined : -1).map((corner, at) => ({ ring: index, at, ends: [corner, ring[(at + 1) % ring.length]] })));
}

export const lengthOf = ([[x, y], [east, north]]) => Math.hypot(east - x, north - y);
