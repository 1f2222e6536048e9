/* The map on the pages of others: what is chosen comes with the address; the link below leads to the same view here. */
import { readJson } from "./lib/dom.js";
import { dropMissing } from "./map/picture.js";
import { startMap } from "./map/start.js";

const frame = document.getElementById("map");
const home = document.querySelector(".embed__foot a");

dropMissing(frame);
home.addEventListener("click", () => {
  home.search = window.location.search;
  home.hash = window.location.hash;
});
await startMap(frame, readJson("map-config"));
