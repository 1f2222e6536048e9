/* The corners as a list that keys work: up and down choose, Enter takes hold, arrows then move the corner on the ground. */
import { element } from "../../lib/dom.js";
import { filled } from "../../lib/values.js";
import { lengthOf, sidesOf, writeNumber } from "./corners.js";
import { lengthText } from "./lengths.js";

const ARROWS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] };

/** How far an arrow moves (metres): 10 cm, with Shift 1 m, with Alt or Ctrl 1 cm. */
function step({ shiftKey, altKey, ctrlKey }) {
  return shiftKey ? 1 : altKey || ctrlKey ? 0.01 : 0.1;
}

/** The corner an arrow key moves the chosen one to, or null where the key is none. */
export function nudged(event, corner, unit) {
  const way = ARROWS[event.key];
  if (!way || event.metaKey) return null;
  const size = step(event) / unit;
  return [corner[0] + way[0] * size, corner[1] + way[1] * size];
}

export class CornerList {
  constructor(frame, canvas, drawing) {
    Object.assign(this, { frame, canvas, drawing, words: frame.words, isHeld: false });
    this.list = element("ul", { className: "editor__corners", role: "listbox", tabIndex: 0, "aria-label": this.words.corners, "aria-describedby": "editor-keys" });
    const keys = element("p", { className: "small soft", id: "editor-keys" }, this.words.keys);
    frame.box(this.words.corners, "editor__box--corners", keys, this.list);
    this.list.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("blur", () => this.hold(false));
    this.list.addEventListener("click", (event) => this.picked(event.target.closest("[role=option]")));
    drawing.addEventListener("change", () => this.show());
    drawing.addEventListener("select", () => this.mark());
    this.show();
  }

  show() {
    const { drawing } = this;
    const sides = new Map(sidesOf(drawing.rings, drawing.isClosed).map((side) => [`${side.ring} ${side.at}`, lengthText(lengthOf(side.ends), this.canvas)]));
    const lines = drawing.spots.map((place, index) => {
      const [east, north] = drawing.corner(place);
      const length = sides.get(`${place.ring} ${place.at}`) ?? "";
      const option = element("li", { role: "option", id: `editor-corner-${index + 1}`, "aria-selected": "false" }, ...[String(index + 1), writeNumber(north, drawing.places), writeNumber(east, drawing.places), length].map((text) => element("span", {}, text)));
      option.place = place;
      return option;
    });
    this.list.replaceChildren(...lines);
    this.mark();
  }

  mark() {
    const chosen = this.drawing.selected;
    const number = chosen ? this.drawing.numberOf(chosen) : 0;
    for (const [at, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(at + 1 === number));
      if (at + 1 === number) {
        const { offsetTop, offsetHeight } = option;
        if (offsetTop < this.list.scrollTop || offsetTop + offsetHeight > this.list.scrollTop + this.list.clientHeight) this.list.scrollTop = offsetTop - this.list.clientHeight / 2;
      }
    }
    if (number) this.list.setAttribute("aria-activedescendant", `editor-corner-${number}`);
    else this.list.removeAttribute("aria-activedescendant");
  }

  picked(option) {
    if (!option) return;
    this.drawing.select(option.place);
    this.bring(option.place);
  }

  /** Moves the map where the corner would not be seen. */
  bring(place) {
    const corner = this.drawing.corner(place);
    const [x, y] = this.canvas.pixelOf(corner) ?? [-1, -1];
    const [wide, high] = this.canvas.map.getSize() ?? [0, 0];
    if (x < 20 || y < 20 || x > wide - 20 || y > high - 20) this.canvas.goTo(corner);
  }

  choose(number) {
    const place = this.drawing.spots[number - 1];
    if (!place) return;
    this.drawing.select(place);
    this.bring(place);
  }

  hold(isHeld) {
    this.isHeld = isHeld;
    this.list.classList.toggle("editor__corners--held", isHeld);
    if (isHeld) this.frame.say(filled(this.words.held, { number: this.drawing.numberOf(this.drawing.selected) }));
  }

  pressed(event) {
    const { drawing } = this;
    const chosen = drawing.selected;
    const number = chosen ? drawing.numberOf(chosen) : 0;
    const acts = {
      ArrowDown: () => this.choose(number + 1),
      ArrowUp: () => this.choose(Math.max(1, number - 1)),
      Home: () => this.choose(1),
      End: () => this.choose(drawing.spots.length),
      Enter: () => chosen && this.hold(!this.isHeld),
      " ": () => chosen && this.hold(!this.isHeld),
      Escape: () => this.hold(false),
      Delete: () => chosen && removeCorner(this.frame, drawing, chosen),
      Insert: () => chosen && addBehind(this.frame, drawing, chosen),
      "+": () => chosen && addBehind(this.frame, drawing, chosen),
    };
    const to = this.isHeld && chosen ? nudged(event, drawing.corner(chosen), this.canvas.unit) : null;
    if (!to && (!acts[event.key] || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (to) moveCorner(this.frame, drawing, chosen, to);
    else acts[event.key]();
  }
}

/** Moves a corner by a key, and says where it is; presses of one corner are one step to take back. */
export function moveCorner(frame, drawing, place, to) {
  const number = drawing.numberOf(place);
  drawing.move(place, to, { join: `keys ${number}` });
  const [east, north] = drawing.corner(place);
  frame.say(filled(frame.words.moved, { number, north: writeNumber(north, drawing.places), east: writeNumber(east, drawing.places) }));
}

export function removeCorner(frame, drawing, place) {
  const number = drawing.numberOf(place);
  const isGone = drawing.remove(place);
  frame.say(isGone ? filled(frame.words.removed, { number }) : frame.words.too_few);
  if (isGone) drawing.select(drawing.spots[Math.min(number, drawing.spots.length) - 1] ?? null);
}

/** A corner halfway to the next one. */
export function addBehind(frame, drawing, { ring, at }) {
  const corners = drawing.rings[ring];
  const [one, other] = [corners[at], corners[(at + 1) % corners.length]];
  drawing.insert({ ring, at }, [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2]);
  frame.say(filled(frame.words.added, { number: drawing.numberOf(drawing.selected) }));
}
