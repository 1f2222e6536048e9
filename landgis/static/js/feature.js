/* The page of one feature: the map takes the place of the picture that came with the page. */
import { readJson } from "./lib/dom.js";
import { dropMissing } from "./map/picture.js";
import { startMap } from "./map/start.js";

const frame = document.getElementById("map");
dropMissing(frame);
await startMap(frame, readJson("map-config"));
