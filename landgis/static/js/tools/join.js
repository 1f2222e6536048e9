/* Puts the tools onto the map of the first page. */
import { isWide } from "../lib/dom.js";
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
