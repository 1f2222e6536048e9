/* The neighbours that move along: listed, each can be left out, and written into the form's own fields. */
import { element } from "../../lib/dom.js";
import { readCorners, writeCorners } from "./corners.js";

export class AlongList {
  constructor(frame, form, drawing, ground) {
    Object.assign(this, { form, drawing, ground, words: frame.words });
    this.switch = element("input", { type: "checkbox", checked: true });
    this.switch.addEventListener("change", () => { drawing.movesAlong = this.switch.checked; });
    this.list = element("ul", { className: "editor__along" });
    this.text = element("p", { className: "small soft" }, this.words.along_none);
    this.fields = element("div", { hidden: true });
    form.append(this.fields);
    frame.box(this.words.along, "editor__box--along", element("label", { className: "form__tick" }, this.switch, element("span", {}, this.words.move_along)), this.text, this.list);
    this.bases = new Map(); // of what was kept on the device: the revision that was seen then
    form.addEventListener("input", ({ target }) => this.adopt(target));
    drawing.addEventListener("change", () => this.show());
    ground.addEventListener("change", () => this.show()); // what was put back may come before the neighbours
  }

  /** What the outbox puts back into the form is drawn, and has no second field. */
  adopt(field) {
    const [, kind, ref] = /^(along|base)-(.+)$/.exec(field.name ?? "") ?? [];
    if (!kind) return;
    if (kind === "base") this.bases.set(ref, field.value);
    const rings = kind === "along" ? readCorners(field.value) : null;
    if (!this.fields.contains(field)) field.remove();
    if (rings) this.drawing.restore(ref, rings);
    else this.show();
  }

  show() {
    const { drawing, ground } = this;
    const refs = [...new Set([...drawing.along.keys(), ...drawing.leftOut])].filter((ref) => ground.known.has(ref));
    this.text.hidden = refs.length > 0;
    const listed = refs.join();
    if (listed !== this.listed) this.list.replaceChildren(...refs.map((ref) => this.line(ref)));
    this.listed = listed;
    this.fields.replaceChildren(...[...drawing.along].flatMap(([ref, rings]) => [
      element("textarea", { name: `along-${ref}`, value: writeCorners(rings, drawing.places) }),
      element("input", { name: `base-${ref}`, value: this.bases.get(ref) ?? ground.known.get(ref)?.revision ?? "" }),
    ]));
  }

  line(ref) {
    const tick = element("input", { type: "checkbox", checked: !this.drawing.leftOut.has(ref) });
    tick.addEventListener("change", () => this.drawing.leave(ref, !tick.checked));
    const title = this.ground.known.get(ref).title || ref;
    return element("li", {}, element("label", { className: "form__tick" }, tick, element("span", {}, title, " ", element("span", { className: "soft small" }, ref))));
  }
}
