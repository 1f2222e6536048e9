/* The frame of the editor: tools above the map, and beside it what the checks say, what moves along, the corners. */
import { element } from "../../lib/dom.js";

const DRAWINGS = {
  undo: "M9 5L4 10l5 5M4 10h9a5 5 0 0 1 0 10h-2",
  redo: "M15 5l5 5-5 5M20 10h-9a5 5 0 0 0 0 10h2",
  part: "M4 7l7-3 6 5-4 8-8-2zM19 15v6M16 18h6",
  hole: "M4 5l16-1 1 15-16 2zM9 10h6v5H9z",
  remove: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  line: "M4 20L20 4M3 15l6 6M15 3l6 6",
  delete: "M5 12h14",
};

function icon(name) {
  const image = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", class: "editor__icon" })) image.setAttribute(key, value);
  path.setAttribute("d", DRAWINGS[name]);
  image.append(path);
  return image;
}

export class Frame {
  constructor(host, side, config) {
    this.words = config.words;
    this.tools = element("div", { className: "editor__tools", role: "group", "aria-label": this.words.tools });
    this.canvas = element("div", { className: "editor__map", id: "editor-map", tabIndex: 0, role: "application", "aria-label": this.words.map, "aria-describedby": "editor-help" });
    this.note = element("p", { className: "editor__note", role: "status" });
    this.help = element("p", { className: "editor__help small soft", id: "editor-help" });
    this.status = element("p", { className: "editor__status visually-hidden", role: "status", "aria-live": "polite" });
    this.side = side;
    host.append(this.tools, element("div", { className: "editor__ground" }, this.canvas, this.note, this.sceneChoice()), this.help, this.status);
    host.hidden = false;
    side.hidden = false;
  }

  sceneChoice() {
    this.scene = element("select", { id: "editor-scene" }, element("option", { value: "" }, this.words.no_scene));
    return element("label", { className: "editor__scene" }, element("span", {}, this.words.scene), this.scene);
  }

  /** The days to choose from; `chosen` is the name of a scene, or "". */
  offerScenes(scenes, chosen) {
    this.scene.prepend(...scenes.map(({ name, acquired }) => element("option", { value: name }, acquired)));
    this.scene.value = chosen;
  }

  /** A button of the tools; `act` is called when it is pressed. */
  tool(name, act, { isSwitch = false, label = this.words[name], text = "" } = {}) {
    const button = element("button", { type: "button", className: "editor__tool", title: label, "aria-label": label }, icon(name), ...(text ? [element("span", {}, text)] : []));
    if (isSwitch) button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", act);
    this.tools.append(button);
    return button;
  }

  /** A box beside the map with a heading. */
  box(heading, className, ...children) {
    const title = element("h2", { className: "editor__heading" }, heading);
    const box = element("section", { className: `editor__box ${className}` }, title, ...children);
    this.side.append(box);
    return box;
  }

  /** Said to whoever does not see the map. */
  say(text) {
    this.status.textContent = "";
    requestAnimationFrame(() => { this.status.textContent = text; });
  }
}
