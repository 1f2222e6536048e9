/* What would come of a split or merge, drawn and listed as the server computed it. */
import { element } from "../../lib/dom.js";

export class Children {
  constructor(frame, canvas, checks) {
    Object.assign(this, { frame, canvas, checks });
    this.list = element("ol", { className: "editor__children" });
    frame.box(frame.words.children, "editor__box--children", this.list);
    checks.addEventListener("change", ({ detail }) => !detail.isAsking && !detail.hasFailed && this.show(checks.told.children ?? []));
  }

  show(children) {
    this.canvas.put("children", children.filter(({ shape }) => shape).map(({ shape, number, area }, at) => [this.canvas.read(shape), { at, told: `${number}\n${area}` }]));
    this.list.replaceChildren(...children.map(({ number, area }, at) => element("li", { className: `editor__child editor__child--${at % 4}` }, element("strong", {}, number), " ", area)));
  }
}
