/* The map of a change set: what is added, changed, retired and in trouble, before and after. */
import { readJson } from "../lib/dom.js";
import { fetchScenes, Scenes } from "../map/scenes.js";
import { canDrawMaps } from "../map/webgl.js";

const KINDS = ["add", "change", "retire", "trouble", "repair"];
const OTHER = "#5f6f76";

const frame = document.getElementById("map");
const config = readJson("change-map");
const picked = document.querySelector(".desk__picked");

function colours() {
  const style = getComputedStyle(document.documentElement);
  const pairs = KINDS.flatMap((kind) => [kind, style.getPropertyValue(`--item-${kind}`).trim()]);
  return ["match", ["get", "kind"], ...pairs, OTHER];
}

function layers() {
  const colour = colours();
  const areas = ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false];
  return [
    { id: "items-fill", type: "fill", source: "items", paint: { "fill-color": colour, "fill-opacity": 0.3 }, filter: areas },
    { id: "items-casing", type: "line", source: "items", paint: { "line-color": "#ffffff", "line-width": 4 } },
    { id: "items-line", type: "line", source: "items", paint: { "line-color": colour, "line-width": 2 } },
    { id: "items-dot", type: "circle", source: "items", paint: { "circle-color": colour, "circle-radius": 5, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 }, filter: ["==", ["geometry-type"], "Point"] },
  ];
}

function sideOf(collection, side) {
  return { type: "FeatureCollection", features: collection.features.filter(({ properties }) => properties.side === side) };
}

/** The box round all that is drawn, also round what is in trouble and so has no boundary of its own yet. */
function boxOf(collection) {
  let [west, south, east, north] = config.bounds;
  for (const { geometry } of collection.features) {
    const numbers = (geometry.coordinates ?? []).flat(Infinity);
    for (let at = 0; at + 1 < numbers.length; at += 2) {
      [west, east] = [Math.min(west, numbers[at]), Math.max(east, numbers[at])];
      [south, north] = [Math.min(south, numbers[at + 1]), Math.max(north, numbers[at + 1])];
    }
  }
  return [west, south, east, north];
}

function tell(feature) {
  const { ref, row, says } = feature.properties;
  const parts = [ref, row ? config.messages.row.replace("%(row)s", row) : "", ...JSON.parse(says || "[]")];
  picked.textContent = parts.filter(Boolean).join(" · ");
}

async function draw() {
  const [{ Map: LibreMap, NavigationControl, prepareMaplibre }, found, answer] = await Promise.all([
    import("../map/maplibre.js"),
    fetchScenes(config.scenes),
    fetch(config.items, { cache: "no-store" }),
  ]);
  if (!answer.ok) throw new Error(`${config.items} answered ${answer.status}`);
  const collection = await answer.json();
  await prepareMaplibre(config.worker);
  const scenes = new Scenes(found, config);
  const style = { version: 8, sources: { ...scenes.sources, items: { type: "geojson", data: sideOf(collection, "after") } }, layers: [...scenes.layers, ...layers()] };
  const map = new LibreMap({ container: frame.querySelector(".map__canvas"), style, bounds: boxOf(collection), fitBoundsOptions: { padding: 40, maxZoom: 18 }, attributionControl: {}, dragRotate: false });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.on("click", "items-fill", ({ features }) => tell(features[0]));
  listen(map, collection);
  map.once("idle", () => Object.assign(frame.dataset, { ready: "", drawn: "true" }));
}

function listen(map, collection) {
  const buttons = [...document.querySelectorAll("[data-side]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      map.getSource("items").setData(sideOf(collection, button.dataset.side));
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
    });
  }
  const shown = collection.features.length;
  if (collection.total > shown) picked.textContent = config.messages.shown.replace("%(shown)s", shown).replace("%(total)s", collection.total);
}

if (canDrawMaps()) await draw();
else frame.querySelector(".map__status").textContent = config.messages.no_webgl;
