/* How the ring of a neighbour follows when a corner that both have is moved, added or taken away. */

/** The rings of a neighbour after another feature went from `before` to `after`; null where none of it is shared. `near` is a millimetre or two. */
export function followed(before, after, rings, near) {
  if (before.length !== after.length) return null;
  let found = rings;
  for (const [index, ring] of before.entries()) {
    const now = after[index];
    if (now.length === ring.length) found = moved(ring, now, found, near);
    else if (now.length === ring.length + 1) found = added(ring, now, found, near);
    else if (now.length === ring.length - 1) found = taken(ring, now, found, near);
  }
  return found === rings ? null : found;
}

function same([x, y], [east, north], near) {
  return Math.abs(x - east) <= near && Math.abs(y - north) <= near;
}

/** Whether many corners at once went nearer to where others were: a text that begins at another corner, and no corner went there. */
function isAnotherOrder(ring, steps) {
  const away = ([x, y], [east, north]) => Math.hypot(x - east, y - north);
  return steps.length > 1 && steps.some(({ from, to }) => ring.some((other) => other !== from && away(other, to) < away(from, to)));
}

function moved(ring, now, rings, near) {
  const steps = ring.map((from, at) => ({ from, to: now[at] })).filter(({ from, to }) => from[0] !== to[0] || from[1] !== to[1]);
  if (steps.length === 0 || isAnotherOrder(ring, steps)) return rings;
  let touched = false;
  const found = rings.map((other) => {
    // First each corner by where it was: two that change places do not follow each other.
    const goes = other.map((corner) => steps.find(({ from }) => same(from, corner, near)));
    const kept = other.map((corner, at) => goes[at]?.to ?? corner);
    touched ||= goes.some(Boolean);
    const loose = steps.filter((step) => !goes.includes(step));
    return loose.reduce((sum, { from, to }) => {
      const at = sideThrough(other, from, near);
      if (at < 0) return sum;
      touched = true;
      const place = sum.indexOf(kept[at]);
      return sum.toSpliced(place + 1, 0, to);
    }, kept);
  });
  return touched ? found : rings;
}

/** The side on which a place lies, between its ends: a corner of ours that the neighbour does not have. */
function sideThrough(ring, [x, y], near) {
  return ring.findIndex(([fromX, fromY], at) => {
    const [toX, toY] = ring[(at + 1) % ring.length];
    const [wide, high] = [toX - fromX, toY - fromY];
    const length = Math.hypot(wide, high);
    if (length <= 2 * near) return false;
    const way = ((x - fromX) * wide + (y - fromY) * high) / length;
    const off = Math.abs((x - fromX) * high - (y - fromY) * wide) / length;
    return off <= near && way > near && way < length - near;
  });
}

/** A corner between two that the neighbour has one after the other, too. */
function added(ring, now, rings, near) {
  const at = now.findIndex((corner, place) => !ring[place] || !same(corner, ring[place], near));
  const [before, after] = [now.at(at - 1), now[(at + 1) % now.length]];
  return withSide(rings, before, after, near, (other, place) => other.toSpliced(place + 1, 0, now[at]));
}

function withSide(rings, one, other, near, change) {
  for (const [index, ring] of rings.entries()) {
    for (const [at, corner] of ring.entries()) {
      const next = ring[(at + 1) % ring.length];
      if ((same(corner, one, near) && same(next, other, near)) || (same(corner, other, near) && same(next, one, near))) return rings.toSpliced(index, 1, change(ring, at));
    }
  }
  return rings;
}

/** A corner that the neighbour has between the same two. */
function taken(ring, now, rings, near) {
  const at = ring.findIndex((corner, place) => !now[place] || !same(corner, now[place], near));
  const [before, after] = [ring.at(at - 1), ring[(at + 1) % ring.length]];
  for (const [index, other] of rings.entries()) {
    const place = other.findIndex((corner) => same(corner, ring[at], near));
    if (place < 0 || other.length < 4) continue;
    const ends = [other.at(place - 1), other[(place + 1) % other.length]];
    const isBetween = ends.every((end) => same(end, before, near) || same(end, after, near));
    if (isBetween) return rings.toSpliced(index, 1, other.toSpliced(place, 1));
  }
  return rings;
}
