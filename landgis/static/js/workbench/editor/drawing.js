/* What is drawn: its rings, the neighbours that move along, and what was before. The text of the form is its mirror. */
import { readCorners, rounded, writeCorners } from "./corners.js";
import { followed } from "./along.js";

/** `neighbours()` gives a map of ref to rings as they are in force; `field` is the text of the form, written in the `system` {select, srid} of the
   map: while the form says another one, nothing of the text is drawn. */
export class Drawing extends EventTarget {
  constructor({ field, system, places, kind, near, neighbours = () => new Map() }) {
    super();
    Object.assign(this, { field, system, places, kind, near, neighbours });
    this.movesAlong = true;
    this.leftOut = new Set();
    this.selected = null; // {ring, at}
    this.state = { rings: this.read() ?? [], text: field.value, along: new Map(), join: "" };
    this.before = [];
    this.after = [];
    field.addEventListener("input", () => this.typed());
    system.select?.addEventListener("change", () => this.typed());
  }

  /** The rings of the text; none while it is in another system, null where it cannot be read. */
  read() {
    const { select, srid } = this.system;
    return !select || Number(select.value) === srid ? readCorners(this.field.value) : [];
  }

  /** Into the form. */
  write({ text, rings }) {
    this.field.value = text;
    if (this.system.select && rings.length > 0) this.system.select.value = String(this.system.srid);
  }

  get rings() {
    return this.state.rings;
  }

  get along() {
    return this.state.along;
  }

  get isClosed() {
    return this.kind === "area";
  }

  /** Takes new rings; steps with the same `join` after each other are one to take back. */
  change(rings, { join = "" } = {}) {
    const kept = rings.map((ring) => ring.map((corner) => rounded(corner, this.places)));
    const along = this.alongFor(kept, join);
    this.step({ rings: kept, text: writeCorners(kept, this.places), along, join });
    this.write(this.state);
    this.dispatchEvent(new Event("drawn"));
    this.tell();
  }

  /** What would move along if the rings became these; of steps that are one to take back, from where the first began. */
  alongFor(rings, join = "") {
    const from = join && join === this.state.join ? this.before.at(-1) : this.state;
    const along = new Map(from.along);
    if (!this.movesAlong || this.kind === "point") return along;
    for (const [ref, inForce] of this.neighbours()) {
      if (this.leftOut.has(ref)) continue;
      const found = followed(from.rings, rings, along.get(ref) ?? inForce, this.near);
      if (found) along.set(ref, found);
    }
    return along;
  }

  typed() {
    const rings = this.read();
    if (rings) this.step({ rings, text: this.field.value, along: this.alongFor(rings, "typed"), join: "typed" });
    this.tell();
  }

  step(state) {
    if (!state.join || state.join !== this.state.join) this.before.push(this.state);
    this.state = state;
    this.after = [];
  }

  undo() {
    this.go(this.before, this.after);
  }

  redo() {
    this.go(this.after, this.before);
  }

  go(from, to) {
    if (from.length === 0) return;
    to.push({ ...this.state, join: "" });
    this.state = { ...from.pop(), join: "" };
    this.write(this.state);
    this.tell();
  }

  /** A neighbour as a form has it that was kept on the device. */
  restore(ref, rings) {
    this.step({ ...this.state, along: new Map(this.along).set(ref, rings), join: "typed" });
    this.tell();
  }

  /** Lets a neighbour stay as it is, or move along again. */
  leave(ref, isLeft) {
    if (isLeft) this.leftOut.add(ref);
    else this.leftOut.delete(ref);
    const along = new Map(this.along);
    if (isLeft) along.delete(ref);
    this.step({ ...this.state, along, join: "" });
    this.tell();
  }

  tell() {
    if (this.selected && !this.corner(this.selected)) this.selected = null;
    this.dispatchEvent(new Event("change"));
  }

  // Single corners

  corner({ ring, at }) {
    return this.rings[ring]?.[at];
  }

  select(place) {
    this.selected = place;
    this.dispatchEvent(new Event("select"));
  }

  /** All places {ring, at} in the order of their numbers, the first is 1. */
  get spots() {
    return this.rings.flatMap((ring, index) => ring.map((_corner, at) => ({ ring: index, at })));
  }

  numberOf(place) {
    return this.spots.findIndex(({ ring, at }) => ring === place.ring && at === place.at) + 1;
  }

  move(place, corner, options) {
    this.change(this.rings.map((ring, index) => (index === place.ring ? ring.map((one, at) => (at === place.at ? corner : one)) : ring)), options);
  }

  /** Behind a place, or at the end of what there is; the new corner is selected. */
  insert(place, corner) {
    const rings = this.rings.length > 0 ? this.rings.map((ring) => [...ring]) : [[]];
    const { ring, at } = place ?? { ring: rings.length - 1, at: rings.at(-1).length - 1 };
    rings[ring].splice(at + 1, 0, corner);
    this.selected = { ring, at: at + 1 };
    this.change(rings);
    this.select(this.selected);
  }

  /** False where too few would be left. */
  remove({ ring, at }) {
    if (this.rings[ring].length <= { area: 3, line: 2, point: 1 }[this.kind]) return false;
    this.change(this.rings.map((one, index) => (index === ring ? one.filter((_corner, place) => place !== at) : one)));
    return true;
  }
}
