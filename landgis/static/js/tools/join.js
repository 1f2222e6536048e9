/* Puts the tools onto the map of the first page. */
import { isWide } from "../lib/dom.js";
import { filled } from "../lib/values.js";
import { ToolBox } from "./box.js";
import { openCompare, wantedBeside } from "./compare.js";
import { openMeasure } from "./measure.js";
import { PointerPlace } from "./pointer.js";
import { openPrint } from "./print.js";
import { openShare } from "./share.js";

/** `started` is what startMap gave; `onBox(open)` hears when the box of tools covers a part of the map. */
export function joinTools(frame, { map, scenes, closeCard }, config, onBox) {
  const { messages } = config;
  const tools = [
    { name: "measure", title: messages.measure, open: openMeasure },
    { name: "compare", title: messages.compare, open: openCompare },
    { name: "share", title: messages.share, open: openShare },
    { name: "print", title: messages.print, open: openPrint },
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

/** Says how far off a found position may be; the map draws the circle. */
export function tellAccuracy(locate, frame, { messages, lang }) {
  locate.on("geolocate", ({ coords }) => {
    const metres = new Intl.NumberFormat(lang, { maximumFractionDigits: 0 }).format(coords.accuracy);
    frame.querySelector(".map__note").textContent = filled(messages.located, { metres });
  });
}
