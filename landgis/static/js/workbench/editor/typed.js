/* Corners by numbers: by coordinates, by bearing and distance, by two distances from corners that are known. */
import { element } from "../../lib/dom.js";
import { readNumber } from "./corners.js";

/** Degrees from 105.5, 105°30', 105 30 00; NaN for anything else. */
export function readBearing(text) {
  const words = text.trim().split(/[°'′"″\s]+/).filter(Boolean).map(readNumber);
  if (words.length === 0 || words.length > 3 || words.some((one) => !(one >= 0))) return NaN;
  return words.reduce((sum, one, at) => sum + one / 60 ** at, 0);
}

/** From a corner, at a bearing from north over east and a distance in units of the plane. */
export function atBearing([east, north], degrees, distance) {
  const angle = (degrees * Math.PI) / 180;
  return [east + distance * Math.sin(angle), north + distance * Math.cos(angle)];
}

/** Where two distances meet, to the left or right of the way from the one to the other; null where they do not. */
export function atDistances(one, first, other, second, isLeft) {
  const [wide, high] = [other[0] - one[0], other[1] - one[1]];
  const base = Math.hypot(wide, high);
  const way = (first ** 2 - second ** 2 + base ** 2) / (2 * base);
  const square = first ** 2 - way ** 2;
  if (!(base > 0) || !(square >= 0)) return null;
  const off = (isLeft ? 1 : -1) * Math.sqrt(square);
  return [one[0] + (way * wide - off * high) / base, one[1] + (way * high + off * wide) / base];
}

export class Typed {
  constructor(frame, canvas, drawing) {
    Object.assign(this, { frame, canvas, drawing, words: frame.words });
    const { words } = this;
    this.fields = {};
    this.note = element("p", { className: "form__error", role: "alert", hidden: true });
    const place = this.group(words.by_numbers, [["north", "X"], ["east", "Y"]], [[words.go, () => this.go()], [words.add, () => this.add(this.place())], [words.put, () => this.put(this.place())]]);
    const away = this.group(words.by_bearing, [["from", words.from_corner], ["bearing", words.bearing], ["distance", words.distance]], [[words.add, () => this.add(this.away())]]);
    const both = this.group(words.by_distances, [["one", words.from_corner], ["first", words.distance], ["other", words.and_corner], ["second", words.distance]], [[words.add_left, () => this.add(this.both(true))], [words.add_right, () => this.add(this.both(false))]]);
    const fold = element("details", { className: "editor__typed" }, element("summary", {}, words.typed), this.note, place, away, both);
    frame.side.append(element("section", { className: "editor__box" }, fold));
    drawing.addEventListener("select", () => this.follow());
  }

  group(legend, fields, acts) {
    const inputs = fields.map(([name, label]) => {
      this.fields[name] = element("input", { autocomplete: "off", inputMode: "decimal" });
      return element("label", { className: "edit__cell" }, element("span", { className: "small" }, label), this.fields[name]);
    });
    const buttons = acts.map(([label, act]) => {
      const button = element("button", { type: "button", className: "button" }, label);
      button.addEventListener("click", act);
      return button;
    });
    const group = element("fieldset", { className: "edit__rows" }, element("legend", {}, legend), element("div", { className: "edit__row" }, ...inputs), element("div", { className: "edit__keys" }, ...buttons));
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault(); // the form is not meant
      buttons.at(-1 - (buttons.length > 2)).click();
    });
    return group;
  }

  /** The corner that is chosen on the map is the one from which is measured. */
  follow() {
    if (this.drawing.selected) this.fields.from.value = this.fields.one.value = String(this.drawing.numberOf(this.drawing.selected));
  }

  number(name) {
    return readNumber(this.fields[name].value.trim());
  }

  known(name) {
    const place = this.drawing.spots[this.number(name) - 1];
    return place ? this.drawing.corner(place) : [NaN, NaN];
  }

  place() {
    return [this.number("east"), this.number("north")];
  }

  away() {
    return atBearing(this.known("from"), readBearing(this.fields.bearing.value), this.number("distance") / this.canvas.unit);
  }

  both(isLeft) {
    const found = atDistances(this.known("one"), this.number("first") / this.canvas.unit, this.known("other"), this.number("second") / this.canvas.unit, isLeft);
    return found ?? [NaN, NaN];
  }

  isGood(place) {
    const isGood = place.every(Number.isFinite);
    this.note.hidden = isGood;
    this.note.textContent = isGood ? "" : this.words.not_a_place;
    return isGood;
  }

  go() {
    if (this.isGood(this.place())) this.canvas.goTo(this.place());
  }

  add(place) {
    if (!this.isGood(place)) return;
    if (this.drawing.kind === "point") this.drawing.change([[place]]);
    else this.drawing.insert(this.drawing.selected, place);
    this.canvas.goTo(place);
  }

  put(place) {
    if (!this.isGood(place)) return;
    if (this.drawing.selected) this.drawing.move(this.drawing.selected, place);
    else if (this.drawing.kind === "point") this.drawing.change([[place]]);
    this.canvas.goTo(place);
  }
}
