/* Two dates of the ground side by side: a second map of the other scene lies over the first and a slider cuts it. Both are
   as they were taken: what is compared has no colours but its own.
   The slider is a range of the page: arrow keys move it. Both dates stand in the address. */
import { keep } from "../lib/address.js";
import { element, prefersLessMotion } from "../lib/dom.js";
import { filled } from "../lib/values.js";
import { followRevisions } from "../map/follow.js";
import { Map as LibreMap } from "../map/maplibre.js";
import { withRetries } from "../map/retries.js";
import { addImages, buildStyle } from "../map/style.js";
import { qualities } from "../map/scene-badge.js";
import { asTaken, COMPARE, drawAsTaken, MAP, Scenes, wantedBeside } from "../map/scenes.js";

export function openCompare({ map, frame, config, scenes, body }) {
  const { messages } = config;
  const others = scenes.choices(scenes.chosen).filter((picture) => picture.name !== scenes.chosen);
  if ((others.length === 0 && !wantedBeside(scenes)) || !scenes.picture) {
    body.append(element("p", { textContent: messages.compare_none }));
    return () => {};
  }
  const beside = new Beside(map, frame, config, scenes, wantedBeside(scenes) ?? others.at(-1).name);
  const list = (label, chosenOf, onchange) => {
    const choice = element("select", { onchange: () => onchange(choice.value) });
    const fill = () => {
      const options = scenes.choices(beside.name, scenes.chosen).map((picture) => element("option", { value: picture.name, textContent: scenes.text(picture) }));
      choice.replaceChildren(...options);
      choice.value = chosenOf();
    };
    scenes.watch(fill);
    scenes.watchSeen(fill);
    return element("label", { className: "tool__line" }, label, choice);
  };
  body.append(
    element("p", { className: "soft", textContent: messages.compare_help }),
    list(messages.compare_left, () => beside.name, (name) => beside.show(name)),
    list(messages.compare_right, () => scenes.chosen, (name) => scenes.choose(name)),
    beside.tappedSlider(),
  );
  return () => beside.remove();
}

class Beside {
  constructor(map, frame, config, scenes, name) {
    this.map = map;
    this.config = config;
    this.scenes = scenes;
    this.pane = element("div", { className: "compare__pane", "aria-hidden": "true" });
    this.left = element("span", { className: "compare__date compare__date--left" });
    this.right = element("span", { className: "compare__date compare__date--right" });
    this.slider = element("input", { type: "range", className: "compare__slider", min: 0, max: 100, step: 1, value: 50, "aria-label": config.messages.compare_slider, oninput: () => this.cut() });
    this.box = element("div", { className: "compare" }, this.pane, this.left, this.right, this.slider);
    frame.querySelector(".map__canvas").after(this.box);
    this.follow = () => this.other?.jumpTo({ center: map.getCenter(), zoom: map.getZoom() });
    map.on("move", this.follow);
    drawAsTaken(map, scenes, true);
    this.show(name);
    scenes.watch(() => this.tell());
    scenes.watchSeen(() => this.tell());
  }

  /** Draws a scene on the left. */
  show(name) {
    this.name = name;
    keep(COMPARE, name);
    this.other?.remove();
    const alone = new Scenes({ scenes: this.scenes.pictures.map(asTaken), basemaps: [], ground: this.scenes.ground }, this.config);
    alone.chosen = name;
    const config = { ...this.config, hash: false };
    this.other = new LibreMap({ container: this.pane, style: buildStyle(config, alone), center: this.map.getCenter(), zoom: this.map.getZoom(), interactive: false, attributionControl: false, maxZoom: 20, fadeDuration: prefersLessMotion() ? 0 : 300, transformRequest: withRetries });
    addImages(this.other, config);
    followRevisions(this.other, config);
    this.other.once("idle", () => (this.box.dataset.drawn = "true"));
    this.tell();
    this.cut();
  }

  tell() {
    const left = this.badge(this.left, this.name);
    const right = this.badge(this.right, this.scenes.chosen);
    this.slider.setAttribute("aria-valuetext", filled(this.config.messages.compare_value, { percent: this.slider.value, left, right }));
  }

  /** Fills the badge of a half with what is true of its image alone, and gives its days. */
  badge(box, name) {
    const { messages } = this.config;
    const picture = this.scenes.pictures.find((known) => known.name === name);
    const days = picture ? this.scenes.text(picture) : name === MAP ? messages.base_map : messages.no_scene;
    const { sharpness, madeUp } = qualities(this.scenes, name, this.config);
    box.replaceChildren(days, ...[sharpness, madeUp].filter(Boolean).map((text) => element("small", { textContent: text })));
    return days;
  }

  /** The same slider in the box, where a tap beside the handle moves it: nobody has to drag. */
  tappedSlider() {
    this.twin = element("input", { type: "range", min: 0, max: 100, step: 1, value: this.slider.value });
    this.twin.addEventListener("input", () => {
      this.slider.value = this.twin.value;
      this.cut();
    });
    return element("label", {}, this.config.messages.compare_slider, this.twin);
  }

  cut() {
    if (this.twin) this.twin.value = this.slider.value;
    this.box.style.setProperty("--cut", `${this.slider.value}%`);
    this.tell();
  }

  remove() {
    keep(COMPARE, null);
    this.map.off("move", this.follow);
    drawAsTaken(this.map, this.scenes, false);
    this.other.remove();
    this.box.remove();
  }
}
