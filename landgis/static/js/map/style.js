/* The style of the map, built from the page's configuration: a picture, and over it the features. */
import { CASING } from "./edges.js";
import { areaLayers, hatchImages, labelLayers } from "./layers.js";
import { nameLayers, nameSources } from "./names.js";
import { countLayers } from "./counts.js";
import { GRATICULE_LAYERS, GRATICULE_SOURCES } from "./graticule.js";

/** A MapLibre style for the layers and the selected feature of a page, over the pictures of `scenes`. */
export function buildStyle(config, scenes) {
  const sources = { ...GRATICULE_SOURCES, ...nameSources(config), ...scenes.sources };
  // The public reference identifies a feature, so that a row of the list can light it up.
  for (const layer of config.layers) sources[layer.name] = { type: "vector", url: new URL(layer.tilejson, document.baseURI).href, promoteId: "ref" };
  const layers = [...scenes.layers, ...GRATICULE_LAYERS];
  // The first entry of the legend is drawn on top.
  const upwards = [...config.layers].reverse();
  const names = (layer) => (isNamed(layer, config) ? labelLayers(layer, config) : []);
  const headline = upwards.filter((layer) => layer.is_headline);
  const others = upwards.filter((layer) => !layer.is_headline);
  layers.push(...others.flatMap((layer) => areaLayers(layer)));
  // The thick line of the one feature of a page does not cross out the names of places.
  const placeNames = others.flatMap(names);
  layers.push(...(config.select ? [] : placeNames), ...upwards.flatMap((layer) => countLayers(layer, config.lang)));
  // Not even a name hides what the map is opened for.
  layers.push(...headline.flatMap((layer) => areaLayers(layer)));
  if (config.select) {
    sources.selected = { type: "geojson", data: new URL(config.select.geojson, document.baseURI).href };
    layers.push(...selectedLayers(config.select));
  }
  layers.push(...(config.select ? placeNames : []), ...headline.flatMap(names), ...nameLayers(config));
  return { version: 8, sources, layers };
}

/** The page of a feature says its name, and the names of its neighbours would hide it; those of places tell where it is. */
function isNamed(layer, config) {
  return !config.select || layer.kind === "boundary";
}

/** Patterns that the style names. */
export function addImages(map, config) {
  for (const [name, image] of hatchImages(config.layers)) map.addImage(name, image, { pixelRatio: 2 });
}

export const SELECTED_IDS = ["selected-fill", "selected-rim", "selected-casing", "selected-line"];

function selectedLayers({ colour, kind }) {
  // A boundary is drawn in white itself, and needs a dark edge.
  const [edge, wide] = kind === "boundary" ? [CASING, 5.5] : ["#ffffff", 7];
  const line = { type: "line", source: "selected", layout: { "line-join": "round" } };
  return [
    { id: "selected-fill", type: "fill", source: "selected", paint: { "fill-color": colour, "fill-opacity": 0.12 } },
    { ...line, id: "selected-rim", paint: { "line-color": CASING, "line-width": wide + 2 } },
    { ...line, id: "selected-casing", paint: { "line-color": edge, "line-width": wide } },
    { ...line, id: "selected-line", paint: { "line-color": colour, "line-width": 3.5 } },
  ];
}
