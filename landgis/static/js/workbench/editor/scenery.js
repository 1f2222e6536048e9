/* What is drawn round and over the feature: neighbours with their numbers, corners, sides with their lengths. */
import { LineString, MultiPoint, Point } from "../../../bundles/openlayers.js";
import { lengthOf, sidesOf, turn } from "./corners.js";
import { lengthText } from "./lengths.js";
import { geometryOf } from "./shaping.js";
import { shortOf } from "./ground.js";

export function showGround(canvas, ground) {
  canvas.put("neighbours", [...ground.known.values()].map((one) => [canvas.read(one.shape), { ref: one.ref, number: shortOf(one.ref), is_draft: one.is_draft, is_elsewhere: one.is_elsewhere }]));
  canvas.put("others", [...ground.others.values()].map((one) => [canvas.read(one.shape), { number: one.title }]));
}

export function noteGround(frame, ground) {
  ground.addEventListener("change", ({ detail: { isFar, isCut, hasFailed } }) => {
    const { words } = frame;
    frame.note.textContent = isFar ? words.too_far : isCut ? words.cut : hasFailed ? words.ground_failed : "";
  });
}

/** Corners with their numbers and the lengths of the sides, as they are or as they would be. */
export function showCorners(canvas, drawing, rings = drawing.rings) {
  const sides = sidesOf(rings, drawing.isClosed);
  canvas.put("sides", sides.map(({ ends }) => [new LineString(ends), { length: lengthText(lengthOf(ends), canvas) }]));
  let number = 0;
  const chosen = drawing.selected;
  canvas.put("corners", rings.flatMap((ring, index) => ring.map((corner, at) => {
    number += 1;
    const isChosen = chosen?.ring === index && chosen.at === at;
    return [new Point(corner), { number: String(number), is_chosen: isChosen, away: awayFrom(ring, at, drawing.isClosed) }];
  })));
}

/** Outward at a corner, in pixels to the right and down, of length 1. */
function awayFrom(ring, at, isClosed) {
  if (!isClosed || ring.length < 3) return [0, -1];
  const [before, corner, after] = [ring.at(at - 1), ring[at], ring[(at + 1) % ring.length]];
  const way = turn(ring) > 0 ? 1 : -1;
  const normal = ([x, y], [east, north]) => {
    const length = Math.hypot(east - x, north - y) || 1;
    return [(way * (north - y)) / length, (-way * (east - x)) / length];
  };
  const [one, other] = [normal(before, corner), normal(corner, after)];
  const sum = [one[0] + other[0], one[1] + other[1]];
  const length = Math.hypot(...sum) || 1;
  return [sum[0] / length, -sum[1] / length];
}

export function showAlong(canvas, along, kind) {
  canvas.put("along", [...along.values()].map((rings) => [geometryOf(rings, kind) ?? new MultiPoint(rings.flat())]));
}
