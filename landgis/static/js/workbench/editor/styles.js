/* How the layers of the editor look. Ground is dark and light side by side: each line has a rim of the other kind. */
import { Circle, Fill, LineString, MultiPoint, Point, RegularShape, Stroke, Style, Text } from "../../../bundles/openlayers.js";
import { lengthOf, ringsOf } from "./corners.js";

const FONT = '"Be Vietnam Pro", system-ui, sans-serif';
const ROOM_PX = 44; // of a side that is lettered with its length
const NAMED_M = 1.2; // a pixel: farther out numbers of neighbours cover each other

/** The colours of the style sheet: no script names one. */
function colours() {
  const style = getComputedStyle(document.documentElement);
  const named = (name) => style.getPropertyValue(`--${name}`).trim();
  return { own: named("item-change"), along: named("item-repair"), stop: named("item-trouble"), before: named("item-retire"), chosen: named("item-add"), ink: named("ink"), paper: named("surface"), soft: named("ink-soft"), note: named("note-line"), survey: named("item-survey") };
}

const faded = (colour, share) => `${colour}${Math.round(share * 255).toString(16).padStart(2, "0")}`;

export function styles(canvas) {
  const colour = colours();
  const word = (text, options = {}) => new Text({ text, font: `600 13px ${FONT}`, fill: new Fill({ color: colour.ink }), stroke: new Stroke({ color: faded(colour.paper, 0.9), width: 3.5 }), overflow: true, ...options });
  const cased = (line, width, { dash, fill } = {}) => [
    new Style({ stroke: new Stroke({ color: faded(colour.paper, 0.85), width: width + 2.5 }), fill: fill && new Fill({ color: fill }) }),
    new Style({ stroke: new Stroke({ color: line, width, lineDash: dash }) }),
  ];
  const dot = (radius, fill, line, width = 2) => new Circle({ radius, fill: new Fill({ color: fill }), stroke: new Stroke({ color: line, width }) });
  const metresAPixel = (resolution) => resolution * canvas.unit;

  const neighbour = (feature, resolution) => {
    const isElsewhere = feature.get("is_elsewhere") || feature.get("is_draft");
    const line = new Style({ stroke: new Stroke({ color: faded(colour.ink, 0.55), width: 3 }) });
    const light = new Style({ stroke: new Stroke({ color: faded(colour.paper, 0.95), width: 1.4, lineDash: isElsewhere ? [6, 4] : undefined }), fill: new Fill({ color: faded(colour.paper, 0.06) }), image: dot(5, colour.paper, colour.ink) });
    if (metresAPixel(resolution) < NAMED_M) light.setText(word(feature.get("number"), { font: `500 12px ${FONT}` }));
    return [line, light];
  };
  const other = (feature, resolution) => {
    const style = new Style({ stroke: new Stroke({ color: faded(colour.note, 0.9), width: 1.2, lineDash: [2, 4] }), image: dot(3, colour.note, colour.ink, 1) });
    if (metresAPixel(resolution) < NAMED_M / 3) style.setText(word(feature.get("number"), { font: `400 11px ${FONT}`, fill: new Fill({ color: colour.soft }), offsetY: 14 }));
    return style;
  };
  const side = (feature, resolution) => {
    const ends = feature.getGeometry().getCoordinates();
    const isChosen = feature.get("is_chosen");
    const found = isChosen ? cased(colour.chosen, 5) : [];
    if (lengthOf(ends) / resolution >= ROOM_PX) found.push(new Style({ text: word(feature.get("length"), { placement: "line", font: `500 12px ${FONT}`, textBaseline: "bottom", offsetY: -3 }) }));
    return found;
  };
  const corner = (feature) => {
    const isChosen = feature.get("is_chosen");
    const shape = isChosen ? dot(8, colour.own, colour.paper, 2.5) : dot(5, colour.paper, colour.own);
    const [right, down] = feature.get("away") ?? [0, -1];
    return new Style({ image: shape, zIndex: isChosen ? 2 : 1, text: word(feature.get("number"), { offsetX: right * 16, offsetY: down * 16, font: `600 12px ${FONT}`, fill: new Fill({ color: colour.own }) }) });
  };
  const mark = (feature) => {
    const isStop = feature.get("severity") === "stop";
    const image = new RegularShape({ points: 3, radius: 14, fill: new Fill({ color: isStop ? colour.stop : colour.note }), stroke: new Stroke({ color: colour.paper, width: 2 }) });
    return new Style({ image, text: new Text({ text: "!", font: `700 13px ${FONT}`, offsetY: 2, fill: new Fill({ color: isStop ? colour.paper : colour.ink }) }) });
  };
  const child = (feature) => {
    const tints = [colour.chosen, colour.along, colour.own, colour.before];
    const tint = tints[feature.get("at") % tints.length];
    const [line, colourLine] = cased(tint, 3, { fill: faded(tint, 0.28) });
    return [line, colourLine, new Style({ text: word(feature.get("told"), { font: `600 14px ${FONT}` }) })];
  };
  const under = (feature) => {
    const isChosen = feature.get("is_chosen");
    return [...cased(colour.survey, isChosen ? 4 : 2, { fill: isChosen ? faded(colour.survey, 0.14) : undefined }), new Style({ image: dot(3.5, colour.paper, colour.survey), geometry: spotsOf })];
  };
  return {
    others: other,
    neighbours: neighbour,
    before: new Style({ stroke: new Stroke({ color: faded(colour.before, 0.9), width: 1.6, lineDash: [7, 5] }) }),
    under,
    children: child,
    own: [...cased(colour.own, 3, { fill: faded(colour.own, 0.14) }), new Style({ image: dot(8, colour.own, colour.paper, 2.5) })],
    along: cased(colour.along, 2.5, { dash: [8, 4] }),
    chosen: cased(colour.chosen, 3, { fill: faded(colour.chosen, 0.28) }),
    sides: side,
    line: cased(colour.stop, 3),
    corners: corner,
    marks: mark,
    pointer: new Style({ image: dot(7, faded(colour.own, 0.35), colour.own), geometry: pointOf }),
    sketch: [...cased(colour.own, 2.5, { dash: [6, 5], fill: faded(colour.own, 0.1) }), new Style({ image: dot(6, colour.paper, colour.own), geometry: cornersOf })],
  };
}

function spotsOf(feature) {
  const geometry = feature.getGeometry();
  return new MultiPoint(ringsOf({ type: geometry.getType(), coordinates: geometry.getCoordinates() }).flat());
}

function pointOf(feature) {
  const geometry = feature.getGeometry();
  return geometry.getType() === "Point" ? new Point(geometry.getCoordinates()) : null;
}

function cornersOf(feature) {
  const geometry = feature.getGeometry();
  const at = geometry.getCoordinates();
  if (geometry.getType() === "Point") return geometry;
  return new MultiPoint(geometry instanceof LineString ? at : at.flat());
}
