/* One box for all tools of the map: first the list of them, then the one that was chosen. One button opens it. */
import { element, isWide } from "../lib/dom.js";
import { icon } from "./icons.js";

/** A control of MapLibre. A tool is {name, title, bring}: `bring()` resolves to what opens it in {body, ...about} and gives
    what ends it. A reader who opens no tool never loads one. */
export class ToolBox {
  constructor(tools, about) {
    this.tools = tools;
    this.about = about;
    this.frame = about.frame;
    this.end = null;
    const { messages } = about.config;
    this.title = element("h2", { id: "tools-title" });
    this.back = element("button", { type: "button", className: "card__close", textContent: "‹", "aria-label": messages.all_tools, onclick: () => this.list() });
    const close = element("button", { type: "button", className: "card__close", textContent: "×", "aria-label": messages.close, onclick: () => this.close() });
    this.body = element("div", { className: "tools__body" });
    const head = element("div", { className: "card__head" }, this.back, this.title, close);
    this.box = element("section", { className: "card tools", tabIndex: -1, hidden: true, "aria-labelledby": "tools-title" }, head, this.body);
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  onAdd(map) {
    const { messages } = this.about.config;
    this.button = element("button", { type: "button", className: "map-tools", title: messages.tools, "aria-label": messages.tools, "aria-expanded": "false", onclick: () => (this.box.hidden ? this.list() : this.close()) });
    this.button.append(icon("tools"));
    map.getContainer().parentElement.append(this.box);
    this.container = element("div", { className: "maplibregl-ctrl maplibregl-ctrl-group" }, this.button);
    return this.container;
  }

  onRemove() {
    this.close();
    this.box.remove();
    this.container.remove();
  }

  /** The list of the tools. */
  list() {
    this.stop();
    const items = this.tools.map((tool) => {
      const button = element("button", { type: "button", className: "tools__choice", onclick: () => this.open(tool.name) });
      button.append(icon(tool.name), tool.title);
      return element("li", {}, button);
    });
    this.show(this.about.config.messages.tools, element("ul", { className: "tools__list" }, ...items));
    this.back.hidden = true;
  }

  /** One of the tools. */
  async open(name) {
    this.stop();
    const tool = this.tools.find((known) => known.name === name);
    const body = element("div", { className: `tool tool--${name}` });
    this.show(tool.title, body);
    this.back.hidden = false;
    this.frame.dataset.tool = name;
    const opens = await tool.bring();
    // Meanwhile the reader may have chosen another, or closed the box.
    if (!body.isConnected || this.box.hidden) return;
    this.end = opens({ ...this.about, body });
    this.makeRoom();
  }

  show(title, content) {
    this.about.onOpen();
    this.title.textContent = title;
    this.body.replaceChildren(content);
    this.box.hidden = false;
    this.box.scrollTop = 0;
    this.button.setAttribute("aria-expanded", "true");
    this.box.focus({ preventScroll: true });
    this.makeRoom();
  }

  /** On a phone the box covers the lower part of the map: what is in the middle must be seen above it. */
  makeRoom() {
    const covered = this.box.hidden || isWide() ? 0 : this.frame.getBoundingClientRect().bottom - this.box.getBoundingClientRect().top;
    this.frame.style.setProperty("--covered", `${covered}px`);
    this.about.map.easeTo({ padding: { bottom: covered, top: 0, left: 0, right: 0 }, duration: 0 });
  }

  stop() {
    this.end?.();
    this.end = null;
    delete this.frame.dataset.tool;
  }

  close() {
    this.stop();
    if (this.box.hidden) return;
    this.box.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.makeRoom();
    this.about.onClose();
    if (isWide() || document.activeElement === document.body) this.button.focus({ preventScroll: true });
  }
}
