/* The map of a public page: draws what the page's configuration says and answers clicks. */
import { Map as LibreMap, prepareMaplibre } from "./maplibre.js";
import { Answers } from "./answers.js";
import { addControls, controlTexts } from "./controls.js";
import { followRevisions } from "./follow.js";
import { keepGraticule } from "./graticule.js";
import { layerIds } from "./layers.js";
import { keepClear, keepLegible, nameLayers } from "./names.js";
import { pictureView } from "./picture.js";
import { withRetries } from "./retries.js";
import { followView, joinScenes } from "./scenes.js";
import { addImages, buildStyle } from "./style.js";
import { element, prefersLessMotion } from "../lib/dom.js";
import { keepNearest } from "../lib/address.js";
import { EQUATOR_M, NEAREST } from "../lib/webmap.js";

const SLOW_MS = 500;
const NEAREST_ZOOM = 19;
// Of the page of a feature: the view of the server's picture (landgis/pictures/outline.py), which the map replaces.
const PICTURE_SHARE = 0.55;
const PICTURE_LEAST_M = 110;
const isFramed = window.parent !== window;

/**
 * Draws the map into `frame` (see templates/pages/_map.html) over the pictures of `scenes`.
 *
 * `padding()` gives the pixels covered by other parts of the page, `onCard(open)` hears of the card, `onPick(feature)` of the feature that it is about or null. Resolves to
 * {map, closeCard, go}; `go({lon, lat, bbox, dataset, ref, title})` flies to a feature and shows it, as the map begins with that of the address.
 */
export async function drawMap(frame, config, scenes, { padding = () => ({}), onCard = () => {}, onPick = () => {} } = {}) {
  await prepareMaplibre(config.worker);
  const room = () => (config.select ? asPicture(frame, config.bounds) : { padding: withMargin(padding()), maxZoom: NEAREST_ZOOM });
  if (config.hash) keepNearest(NEAREST);
  const first = pictureView(frame);
  const map = new LibreMap({
    container: frame.querySelector(".map__canvas"),
    style: buildStyle(config, scenes),
    ...(first || { bounds: config.focus?.bbox || config.bounds, fitBoundsOptions: room() }),
    hash: config.hash,
    locale: controlTexts(config.messages),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    maxZoom: NEAREST,
    fadeDuration: prefersLessMotion() ? 0 : 300,
    transformRequest: withRetries,
    // A map inside a page that scrolls must let the finger pass, and in the page of somebody else the wheel, too.
    cooperativeGestures: isFramed || (!config.hash && window.matchMedia("(pointer: coarse)").matches),
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  addImages(map, config);
  addControls(map, config, scenes, room, () => (first && !config.focus ? map.easeTo(first) : map.fitBounds(config.bounds, room())));
  keepGraticule(map);
  map.once("load", () => keepClear(map, config));
  map.once("style.load", () => {
    joinScenes(map, scenes);
    followView(map, scenes, config);
    keepApart(map, config, scenes);
    keepLegible(map, [...config.layers.flatMap(({ drawn }) => drawn.labels), ...nameLayers(config)], scenes);
  });
  reportProgress(map, frame, config.messages);
  const answers = new Answers(map, frame, config, scenes, { onCard, onPick, withMargin });
  followRevisions(map, config, (layers) => {
    answers.renew(layers);
    renewPage(map, frame, config);
  });
  if (config.focus) map.once("load", () => answers.arrive(config.focus, true));
  return { map, closeCard: () => answers.card.close(), go: (goal) => answers.arrive(goal) };
}

/** The outline of the one feature of a page comes anew; that the page's words are older than its map is said. */
function renewPage(map, frame, config) {
  if (typeof config.select?.geojson === "string") map.getSource("selected").setData(new URL(config.select.geojson, document.baseURI).href);
  if (config.hash || frame.querySelector(".map__news")) return;
  const news = element("p", { className: "map__note map__news", role: "status" });
  frame.append(news);
  // Into what is there already, or it is not read out.
  news.append(element("button", { type: "button", textContent: config.messages.changed_page, onclick: () => window.location.reload() }));
}

/** The padding of a view: what covers the map, a margin, and below scale and date of the picture. */
function withMargin({ top = 0, right = 0, bottom = 0, left = 0 }) {
  const margin = 28;
  const furniture = 56;
  return { top: top + margin, right: right + margin, bottom: bottom + margin + furniture, left: left + margin };
}

/** The room round a feature so that the map shows what the picture shows. */
function asPicture(frame, [, south, , north]) {
  const around = (length) => (length * (1 - PICTURE_SHARE)) / 2;
  const { clientWidth: width, clientHeight: height } = frame;
  const metres = PICTURE_LEAST_M / height;
  const nearest = Math.log2((EQUATOR_M * Math.cos((((south + north) / 2) * Math.PI) / 180)) / 512 / metres);
  return { padding: { top: around(height), bottom: around(height), left: around(width), right: around(width) }, maxZoom: nearest };
}

/** Takes made-up features away while a real base map lies under them, and says so. */
function keepApart(map, config, scenes) {
  const selected = (config.select?.layers || []).map(({ id }) => id);
  const ids = [...config.layers.flatMap(layerIds), ...selected].filter((id) => map.getLayer(id));
  const usual = new Map(ids.map((id) => [id, map.getFilter(id)]));
  const note = map.getContainer().parentElement.querySelector(".map__note");
  scenes.watch(() => {
    const real = ["!=", ["get", "is_made_up"], true];
    const also = (filter) => (filter ? ["all", filter, real] : real);
    for (const [id, filter] of usual) map.setFilter(id, scenes.hidesMadeUp ? also(filter) : filter);
    note.textContent = scenes.hidesMadeUp ? config.messages.real_ground : "";
  });
}

/** Says that the map is slow to come or that a part of it is missing; nothing when all is well. */
function reportProgress(map, frame, messages) {
  const status = frame.querySelector(".map__status");
  const slow = setTimeout(() => (status.textContent = messages.loading), SLOW_MS);
  let failed = false;
  map.on("error", ({ error }) => {
    failed = true;
    status.textContent = messages.tiles_failed;
    console.warn(error?.message);
  });
  map.on("movestart", () => (failed = false));
  map.on("idle", () => {
    clearTimeout(slow);
    if (!failed) status.textContent = "";
    frame.dataset.drawn = "true";
    frame.dataset.ready = "true";
  });
  map.on("dataloading", () => delete frame.dataset.drawn);
}
