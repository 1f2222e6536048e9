/* What the checks say, beside the map and at its place. */
import { element } from "../../lib/dom.js";
import { Point } from "../../../bundles/openlayers.js";

export class Findings {
  constructor(frame, canvas, checks) {
    Object.assign(this, { frame, canvas, checks });
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
    const { error, issues, ...told } = this.checks.told;
    this.measured(told);
    const stops = issues.filter(({ severity }) => severity === "stop").length;
    const counted = words.found.replace("{count}", issues.length);
    this.write(error || (issues.length > 0 ? counted : words.nothing_found), error || stops > 0 ? "stop" : issues.length > 0 ? "warn" : "good");
    this.list.replaceChildren(...issues.map((issue) => this.line(issue)));
    this.canvas.put("marks", issues.filter(({ at }) => at).map(({ at, severity }) => [new Point(at), { severity }]));
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

  line({ severity, message, remedy, at }) {
    const text = [element("strong", {}, message), " ", remedy ?? ""];
    const shown = at ? element("button", { type: "button", className: "editor__lead" }, ...text) : element("p", {}, ...text);
    if (at) shown.addEventListener("click", () => this.canvas.goTo(at));
    return element("li", { className: `editor__issue editor__issue--${severity}` }, shown);
  }
}
