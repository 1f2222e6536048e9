/* The page of a dataset: its map is loaded when it is seen, and a row lights up its feature. */
import { readJson, whenOpen } from "./lib/dom.js";
import { dropMissing } from "./map/picture.js";
import { startMap } from "./map/start.js";

const fold = document.querySelector(".map-fold");
const config = readJson("map-config");

dropMissing(document.getElementById("map"));

let isStarted = false;
function start() {
  if (isStarted) return;
  isStarted = true;
  startMap(document.getElementById("map"), config).then((begun) => begun?.map.once("load", () => joinRows(begun.map)));
}

async function joinRows(map) {
  const { setState } = await import("./map/inspect.js");
  for (const row of document.querySelectorAll("tr[data-ref]")) {
    const feature = { layer: config.layers[0], ref: row.dataset.ref };
    const light = (picked) => () => setState(map, feature, { picked });
    row.addEventListener("mouseenter", light(true));
    row.addEventListener("mouseleave", light(false));
    row.addEventListener("focusin", light(true));
    row.addEventListener("focusout", light(false));
  }
}

whenOpen(fold, start);
// Beside the rows the map is always seen; above them it would push them out of sight.
if (getComputedStyle(fold).position === "sticky") fold.open = true;
