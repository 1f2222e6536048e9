/* Pointer and keyboard: what is under the pointer, and what is at the centre. */
import { clickableIds, clusterIds } from "./layers.js";
import { filled } from "../lib/values.js";

const NEAR_PIXELS = { mouse: 4, touch: 12 };

const LONG_PRESS_MS = 550;
const DOUBLE_MS = 260;
// What holds others is named after what it holds.
const HOLDERS = ["outline", "boundary"];
const STILL_PIXELS = 8;
const CLOSER = 2; // zooms, towards what a disc, a sheet or a block stands for
const OPEN_PIXELS = 60; // round what a pill opens into
const NEAREST_ZOOM = 17;

/**
 * Calls `onFound(features, point)` on a click, a long press or the right button, and on Enter for the centre of the map.
 */
export function watchInspection(map, layers, onFound) {
  const ask = (point, near) => {
    const cluster = clusterAt(map, layers, point);
    const found = featuresAt(map, layers, point, near);
    const isOnTop = cluster && (cluster.layer.is_headline || found.every(({ layer }) => layer.kind === "boundary"));
    if (isOnTop && (cluster.told.number > 1 || cluster.told.kind)) openCluster(map, cluster);
    else if (isOnTop) onFound(aloneIn(map, cluster), map.project(cluster.place));
    else if (isHeaped(map, layers, point, near, found)) map.easeTo({ center: map.unproject(point), zoom: map.getZoom() + CLOSER });
    else onFound(found, point);
  };
  watchClicks(map, ({ point, originalEvent }) => ask(point, originalEvent.pointerType === "touch" ? NEAR_PIXELS.touch : NEAR_PIXELS.mouse));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key === "Enter") ask(map.project(map.getCenter()), NEAR_PIXELS.touch);
  });
  map.on("contextmenu", (event) => ask(event.point, NEAR_PIXELS.mouse));
  watchLongPress(map, (point) => ask(point, NEAR_PIXELS.touch));
  watchHover(map, layers.filter((layer) => layer.kind !== "boundary"));
}

/** A click that no second one follows: two zoom the map, and ask nothing. */
function watchClicks(map, onClick) {
  let waiting = 0;
  let last = -DOUBLE_MS;
  map.on("click", (event) => {
    clearTimeout(waiting);
    const { timeStamp } = event.originalEvent;
    if (timeStamp - last > DOUBLE_MS) waiting = setTimeout(() => onClick(event), DOUBLE_MS);
    last = timeStamp;
  });
}

/**
 * The features {layer, ref, properties} under a point, each once, in the order of the legend, what holds others last.
 *
 * What is too small to be hit is looked for a few pixels round it; the surface of a boundary does not hide it.
 */
export function featuresAt(map, layers, point, near = NEAR_PIXELS.mouse) {
  const small = layers.filter((layer) => layer.kind !== "boundary");
  const exact = query(map, small, point);
  const round = exact.length > 0 ? exact : query(map, small, [[point.x - near, point.y - near], [point.x + near, point.y + near]]);
  return [...round, ...query(map, layers.filter((layer) => layer.kind === "boundary"), point)];
}

function query(map, layers, place) {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const asked = clickableIds(layers).filter((id) => map.getLayer(id));
  const found = new Map();
  for (const { source, properties } of map.queryRenderedFeatures(place, { layers: asked })) {
    // A feature cut by the edge of a tile is found once for each tile.
    if (properties.ref && byName.has(source)) found.set(`${source} ${properties.ref}`, { layer: byName.get(source), ref: properties.ref, properties });
  }
  const rank = ({ layer }) => HOLDERS.indexOf(layer.kind) * layers.length + layers.indexOf(layer);
  return [...found.values()].sort((one, other) => rank(one) - rank(other));
}

/**
 * Whether what is near a point stands for others, without a ref of its own: a dot of far zooms for all of its pixel, or a block where a tile
 * has no room for features. What is found of the same dataset beside it is not surely what was meant.
 */
function isHeaped(map, layers, { x, y }, near, found) {
  const asked = clickableIds(layers).filter((id) => map.getLayer(id));
  const heap = map.queryRenderedFeatures([[x - near, y - near], [x + near, y + near]], { layers: asked }).find(({ properties }) => !properties.ref);
  return Boolean(heap) && found.every(({ layer }) => layer.kind === "boundary" || layer.name === heap.source);
}

/** What stands for many features under a point: {layer, place, told}, or null. */
function clusterAt(map, layers, point) {
  const byId = new Map(layers.flatMap((layer) => clusterIds(layer).map((id) => [id, layer])));
  const [top] = map.queryRenderedFeatures(point, { layers: [...byId.keys()].filter((id) => map.getLayer(id)) });
  if (!top) return null;
  const place = top.geometry.type === "Point" ? top.geometry.coordinates : map.unproject(point);
  return { layer: byId.get(top.layer.id), place, told: top.properties };
}

/** Goes to where a cluster parts, with all its own in sight where they can be. */
function openCluster(map, { layer, place, told }) {
  const { number, value, opens, box, kind } = told;
  // A sheet or a block: towards where the features themselves are drawn.
  if (kind) return map.easeTo({ center: place, zoom: Math.min(layer.minzoom, map.getZoom() + CLOSER) });
  if (number > 1 && value) return map.easeTo({ center: place, zoom: Math.min(opens, map.getZoom() + CLOSER) });
  const [west, south, east, north] = box.split(",").map(Number);
  const { center, zoom } = map.cameraForBounds([west, south, east, north], { padding: OPEN_PIXELS, maxZoom: NEAREST_ZOOM });
  return map.easeTo(zoom < opens ? { center: place, zoom: opens } : { center, zoom });
}

/** The feature that a pill stands for alone. */
function aloneIn(map, { layer, place, told }) {
  const known = query(map, [layer], boxRound(map.project(place))).find(({ ref }) => ref === told.ref);
  return [known || { layer, ref: told.ref, properties: told }];
}

function boxRound({ x, y }) {
  const near = NEAR_PIXELS.touch;
  return [[x - near, y - near], [x + near, y + near]];
}

/** One finger that stays where it is: not every phone makes a context menu of it. */
function watchLongPress(map, onPress) {
  let waiting = 0;
  let from = null;
  const stop = () => clearTimeout(waiting);
  map.on("touchstart", ({ points, point }) => {
    stop();
    from = point;
    if (points.length === 1) waiting = setTimeout(() => onPress(point), LONG_PRESS_MS);
  });
  map.on("touchmove", ({ point }) => from && Math.hypot(point.x - from.x, point.y - from.y) > STILL_PIXELS && stop());
  for (const event of ["touchend", "touchcancel", "movestart"]) map.on(event, stop);
}

function watchHover(map, layers) {
  let hovered = null;
  const change = (next) => {
    if (hovered?.ref === next?.ref && hovered?.layer === next?.layer) return;
    if (hovered) setState(map, hovered, { hovered: false });
    if (next) setState(map, next, { hovered: true });
    hovered = next;
    map.getCanvas().style.cursor = next ? "pointer" : "";
  };
  map.on("mousemove", (event) => {
    change(query(map, layers, event.point)[0] || null);
    const cluster = clusterAt(map, layers, event.point);
    if (!hovered) map.getCanvas().style.cursor = cluster ? "pointer" : "";
    const isMany = cluster?.told.number > 1;
    map.getCanvas().title = isMany ? filled(cluster.layer.opens, { number: cluster.told.number.toLocaleString(document.documentElement.lang) }) : "";
  });
  map.on("mouseout", () => change(null));
}

/** Sets the drawn state (`hovered`, `picked`) of a feature {layer, ref}. */
export function setState(map, { layer, ref }, state) {
  map.setFeatureState({ source: layer.name, sourceLayer: layer.name, id: ref }, state);
}
