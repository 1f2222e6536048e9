/* The choice of the picture in the panel: one radio button for each. */
import { element } from "../lib/dom.js";
import { filled } from "../lib/values.js";
import { NO_PICTURE } from "../map/scenes.js";

/** Fills the panel's field set (see templates/pages/home.html) and keeps it in step with the map. */
export function joinSceneList(box, scenes, messages) {
  if (scenes.pictures.length === 0) return;
  const choices = scenes.pictures.map((picture) => ({
    name: picture.name,
    text: picture.acquired ? filled(messages.scene_of, { date: picture.acquired }) : picture.title,
    note: picture.is_real ? [picture.attribution, picture.licence].filter(Boolean).join(" · ") : "",
    more: picture.terms_url || picture.licence_url,
  }));
  choices.push({ name: NO_PICTURE, text: messages.scenes_none, note: "" });
  box.append(...choices.map((choice) => line(choice, scenes)));
  box.hidden = false;
  scenes.watch(() => {
    for (const button of box.querySelectorAll("input")) button.checked = button.value === scenes.chosen;
  });
}

function line({ name, text, note, more }, scenes) {
  const button = element("input", { type: "radio", name: "scene", value: name, onchange: () => scenes.choose(name) });
  const label = element("label", { className: "scenes__choice" }, button, element("span", { textContent: text }));
  if (!note) return label;
  const source = more ? element("a", { href: more, textContent: note, rel: "license" }) : element("span", { textContent: note });
  return element("div", {}, label, element("p", { className: "scenes__note" }, source));
}
