/* A surveyor's file under the map of the editor: its shapes are drawn, corners snap to them, and one of them is taken over. Nothing else of it is kept. */
import { element } from "../../lib/dom.js";
import { filled } from "../../lib/values.js";
import { readCorners } from "../editor/corners.js";

const OTHER = "other"; // none of the readings that were found, as the form of a file has it

export class Underlay {
  /** `host` gets the controls; `form` is that of the feature. */
  constructor({ host, config, form, frame, canvas, drawing }) {
    Object.assign(this, { config, form, frame, canvas, drawing, words: frame.words });
    const { words } = this;
    this.note = element("p", { className: "editor__state", role: "status" });
    this.file = element("input", { type: "file", name: "file", multiple: true, required: true });
    this.answers = element("div", {});
    this.list = element("ul", { className: "editor__shapes" });
    this.away = element("button", { type: "button", className: "button", hidden: true }, words.survey_away);
    this.away.addEventListener("click", () => this.lay([]));
    const own = element(
      "form",
      {},
      element("label", { className: "edit__cell" }, element("span", { className: "small" }, filled(words.survey_file, { most: config.survey.most_mb })), this.file),
      this.answers,
      element("div", { className: "edit__keys" }, element("button", { type: "submit", className: "button" }, words.survey_read), this.away),
    );
    own.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(new FormData(own));
    });
    this.file.addEventListener("change", () => this.answers.replaceChildren());
    host.append(own, this.note, this.list);
  }

  async ask(said) {
    this.say("", "");
    said.set("plane", this.config.srid);
    this.note.setAttribute("aria-busy", "true");
    try {
      const headers = { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value, Accept: "application/json" };
      const answer = await fetch(this.config.survey.shapes, { method: "POST", body: said, headers, redirect: "error" });
      if (!(answer.headers.get("Content-Type") ?? "").includes("json")) throw new Error(`${answer.status}`);
      this.show(await answer.json());
    } catch {
      this.say(this.words.survey_failed, "stop");
    }
    this.note.removeAttribute("aria-busy");
  }

  show({ error, detail, title, asked = [], systems = [], shapes = [], system, is_cut: isCut }) {
    const { words } = this;
    this.answers.replaceChildren(...asked.map((one) => this.question(one, systems)));
    this.lay(shapes);
    if (error || detail || title) return this.say(error || detail || title, "stop");
    if (asked.length > 0) return this.say(words.survey_asked, "warn");
    const told = [filled(words.survey_system, { system }), ...(shapes.length === 0 ? [words.survey_none] : isCut ? [words.survey_cut] : [])];
    return this.say(told.join(" "), "");
  }

  say(text, kind) {
    this.note.textContent = text;
    this.note.dataset.kind = kind;
  }

  /** What the file leaves open: a choice of what is known; of coordinates also any other system. */
  question({ code, text, name, choices }, systems) {
    const legend = element("legend", {}, text);
    if (code === "geometry") return element("fieldset", { className: "edit__rows" }, legend, element("a", { href: this.config.survey.page }, this.words.survey_page));
    const lines = choices.map(({ value, label }) => tick(name, value, label));
    if (name === "reading") {
      if (lines.length > 0) lines.push(tick(name, OTHER, this.words.survey_other));
      const options = systems.map(([value, label]) => element("option", { value }, label));
      lines.push(element("select", { name: "srid", "aria-label": this.words.survey_other }, element("option", { value: "" }, "–"), ...options));
    }
    return element("fieldset", { className: "edit__rows" }, legend, ...lines);
  }

  // Shapes

  lay(shapes, chosen = null) {
    this.shapes = shapes;
    this.away.hidden = shapes.length === 0;
    this.canvas.put("under", shapes.map((one) => [this.canvas.read(one.shape), { is_chosen: one === chosen }]));
    if (!chosen) this.list.replaceChildren(...shapes.map((one) => this.line(one)));
  }

  line(one) {
    const lead = element("button", { type: "button", className: "editor__lead" }, element("strong", {}, one.name), ...[one.size, one.away].filter(Boolean).map((text) => ` · ${text}`));
    lead.addEventListener("click", () => {
      this.lay(this.shapes, one);
      this.canvas.fit(this.canvas.read(one.shape).getExtent());
    });
    const isCorner = one.shape.type === "Point" && this.drawing.kind !== "point";
    const act = isCorner ? () => this.drawing.insert(this.drawing.selected, one.shape.coordinates) : one.text ? () => this.drawing.change(readCorners(one.text)) : null;
    if (!act) return element("li", {}, lead);
    const label = isCorner ? this.words.add : this.words.survey_take;
    const take = element("button", { type: "button", className: "button", "aria-label": `${label}: ${one.name}` }, label);
    take.addEventListener("click", () => {
      act();
      this.frame.say(filled(this.words.survey_taken, { name: one.name }));
    });
    return element("li", {}, lead, take);
  }
}

function tick(name, value, label) {
  return element("label", { className: "form__tick" }, element("input", { type: "radio", name, value }), element("span", {}, label));
}
