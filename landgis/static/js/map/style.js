/* The style of the map, built from the page's configuration: a picture, and over it the features. */
import { asked } from "../lib/address.js";
import { clusterIds, hatchImages, LEAD, leadOf, pillImages } from "./layers.js";
import { nameLayers, nameSources } from "./names.js";
import { GRATICULE_LAYERS, GRATICULE_SOURCES } from "./graticule.js";

/** A MapLibre style for the layers and the selected feature of a page, over the pictures of `scenes`. */
export function buildStyle(config, scenes) {
  const sources = { ...GRATICULE_SOURCES, ...nameSources(config), ...scenes.sources };
  // The public reference identifies a feature, so that a row of the list can light it up.
  for (const layer of config.layers) sources[layer.name] = { type: "vector", url: new URL(layer.tilejson, document.baseURI).href, promoteId: "ref" };
  const layers = [...scenes.layers, ...GRATICULE_LAYERS];
  // The first entry of the legend is drawn on top.
  const upwards = [...config.layers].reverse();
  const names = (layer) => (isNamed(layer, config) ? layer.drawn.labels : []);
  const headline = upwards.filter((layer) => layer.is_headline);
  const others = upwards.filter((layer) => !layer.is_headline);
  // The thick line of the one feature of a page does not cross out the names of places.
  const placeNames = others.flatMap(names);
  const lead = leadOf(config.layers, config.hash && asked(LEAD));
  const quiet = new Set(config.layers.filter((layer) => layer !== lead).flatMap(clusterIds));
  const unlessQuiet = (looks) => looks.map((look) => (quiet.has(look.id) ? { ...look, layout: { ...look.layout, visibility: "none" } } : look));
  const numbers = (some) => unlessQuiet(some.flatMap((layer) => layer.drawn.counts));
  const shapes = (some) => some.flatMap((layer) => [...unlessQuiet(layer.drawn.generalised), ...layer.drawn.features]);
  layers.push(...shapes(others), ...scenes.names);
  layers.push(...(config.select ? [] : placeNames), ...numbers(others));
  // Not even a name hides what the map is opened for.
  layers.push(...shapes(headline));
  if (config.select) {
    sources.selected = { type: "geojson", data: selected(config.select.geojson) };
    layers.push(...config.select.layers);
  }
  layers.push(...(config.select ? placeNames : []), ...headline.flatMap(names), ...numbers(headline), ...nameLayers(config));
  return { version: 8, sources, layers };
}

/** The selected feature: its address, or itself where its address is not open. */
function selected(geojson) {
  return typeof geojson === "string" ? new URL(geojson, document.baseURI).href : geojson;
}

/** The page of a feature says its name, and the names of its neighbours would hide it; those of places tell where it is. */
function isNamed(layer, config) {
  return !config.select || layer.kind === "boundary";
}

/** Patterns that the style names. */
export function addImages(map, config) {
  for (const [name, image] of hatchImages(config.layers)) map.addImage(name, image, { pixelRatio: 2 });
  for (const [name, image, how] of pillImages(config.layers)) map.addImage(name, image, how);
}
