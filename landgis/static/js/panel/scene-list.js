/* The choice of the picture in the panel: one radio button for each. */
import { element } from "../lib/dom.js";
import { filled } from "../lib/values.js";
import { MAP, NO_PICTURE } from "../map/scenes.js";

/** Fills the panel's field set (see templates/pages/home.html) and keeps it in step with the map. */
export function joinSceneList(box, scenes, messages) {
  if (scenes.pictures.length === 0 && !scenes.ground) return;
  const choices = scenes.pictures.map((picture) => ({
    name: picture.name,
    picture,
    note: picture.is_real ? [picture.attribution, picture.licence].filter(Boolean).join(" · ") : "",
    more: picture.terms_url || picture.licence_url,
  }));
  if (scenes.ground) choices.push({ name: MAP, note: "" });
  choices.push({ name: NO_PICTURE, note: "" });
  const bare = { [MAP]: messages.base_map, [NO_PICTURE]: messages.scenes_none };
  const lines = choices.map((choice) => ({ ...choice, ...line(choice, scenes) }));
  box.append(...lines.map(({ whole }) => whole));
  box.hidden = false;
  const tell = () => {
    const offered = scenes.choices(scenes.chosen);
    for (const { name, picture, whole, button, text } of lines) {
      whole.hidden = picture !== undefined && !offered.includes(picture);
      button.checked = name === scenes.chosen;
      text.textContent = picture ? textOf(picture, scenes, messages) : bare[name];
    }
  };
  scenes.watch(tell);
  scenes.watchSeen(tell);
}

function textOf(picture, scenes, messages) {
  if (!picture.acquired || scenes.seen.get(picture.name)?.days === "") return scenes.text(picture);
  return filled(messages.scene_of, { date: scenes.text(picture) });
}

function line({ name, note, more }, scenes) {
  const button = element("input", { type: "radio", name: "scene", value: name, onchange: () => scenes.choose(name) });
  const text = element("span");
  const label = element("label", { className: "scenes__choice" }, button, text);
  if (!note) return { whole: label, button, text };
  const source = more ? element("a", { href: more, textContent: note, rel: "license" }) : element("span", { textContent: note });
  return { whole: element("div", {}, label, element("p", { className: "scenes__note" }, source)), button, text };
}
