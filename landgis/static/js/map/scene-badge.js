/* The badge on the map that always says of what day its picture is, and lets the reader choose another. */
import { element, isWide } from "../lib/dom.js";
import { filled } from "../lib/values.js";
import { NO_PICTURE } from "./scenes.js";

/** A control of MapLibre; it shows nothing where there is no picture to choose. */
export class SceneBadge {
  constructor(scenes, { messages, lang }) {
    this.scenes = scenes;
    this.messages = messages;
    this.figures = new Intl.NumberFormat(lang, { maximumFractionDigits: 1 });
  }

  onAdd(map) {
    this.map = map;
    this.list = element("select", { onchange: () => this.scenes.choose(this.list.value) });
    for (const picture of this.scenes.pictures) this.list.append(element("option", { value: picture.name, textContent: picture.acquired || picture.title }));
    this.list.append(element("option", { value: NO_PICTURE, textContent: this.messages.no_scene }));
    this.about = element("span", { className: "scene-badge__about" });
    const label = element("label", {}, `${this.messages.scene}: `, this.list);
    this.box = element("div", { className: "scene-badge maplibregl-ctrl", hidden: this.scenes.pictures.length === 0 }, label, this.about);
    this.tell = () => this.about.replaceChildren(...this.facts());
    map.on("moveend", this.tell);
    this.scenes.watch(() => {
      this.list.value = this.scenes.chosen;
      this.tell();
    });
    return this.box;
  }

  onRemove() {
    this.map.off("moveend", this.tell);
    this.box.remove();
  }

  facts() {
    const facts = [];
    const metres = this.scenes.resolutionAt(this.map.getCenter());
    // On a phone there is only room for what a reader must know.
    if (Number.isFinite(metres) && isWide()) facts.push(filled(this.messages.resolution, { metres: this.figures.format(metres) }));
    if (this.scenes.picture?.is_made_up) facts.push(this.messages.made_up);
    return facts.map((fact) => element("span", { textContent: ` · ${fact}` }));
  }
}
