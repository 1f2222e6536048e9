/* The page of one feature: the map takes the place of the picture that came with the page. */
import { readJson } from "./lib/dom.js";
import { startMap } from "./map/start.js";

const frame = document.getElementById("map");
const picture = frame.querySelector(".map__picture");

// Where no scene covers the feature there is no picture, and its text would be torn across the map.
const isMissing = () => picture.complete && picture.naturalWidth === 0;
const drop = () => picture.remove();
if (picture && isMissing()) drop();
else picture?.addEventListener("error", drop);

await startMap(frame, readJson("map-config"));
