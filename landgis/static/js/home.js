/* The map page. */
import { keepLanguageLinks } from "./lib/address.js";
import { isWide, readJson } from "./lib/dom.js";
import { tellNumbers } from "./map/heard.js";
import { dropMissing } from "./map/picture.js";
import { startMap } from "./map/start.js";
import { joinChoices, keepChoiceLinks } from "./panel/choices.js";
import { joinLead, joinLegend, keepLegendAddress, readBoxes, switchOn } from "./panel/legend.js";
import { joinSceneList } from "./panel/scene-list.js";
import { Sheet } from "./panel/sheet.js";

const frame = document.getElementById("map");
const config = readJson("map-config");
const sheet = new Sheet(document.getElementById("panel"));

keepLanguageLinks();
keepChoiceLinks();
dropMissing(frame);
readBoxes(config.layers);
const started = await startMap(frame, config, {
  padding: () => ({ bottom: sheet.covered(frame) }),
  onCard: (open) => {
    if (!isWide()) sheet.state = open ? "away" : "peek";
  },
  // Over the picture it would cover the land, and the key would cover it.
  tellMissing: (status) => document.querySelector(".panel__intro").after(status),
});
if (started) {
  joinLegend(started.map, config.layers);
  joinLead(started.map, config.layers);
  joinChoices(started, config);
  tellNumbers(started.map, frame, config);
  const { joinTools } = await import("./tools/join.js");
  const join = () =>
    joinTools(frame, started, config, (open) => {
      if (!isWide()) sheet.state = open ? "away" : "peek";
    });
  if (frame.dataset.ready) join();
  else started.map.once("idle", join);
  joinSceneList(document.getElementById("scenes"), started.scenes, config.messages);
  // What the search box of the page's head found; {lon, lat, bbox, dataset, ref, title}.
  document.addEventListener("landgis:go", (event) => {
    event.preventDefault();
    switchOn(event.detail.dataset);
    started.go(event.detail);
  });
} else {
  keepLegendAddress(config.layers);
}
