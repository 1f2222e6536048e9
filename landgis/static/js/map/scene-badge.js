/* The badge on the map that always says of what days the pictures are that are seen, and lets the reader choose others. */
import { element, isWide } from "../lib/dom.js";
import { filled } from "../lib/values.js";
import { MAP, NO_PICTURE } from "./scenes.js";

const STOP = "\u00a0·";

/** A control of MapLibre; it shows nothing where there is no picture to choose. */
export class SceneBadge {
  constructor(scenes, { messages, lang }) {
    this.scenes = scenes;
    this.messages = messages;
    this.lang = lang;
  }

  onAdd() {
    this.list = element("select", { onchange: () => this.scenes.choose(this.list.value) });
    this.about = element("span", { className: "scene-badge__about" });
    this.called = element("span");
    const label = element("label", {}, this.called, this.list);
    this.stop = element("span");
    this.box = element("div", { className: "scene-badge maplibregl-ctrl", hidden: this.scenes.pictures.length === 0 && !this.scenes.ground }, label, this.stop, this.about);
    for (const watch of ["watch", "watchSeen"]) this.scenes[watch](() => this.tell());
    return this.box;
  }

  onRemove() {
    this.box.remove();
  }

  tell() {
    const choices = this.scenes.choices(this.scenes.chosen).map((picture) => element("option", { value: picture.name, textContent: this.scenes.text(picture) }));
    if (this.scenes.ground) choices.push(element("option", { value: MAP, textContent: this.messages.base_map }));
    this.list.replaceChildren(...choices, element("option", { value: NO_PICTURE, textContent: this.messages.no_scene }));
    this.list.value = this.scenes.chosen;
    this.called.textContent = `${this.scenes.isMap ? this.messages.ground : this.messages.scene}: `;
    const facts = this.facts();
    // The dot stays with what it follows: no line begins with it.
    this.stop.textContent = facts.length > 0 ? STOP : "";
    this.about.replaceChildren(...facts.flatMap((fact, index) => [" ", element("span", { textContent: fact + (index < facts.length - 1 ? STOP : "") })]));
  }

  facts() {
    const { sharpness, madeUp } = qualities(this.scenes, this.scenes.chosen, this);
    // Of a desk magnified four times the screen has room only for what a reader must know.
    const hasRoom = isWide() || window.matchMedia("(min-height: 20rem)").matches;
    return [hasRoom ? sharpness : "", madeUp].filter(Boolean);
  }
}

/** How sharp what is seen of a choice is, and whether it is made up, as texts; empty where there is nothing to say. */
export function qualities(scenes, name, { messages, lang }) {
  const coarsest = scenes.resolution(name);
  const metres = coarsest && new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(coarsest);
  return { sharpness: metres && filled(messages.resolution, { metres }), madeUp: scenes.isMadeUp(name) ? messages.made_up : "" };
}
