/* Puts the tools onto the map of the first page. */
import { isWide } from "../lib/dom.js";
import { filled } from "../lib/values.js";
import { ToolBox } from "./box.js";
import { PointerPlace } from "./pointer.js";
import { wantedBeside } from "../map/scenes.js";

/** `started` is what startMap gave; `onBox(open)` hears when the box of tools covers a part of the map. */
export function joinTools(frame, { map, scenes, closeCard }, config, onBox) {
  const { messages } = config;
  const tools = [
    { name: "measure", title: messages.measure, bring: async () => (await import("./measure.js")).openMeasure },
    { name: "compare", title: messages.compare, bring: async () => (await import("./compare.js")).openCompare },
    { name: "share", title: messages.share, bring: async () => (await import("./share.js")).openShare },
    { name: "print", title: messages.print, bring: async () => (await import("./print.js")).openPrint },
  ];
  const onOpen = () => {
    closeCard();
    onBox(true);
  };
  const box = new ToolBox(tools, { map, frame, config, scenes, onOpen, onClose: () => onBox(false) });
  map.addControl(box, isWide() ? "top-right" : "bottom-right");
  if (isWide()) map.addControl(new PointerPlace(config), "bottom-left");
  if (wantedBeside(scenes)) box.open("compare");
  return box;
}

/** Says how far off a found position may be, which the map draws as a circle, and why there is none. */
export function tellAccuracy(locate, frame, { messages, lang }) {
  locate.on("geolocate", ({ coords }) => {
    const metres = new Intl.NumberFormat(lang, { maximumFractionDigits: 0 }).format(coords.accuracy);
    frame.querySelector(".map__note").textContent = filled(messages.located, { metres });
  });
  locate.on("error", ({ code, PERMISSION_DENIED }) => {
    frame.querySelector(".map__note").textContent = code === PERMISSION_DENIED ? messages.locate_refused : messages.locate_failed;
  });
}
