/* The page of a dataset: its map is loaded when it is seen, and moves with the rows. */
import { readJson, whenOpen } from "./lib/dom.js";
import { dropMissing } from "./map/picture.js";
import { startMap } from "./map/start.js";

const fold = document.querySelector(".map-fold");
const frame = document.getElementById("map");
const config = readJson("map-config");

dropMissing(frame);

let isStarted = false;
let rows = null;
let picked = null; // on the map, also before its rows are joined
async function start() {
  if (isStarted) return;
  isStarted = true;
  const begun = await startMap(frame, config, { onPick: pick });
  begun?.map.once("load", () => joinRows(begun));
}

async function joinRows({ map, scenes }) {
  const { ListRows } = await import("./map/rows.js");
  if (!document.querySelector(".rows")) return;
  rows = new ListRows(map, frame, config, scenes);
  if (picked) rows.bring(picked);
}

function pick(feature) {
  picked = feature;
  rows?.bring(feature);
}

whenOpen(fold, start);
openBeside();
window.addEventListener("resize", openBeside); // a tablet is turned

/** Beside the rows the map is always seen; above them it would push them out of sight. */
function openBeside() {
  if (getComputedStyle(fold).position === "sticky") fold.open = true;
}
