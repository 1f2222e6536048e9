/* What the checks say, beside the map and at its place. */
import { element } from "../../lib/dom.js";
import { Point } from "../../../bundles/openlayers.js";

export class Findings {
  constructor(frame, canvas, checks, { form, ground }) {
    Object.assign(this, { frame, canvas, checks, form, ground });
    this.list = element("ul", { className: "editor__issues" });
    this.figures = element("dl", { className: "editor__figures" });
    this.state = element("p", { className: "editor__state", role: "status" });
    frame.box(frame.words.checks, "editor__box--checks", this.figures, this.state, this.list);
    checks.addEventListener("change", ({ detail }) => this.show(detail));
  }

  show({ isAsking, hasFailed }) {
    const { words } = this.frame;
    if (isAsking) return this.state.setAttribute("aria-busy", "true");
    this.state.removeAttribute("aria-busy");
    if (hasFailed) return this.write(words.checks_failed, "stop");
    const { error, error_at: wrong, ...told } = this.checks.told;
    const issues = told.issues.filter((issue) => this.isAsked(issue));
    this.measured(told);
    const stops = issues.filter(({ severity }) => severity === "stop").length;
    const counted = words.found.replace("{count}", issues.length);
    const good = this.form.elements.corners?.value.trim() === "" ? words.nothing_drawn : words.nothing_found;
    this.write(error || (issues.length > 0 ? counted : good), error || stops > 0 ? "stop" : issues.length > 0 || good === words.nothing_drawn ? "warn" : "good");
    this.list.replaceChildren(...issues.map((issue) => this.line(issue)));
    const marks = [...(wrong ? [{ at: wrong, severity: "stop" }] : []), ...issues.filter(({ at }) => at)];
    this.canvas.put("marks", marks.map(({ at, severity }) => [new Point(at), { severity }]));
    return undefined;
  }

  write(text, kind) {
    this.state.textContent = text;
    this.state.dataset.kind = kind;
  }

  measured({ legal, area, difference, tolerance, perimeter }) {
    const { words } = this.frame;
    const told = { legal, area, difference, tolerance, perimeter };
    const lines = Object.entries(told).filter(([, text]) => text);
    this.figures.replaceChildren(...lines.map(([name, text]) => element("div", {}, element("dt", {}, words[`figure_${name}`]), element("dd", {}, text))));
  }

  /** The areas of the parts are asked once they are in the form. */
  isAsked({ field }) {
    return !/^child-\d+$/.test(field ?? "") || this.form.elements[field.replace("child", "legal")] !== undefined;
  }

  line({ severity, message, remedy, at: place, ref }) {
    const other = this.ground.known.get(ref);
    const at = place ?? other?.rings[0]?.[0];
    const text = [...(other ? [`${other.title}: `] : []), element("strong", {}, message), " ", remedy ?? ""];
    const shown = at ? element("button", { type: "button", className: "editor__lead" }, ...text) : element("p", {}, ...text);
    if (at) shown.addEventListener("click", () => this.canvas.goTo(at));
    return element("li", { className: `editor__issue editor__issue--${severity}` }, shown);
  }
}
