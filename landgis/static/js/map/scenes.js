/* What lies under the features: a dated scene, the office's base map, another publisher's, or nothing. */
import { asked, keep } from "../lib/address.js";
import { prefersLessMotion } from "../lib/dom.js";
import { patientFetch } from "../lib/patience.js";
import { filled } from "../lib/values.js";
import { absolute, escaped, groundLayers, groundSource, isName, isUnder } from "./base-map.js";

export const NO_PICTURE = "none";
export const MAP = "map"; // the office's base map alone, as landgis/imagery/basemap/on_maps.py
const GROUND = "#eceee8";
const BESIDE_PICTURE = "#213c4c"; // the sea of most scenes, so that their edges do not glare
const PARAMETER = "scene";
const PATIENCE_MS = 15_000; // once more where the server is too busy

/** Asks for the scenes and base maps that may lie under the map; empty lists where none can be had. */
export async function fetchScenes(url) {
  try {
    const response = await patientFetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) }, 1);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return await response.json();
  } catch (error) {
    console.warn(error.message);
    return { scenes: [], basemaps: [], ground: null, usual: null };
  }
}

/** The choice of the picture: what there is, what is shown, what is seen of it in the view, and who wants to hear of a change. */
export class Scenes {
  constructor({ scenes, basemaps, ground = null, usual = null, light_writing: light = {} }, config) {
    this.pictures = [...scenes, ...basemaps];
    this.ground = ground;
    this.light = light;
    this.hasMadeUp = config.made_up;
    this.messages = config.messages;
    this.first = usual;
    this.listeners = [];
    this.seenListeners = [];
    this.seen = new Map();
    const wanted = asked(PARAMETER);
    const known = wanted === NO_PICTURE || (wanted === MAP && ground) || this.pictures.some((picture) => picture.name === wanted);
    // What the server names is shown unless the address says otherwise; a base map of others only when it is asked for.
    this.chosen = known ? wanted : this.usual;
  }

  get usual() {
    if (this.first === MAP && this.ground) return MAP;
    const own = this.pictures.filter((picture) => !picture.is_real);
    return (own.find(({ name }) => name === this.first) ?? own[0])?.name ?? NO_PICTURE;
  }

  /** The shown picture, or undefined. */
  get picture() {
    return this.pictures.find((picture) => picture.name === this.chosen);
  }

  /** Whether the office's base map is shown alone. */
  get isMap() {
    return this.chosen === MAP;
  }

  /** Whether it lies over the image that is shown: what is real and what is made up do not lie over each other. */
  get isOver() {
    const { picture, ground } = this;
    return Boolean(ground && picture && !picture.is_real && picture.is_made_up === ground.is_made_up);
  }

  /** Whether no image lies under the features: ground that is drawn is light. */
  get isLight() {
    return this.isMap || this.chosen === NO_PICTURE;
  }

  /** The paint of names: on light ground a dark rim would be heavier than what it names. */
  written(paint) {
    return this.isLight ? { ...paint, ...this.light } : paint;
  }

  /** Made-up features over a real map would be taken for real ones. */
  get hidesMadeUp() {
    return this.hasMadeUp && (this.isMap ? !this.ground.is_made_up : this.picture?.is_real === true);
  }

  choose(name) {
    if (name === this.chosen) return;
    this.chosen = name;
    keep(PARAMETER, name === this.usual ? null : name);
    for (const listener of this.listeners) listener();
  }

  /** Calls `listener()` now and after every change. */
  watch(listener) {
    this.listeners.push(listener);
    listener();
  }

  /** What the style needs to draw any of the pictures; the chosen one is visible. */
  get sources() {
    return { ...groundSource(this.ground), ...Object.fromEntries(this.pictures.map((picture) => [sourceName(picture), source(picture)])) };
  }

  get layers() {
    const ground = { id: "ground", type: "background", paint: { "background-color": this.bare } };
    const pictures = this.pictures.map((picture) => ({
      id: sourceName(picture),
      type: "raster",
      source: sourceName(picture),
      layout: { visibility: picture.name === this.chosen ? "visible" : "none" },
      paint: { "raster-fade-duration": prefersLessMotion() ? 0 : 150 },
    }));
    const drawn = groundLayers(this).filter((layer) => !isName(layer));
    return [ground, ...drawn.filter((layer) => isUnder(this, layer)), ...pictures, ...drawn.filter((layer) => !isUnder(this, layer))];
  }

  /** The colour of what nothing else covers. */
  get bare() {
    if (this.isOver) return this.ground.under_land;
    return this.picture ? BESIDE_PICTURE : GROUND;
  }

  /** The names of the base map: over the features, which would cross them out, and under all other names. */
  get names() {
    return groundLayers(this).filter(isName);
  }

  /** Takes what the server says is seen of each picture in the view; null where it could not be asked. */
  tell(answer) {
    this.seen = new Map((answer?.scenes ?? []).map((about) => [about.name, about]));
    for (const listener of this.seenListeners) listener();
  }

  /** Calls `listener()` now and whenever something else is seen. */
  watchSeen(listener) {
    this.seenListeners.push(listener);
    listener();
  }

  /** What may be said of a picture: the days that are seen of it in the view. Until they are known nothing that may be false. */
  text(picture) {
    const here = this.seen.get(picture.name);
    if (here) return here.days || this.messages.no_scene_here;
    return picture.has_other_days ? filled(this.messages.scene_until, { date: picture.acquired }) : picture.acquired || picture.title;
  }

  /** The pictures that differ in the view: of those that show the same one, the newest; `kept` are names that stay. */
  choices(...kept) {
    const seenOf = ({ name }) => this.seen.get(name)?.seen.map(({ scene }) => scene).join(" ");
    const stay = this.pictures.filter(({ name }) => kept.includes(name));
    const known = new Set(["", ...stay.map(seenOf)].filter((what) => what !== undefined));
    return this.pictures.filter((picture) => {
      const what = seenOf(picture);
      if (stay.includes(picture) || what === undefined) return true;
      return !known.has(what) && known.add(what);
    });
  }

  /** Metres a pixel of the coarsest that is seen of a choice: what holds everywhere in the view; none where it is not known. */
  resolution(name = this.chosen) {
    const all = (this.seen.get(name)?.seen ?? []).map(({ resolution_m }) => resolution_m);
    return all.length === 0 ? undefined : Math.max(...all);
  }

  /** Whether something made up is seen of a choice. */
  isMadeUp(name = this.chosen) {
    if (name === MAP) return this.ground.is_made_up;
    return this.seen.get(name)?.seen.some(({ is_made_up }) => is_made_up) ?? this.pictures.find((picture) => picture.name === name)?.is_made_up === true;
  }

  /** Whether the shown ground is the office's own, of which some may be withheld. */
  get isOwn() {
    return this.isMap || (this.picture !== undefined && !this.picture.is_real);
  }
}

/** Asks what is seen in the view of the map, now and whenever it has moved. */
export function followView(map, scenes, config) {
  if (!scenes.pictures.some((picture) => !picture.is_real)) return;
  let last = new AbortController();
  const ask = async () => {
    last.abort();
    last = new AbortController();
    const { signal } = last;
    const url = `${config.seen}?box=${boxOf(map).map((side) => side.toFixed(6))}&lang=${config.lang}`;
    try {
      const response = await fetch(url, { signal });
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      scenes.tell(await response.json());
    } catch (error) {
      if (signal.aborted) return;
      console.warn(error.message);
      scenes.tell(null);
    }
  };
  map.on("moveend", ask);
  ask();
}

/** Whether the ground of a place {lng, lat} is withheld from what is shown of it; no where the server cannot be asked. */
export async function isWithheld({ lng, lat }, scenes, config) {
  if (!scenes.isOwn) return false;
  try {
    const response = await fetch(`${config.seen}?at=${lng.toFixed(6)},${lat.toFixed(6)}&lang=${config.lang}`);
    return response.ok && (await response.json()).is_withheld;
  } catch {
    return false;
  }
}

/** West, south, east, north of the view, on the one world that the server knows. */
function boxOf(map) {
  const bounds = map.getBounds();
  const turn = 360 * Math.round(map.getCenter().lng / 360);
  const [west, east] = [bounds.getWest(), bounds.getEast()].map((side) => Math.min(180, Math.max(-180, side - turn)));
  return [west, bounds.getSouth(), east, bounds.getNorth()];
}

export const COMPARE = "compare";

/** The scene that the address wants beside the chosen one, where there is one. */
export function wantedBeside(scenes) {
  const name = asked(COMPARE);
  return scenes.pictures.some((picture) => picture.name === name) ? name : null;
}

/** Draws what is chosen, now and from now on. */
export function joinScenes(map, scenes) {
  scenes.watch(() => {
    for (const picture of scenes.pictures) {
      const name = sourceName(picture);
      if (map.getLayer(name)) map.setLayoutProperty(name, "visibility", picture.name === scenes.chosen ? "visible" : "none");
    }
    for (const { id, layout } of groundLayers(scenes)) map.setLayoutProperty(id, "visibility", layout.visibility);
    const isBare = scenes.chosen === NO_PICTURE;
    map.setPaintProperty("ground", "background-color", scenes.bare);
    for (const id of ["graticule-line", "graticule-label"]) map.setLayoutProperty(id, "visibility", isBare ? "visible" : "none");
  });
}

/** A picture without what is done for the look: as its scenes were taken, hard edges and all. */
export function asTaken(picture) {
  return picture.is_real ? { ...picture } : { ...picture, tiles: picture.tiles.map((address) => `${address}&look=taken`) };
}

/** Has a map draw its pictures as they were taken, or as usual. */
export function drawAsTaken(map, scenes, isWanted) {
  for (const picture of scenes.pictures.filter(({ is_real }) => !is_real)) {
    map.getSource(sourceName(picture))?.setTiles(absolute((isWanted ? asTaken(picture) : picture).tiles));
  }
}

function sourceName(picture) {
  return `scene-${picture.name}`;
}

function source(picture) {
  const about = { type: "raster", tileSize: picture.tile_size, maxzoom: picture.maxzoom, attribution: escaped(picture.attribution) };
  if (picture.minzoom !== undefined) about.minzoom = picture.minzoom;
  if (picture.bounds) about.bounds = picture.bounds;
  about.tiles = absolute(picture.tiles);
  return about;
}
