/* The picture under the features: a dated scene, another publisher's base map, or none. */
import { asked, keep } from "../lib/address.js";

export const NO_PICTURE = "none";
const GROUND = "#eceee8";
const BESIDE_PICTURE = "#213c4c"; // the sea of most scenes, so that their edges do not glare
const PARAMETER = "scene";
const PATIENCE_MS = 6000;

/** Asks for the scenes and base maps that may lie under the map; empty lists where none can be had. */
export async function fetchScenes(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return await response.json();
  } catch (error) {
    console.warn(error.message);
    return { scenes: [], basemaps: [] };
  }
}

/** The choice of the picture: what there is, what is shown, and who wants to hear of a change. */
export class Scenes {
  constructor({ scenes, basemaps }, config) {
    this.pictures = [...scenes, ...basemaps];
    this.hasMadeUp = config.made_up;
    this.listeners = [];
    const wanted = asked(PARAMETER);
    const known = wanted === NO_PICTURE || this.pictures.some((picture) => picture.name === wanted);
    // The newest is shown unless the address says otherwise; a base map of others only when it is asked for.
    this.chosen = known ? wanted : this.usual;
  }

  get usual() {
    const first = this.pictures.find((picture) => !picture.is_real);
    return first ? first.name : NO_PICTURE;
  }

  /** The shown picture, or undefined. */
  get picture() {
    return this.pictures.find((picture) => picture.name === this.chosen);
  }

  /** Made-up features over a real map would be taken for real ones. */
  get hidesMadeUp() {
    return this.hasMadeUp && this.picture?.is_real === true;
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
    return Object.fromEntries(this.pictures.map((picture) => [sourceName(picture), source(picture)]));
  }

  get layers() {
    const ground = { id: "ground", type: "background", paint: { "background-color": this.picture ? BESIDE_PICTURE : GROUND } };
    const pictures = this.pictures.map((picture) => ({
      id: sourceName(picture),
      type: "raster",
      source: sourceName(picture),
      layout: { visibility: picture.name === this.chosen ? "visible" : "none" },
      paint: { "raster-fade-duration": 150 },
    }));
    return [ground, ...pictures];
  }

  /** Metres a pixel at a place of the map: the finest of the scenes that cover it. */
  resolutionAt({ lng, lat }) {
    const picture = this.picture;
    const here = (picture?.details || []).filter(({ bounds: [west, south, east, north] }) => west <= lng && lng <= east && south <= lat && lat <= north);
    return Math.min(picture?.resolution_m ?? Infinity, ...here.map((detail) => detail.resolution_m));
  }
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
    const isBare = scenes.picture === undefined;
    map.setPaintProperty("ground", "background-color", isBare ? GROUND : BESIDE_PICTURE);
    for (const id of ["graticule-line", "graticule-label"]) map.setLayoutProperty(id, "visibility", isBare ? "visible" : "none");
  });
}

function sourceName(picture) {
  return `scene-${picture.name}`;
}

function source(picture) {
  const about = { type: "raster", tileSize: picture.tile_size, maxzoom: picture.maxzoom, attribution: escaped(picture.attribution) };
  if (picture.minzoom !== undefined) about.minzoom = picture.minzoom;
  if (picture.bounds) about.bounds = picture.bounds;
  // Not through URL(): it would write the braces of {z} as %7B.
  about.tiles = picture.tiles.map((tiles) => (tiles.startsWith("/") ? window.location.origin + tiles : tiles));
  return about;
}

/** MapLibre takes attributions as HTML, and the file gives them as text. */
function escaped(text) {
  const box = document.createElement("i");
  box.textContent = text || "";
  return box.innerHTML;
}
