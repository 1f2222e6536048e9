/* Shaping by mouse and finger: corners moved, added and taken away, new rings drawn, all of it snapping to what lies round. */
import { altKeyOnly, Collection, Draw, Feature, Modify, MultiLineString, MultiPolygon, never, Point, shiftKeyOnly, singleClick, Snap } from "../../../bundles/openlayers.js";
import { isInside, partsOf, ringsOf } from "./corners.js";
import { removeCorner } from "./corner-list.js";

const IS_COARSE = window.matchMedia("(pointer: coarse)").matches;
const REACH_PX = IS_COARSE ? 22 : 10;
const LONG_MS = 600;
const DRAWN = { area: "Polygon", line: "LineString", point: "Point" };

/** What OpenLayers draws of rings; null where they are too few corners. */
export function geometryOf(rings, kind) {
  if (kind === "point") return rings[0]?.[0] ? new Point(rings[0][0]) : null;
  if (kind === "line") return rings.some((one) => one.length > 1) ? new MultiLineString(rings.filter((one) => one.length > 1)) : null;
  const parts = partsOf(rings);
  return parts.length > 0 ? new MultiPolygon(parts.map((part) => part.map((ring) => [...ring, ring[0]]))) : null;
}

export class Shaping {
  /** `targets` are the sources that corners snap to, `traced` that whose edges a click with Shift follows; `preview(rings)` is called while one drags. */
  constructor(frame, canvas, drawing, { targets, traced, preview }) {
    Object.assign(this, { frame, canvas, drawing, traced, preview });
    this.own = new Feature();
    this.snapped = new Collection();
    this.targets = targets;
    this.draw = null;
    this.listen();
    drawing.addEventListener("change", () => this.show());
    this.show();
  }

  listen() {
    const { canvas, own } = this;
    const style = canvas.styles.pointer;
    this.modify = new Modify({ features: new Collection([own]), pixelTolerance: REACH_PX, style, deleteCondition: (event) => altKeyOnly(event) && singleClick(event) });
    this.modify.on("modifystart", () => { this.isShaping = true; });
    this.modify.on("modifyend", () => this.shaped());
    canvas.map.addInteraction(this.modify);
    this.snap = new Snap({ features: this.snapped, pixelTolerance: REACH_PX, intersection: true });
    canvas.map.addInteraction(this.snap);
    canvas.map.on("singleclick", ({ pixel }) => !this.draw && this.pick(pixel));
    this.listenToPressing(canvas.map.getViewport());
    for (const source of this.targets) source.on("change", () => this.gather());
  }

  gather() {
    clearTimeout(this.gathering);
    this.gathering = setTimeout(() => {
      this.snapped.clear();
      this.snapped.extend(this.targets.flatMap((source) => source.getFeatures()));
    });
  }

  show() {
    const { canvas, drawing, own } = this;
    const geometry = geometryOf(drawing.rings, drawing.kind);
    canvas.sources.own.clear(true);
    if (!geometry) return;
    geometry.on("change", () => this.isShaping && this.preview(this.ringsOf(geometry)));
    own.setGeometry(geometry);
    canvas.sources.own.addFeature(own);
  }

  ringsOf(geometry) {
    return ringsOf({ type: geometry.getType(), coordinates: geometry.getCoordinates() });
  }

  shaped() {
    this.isShaping = false;
    const before = this.drawing.rings;
    const after = this.ringsOf(this.own.getGeometry());
    this.drawing.change(after);
    const place = firstDifference(before, this.drawing.rings);
    if (place) this.drawing.select(place);
  }

  /** A corner under a finger or the mouse; null where none is. */
  cornerAt(pixel) {
    const near = this.drawing.spots.map((place) => ({ place, at: this.canvas.pixelOf(this.drawing.corner(place)) }));
    const away = ({ at }) => Math.hypot(at[0] - pixel[0], at[1] - pixel[1]);
    const nearest = near.sort((one, other) => away(one) - away(other))[0];
    return nearest && away(nearest) <= REACH_PX + 4 ? nearest.place : null;
  }

  pick(pixel) {
    this.drawing.select(this.cornerAt(pixel));
  }

  /** A long press, or the other button of the mouse, takes a corner away. */
  listenToPressing(viewport) {
    let timer = 0;
    const remove = (event) => {
      const place = this.draw ? null : this.cornerAt(this.canvas.map.getEventPixel(event));
      if (place) removeCorner(this.frame, this.drawing, place);
    };
    viewport.addEventListener("contextmenu", (event) => {
      event.preventDefault();
      if (!IS_COARSE) remove(event);
    });
    viewport.addEventListener("pointerdown", (event) => {
      clearTimeout(timer);
      if (event.pointerType !== "touch") return;
      const [x, y] = [event.clientX, event.clientY];
      const ended = new AbortController();
      timer = setTimeout(() => { ended.abort(); remove(event); }, LONG_MS);
      const stop = () => { clearTimeout(timer); ended.abort(); };
      viewport.addEventListener("pointermove", (other) => Math.hypot(other.clientX - x, other.clientY - y) > 8 && stop(), { signal: ended.signal });
      viewport.addEventListener("pointerup", stop, { signal: ended.signal });
    });
  }

  /** Draws a ring, a line or a point; `take(corners)` gets what was drawn. The same again ends it. */
  begin(take, kind = this.drawing.kind) {
    const had = this.draw;
    this.end();
    if (had) return false;
    this.draw = new Draw({ type: DRAWN[kind], style: this.canvas.styles.sketch, snapTolerance: REACH_PX, freehandCondition: never, trace: this.traced ? shiftKeyOnly : false, traceSource: this.traced ?? undefined, stopClick: true });
    this.draw.on("drawend", ({ feature }) => {
      const corners = this.ringsOf(feature.getGeometry())[0];
      setTimeout(() => { this.end(); take(corners); });
    });
    this.modify.setActive(false);
    this.canvas.map.removeInteraction(this.snap);
    this.canvas.map.addInteraction(this.draw);
    this.canvas.map.addInteraction(this.snap); // after what it leads
    return true;
  }

  end() {
    if (this.draw) this.canvas.map.removeInteraction(this.draw);
    this.draw = null;
    this.modify.setActive(true);
    this.onEnd?.();
  }

  /** Keys while one draws; whether it was one. */
  key(event) {
    if (!this.draw) return false;
    const acts = { Escape: () => this.end(), Backspace: () => this.draw.removeLastPoint(), Enter: () => this.draw.finishDrawing() };
    const act = acts[event.key] ?? (event.key === "z" && (event.ctrlKey || event.metaKey) ? acts.Backspace : null);
    act?.();
    return Boolean(act);
  }

  /** A further part, behind all that there is. */
  addPart(corners) {
    this.drawing.change([...this.drawing.rings, corners]);
  }

  /** A hole, behind the ring that it lies in; false where it lies in none. */
  addHole(corners) {
    const at = this.drawing.rings.findIndex((ring) => corners.every((corner) => isInside(corner, ring)));
    if (at >= 0) this.drawing.change(this.drawing.rings.toSpliced(at + 1, 0, corners));
    return at >= 0;
  }
}

function firstDifference(before, after) {
  for (const [ring, corners] of after.entries()) {
    const at = corners.findIndex(([x, y], place) => x !== before[ring]?.[place]?.[0] || y !== before[ring][place][1]);
    if (at >= 0) return { ring, at };
  }
  return null;
}

