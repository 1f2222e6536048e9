/* Length and area of what is drawn, by the server (landgis/pages/measure.py): geodesic, and in the legal systems.
   Points come by clicks, by a button for the centre of the map, or typed. */
import { element } from "../lib/dom.js";
import { readPlace } from "../lib/places.js";
import { MeasureSketch } from "./sketch.js";
import { measuredFacts } from "./measured.js";

export function openMeasure({ map, config, body }) {
  const { messages } = config;
  const sketch = new MeasureSketch(map);
  const result = element("div", { className: "measured", role: "status" });
  let asking = null;

  const isArea = () => body.querySelector("[value=area]").checked;
  async function change() {
    sketch.draw(isArea());
    asking?.abort();
    const least = isArea() ? 3 : 2;
    if (sketch.points.length < least) {
      result.replaceChildren(element("p", { className: "soft", textContent: messages[isArea() ? "measure_area_help" : "measure_length_help"] }));
      return;
    }
    asking = new AbortController();
    const points = sketch.points.map(({ lng, lat }) => `${lng.toFixed(8)},${lat.toFixed(8)}`).join(";");
    try {
      const answer = await fetch(`${config.measure}?${new URLSearchParams({ points, closed: isArea() ? 1 : 0 })}`, { signal: asking.signal });
      if (!answer.ok) throw new Error(`measure answered ${answer.status}`);
      result.replaceChildren(measuredFacts(await answer.json(), config));
    } catch (error) {
      if (error.name !== "AbortError") result.replaceChildren(element("p", { textContent: messages.measure_failed }));
    }
  }
  const add = (place) => {
    sketch.points.push(place);
    change();
  };
  const button = (text, onclick) => element("button", { type: "button", className: "button", textContent: text, onclick });
  const kind = (value, text, checked) => element("label", {}, element("input", { type: "radio", name: "measure", value, checked, onchange: change }), text);
  body.append(
    element("fieldset", { className: "tool__choice" }, element("legend", { className: "visually-hidden", textContent: messages.measure }), kind("length", messages.length, true), kind("area", messages.area, false)),
    result,
    element("p", { className: "tool__buttons" }, button(messages.add_centre, () => add(map.getCenter())), button(messages.undo, () => change(sketch.points.pop())), button(messages.clear, () => change(sketch.points.splice(0)))),
    typed(config, add),
  );
  const onClick = (event) => add(event.lngLat);
  const onKey = (event) => event.key === "Enter" && add(map.getCenter());
  map.on("click", onClick);
  map.getCanvas().addEventListener("keydown", onKey);
  change();
  return () => {
    asking?.abort();
    map.off("click", onClick);
    map.getCanvas().removeEventListener("keydown", onKey);
    sketch.remove();
  };
}

function typed(config, add) {
  const { messages } = config;
  const field = element("input", { type: "text", id: "typed-place", autocomplete: "off", placeholder: messages.typed_example });
  const problem = element("p", { className: "tool__problem", role: "alert" });
  const form = element("form", { className: "tool__typed" }, element("label", { htmlFor: "typed-place", textContent: messages.typed_place }), field, element("button", { type: "submit", className: "button", textContent: messages.add }), problem);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const place = readPlace(field.value, config);
    problem.textContent = place ? "" : messages.typed_wrong;
    if (!place) return;
    field.value = "";
    add(place);
  });
  return form;
}
