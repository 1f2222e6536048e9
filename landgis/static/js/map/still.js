/* Where no live map can be drawn: pictures of the server, moved by buttons. */
import { insetButtons } from "./insets.js";
import { element } from "../lib/dom.js";
import { fit, moved, NEAREST, parseView, viewText } from "../lib/webmap.js";

const LARGEST_PX = 1414; // two million pixels in all
const STEP = 0.4; // of the frame
const FOOT_PX = 110; // what insets and buttons cover at its bottom
const BUTTONS = [
  ["zoom_in", "+", (view) => ({ ...view, zoom: Math.min(NEAREST, view.zoom + 1) })],
  ["zoom_out", "−", (view) => ({ ...view, zoom: Math.max(2, view.zoom - 1) })],
  ["to_west", "←", (view, width) => moved(view, -width * STEP, 0)],
  ["to_north", "↑", (view, _width, height) => moved(view, 0, -height * STEP)],
  ["to_south", "↓", (view, _width, height) => moved(view, 0, height * STEP)],
  ["to_east", "→", (view, width) => moved(view, width * STEP, 0)],
];

/**
 * Fills `frame`, but for the `covered` pixels at its bottom, with a picture of the chosen scene and layers, and keeps it
 * so; resolves when the first has come.
 */
export function drawStill(frame, config, scenes, covered = 0) {
  const free = [frame.clientWidth, frame.clientHeight - covered];
  const [width, height] = free.map((side) => Math.min(LARGEST_PX, Math.max(40, side)));
  const whole = (bounds) => moved(fit(bounds, width, height - FOOT_PX), 0, FOOT_PX / 2);
  let view = (config.hash && parseView(window.location.hash)) || whole(config.bounds);
  const picture = element("img", { className: "map__picture map__drawn", alt: config.messages.map });
  picture.style.height = `${height}px`;
  const shown = () => config.layers.map((layer) => layer.name).filter((name) => document.querySelector(`input[data-layer="${name}"]`)?.checked !== false);
  const draw = () => {
    const asked = new URLSearchParams(config.query);
    const more = { view: viewText(view), size: `${width}x${height}`, layers: shown().join(","), scene: scenes.chosen, lang: config.lang, furniture: "1" };
    for (const [name, value] of Object.entries(more)) asked.set(name, value);
    picture.src = `${config.still}?${asked}`;
    if (config.hash) window.history.replaceState(null, "", `#${viewText(view)}`);
  };
  const go = (step) => () => {
    view = step(view, width, height);
    draw();
  };
  const buttons = BUTTONS.map(([name, sign, step]) => element("button", { type: "button", textContent: sign, "aria-label": config.messages[name], onclick: go(step) }));
  const insets = insetButtons(config, (bounds) => {
    view = whole(bounds);
    draw();
  });
  // What came with the page stays until there is something to put in its place.
  const first = frame.querySelector(".map__picture");
  picture.addEventListener("load", () => first?.remove(), { once: true });
  frame.prepend(picture);
  if (insets.length > 0) frame.append(element("div", { className: "insets insets--still" }, ...insets));
  frame.append(element("div", { className: "still-buttons", role: "group", "aria-label": config.messages.move }, ...buttons));
  for (const box of document.querySelectorAll("input[data-layer]")) box.addEventListener("change", draw);
  scenes.watch(draw);
  return picture.decode().catch(() => picture.remove());
}
