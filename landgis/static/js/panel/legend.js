/* The legend's entries switch the layers of the map; what is off is kept in the address. */
import { asked, keep } from "../lib/address.js";
import { isWide } from "../lib/dom.js";
import { clusterIds, layerIds, LEAD, leadOf } from "../map/layers.js";

const PARAMETER = "off";

/** The boxes as the address has them, not as the browser remembers them. */
export function readBoxes(layers) {
  const off = (asked(PARAMETER) || "").split(",");
  for (const layer of layers) {
    const box = boxOf(layer);
    if (box) box.checked = !off.includes(layer.name);
  }
}

function boxOf(layer) {
  return document.querySelector(`input[data-layer="${layer.name}"]`);
}

/** Keeps the address in step with the boxes, where no live map listens to them. */
export function keepLegendAddress(layers) {
  for (const layer of layers) boxOf(layer)?.addEventListener("change", keepBoxes);
}

/** Joins the legend's boxes and hints to a map that is being drawn. */
export function joinLegend(map, layers) {
  for (const layer of layers) {
    const box = boxOf(layer);
    if (box) joinBox(map, layer, box);
    const hint = document.querySelector(`[data-zoom-hint="${layer.name}"]`);
    if (hint) joinHint(map, layer, hint, box);
  }
}

/** Lets one layer say its numbers: what a button of the legend asks for, else the first that is shown. */
export function joinLead(map, layers) {
  const buttons = [...document.querySelectorAll("button[data-lead]")];
  const keys = [...document.querySelectorAll("[data-key]")];
  // A phone has room for one line of it.
  for (const key of keys) key.open ||= isWide();
  const isShown = (layer) => boxOf(layer)?.checked !== false;
  const isDrawn = (ids) => map.queryRenderedFeatures({ layers: ids.filter((id) => map.getLayer(id)) }).length > 0;
  let lead = null;
  const show = () => {
    lead = leadOf(layers, asked(LEAD), isShown);
    for (const layer of layers)
      for (const id of clusterIds(layer)) if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", layer === lead ? "visible" : "none");
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.lead === lead?.name));
    for (const key of keys) key.hidden = key.dataset.key !== lead?.name;
  };
  // What explains nothing that is drawn would only cover the map.
  const explain = () => {
    for (const key of keys) {
      if (key.dataset.key !== lead?.name) continue;
      key.hidden = !isDrawn(layerIds(lead));
      for (const [part, looks] of [["numbers", lead.drawn.counts], ["ground", lead.drawn.generalised]])
        for (const words of key.querySelectorAll(`[data-${part}]`)) words.hidden = !isDrawn(looks.map(({ id }) => id));
    }
  };
  for (const button of buttons) {
    button.hidden = buttons.length < 2;
    button.addEventListener("click", () => {
      const { lead: name } = button.dataset;
      keep(LEAD, asked(LEAD) === name ? null : name);
      switchOn(name);
      show();
    });
  }
  for (const layer of layers) boxOf(layer)?.addEventListener("change", show);
  map.once("style.load", show);
  map.on("idle", explain);
}

/** Switches the layer of a dataset on, for what was found by other ways than the map. */
export function switchOn(name) {
  const box = document.querySelector(`input[data-layer="${name}"]`);
  if (box && !box.checked) box.click();
}

function keepBoxes() {
  const off = [...document.querySelectorAll("input[data-layer]")].filter((box) => !box.checked).map((box) => box.dataset.layer);
  keep(PARAMETER, off.length ? off.join(",") : null);
}

function joinBox(map, layer, box) {
  const show = () => {
    const visibility = box.checked ? "visible" : "none";
    for (const id of layerIds(layer)) if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", visibility);
  };
  box.addEventListener("change", show);
  box.addEventListener("change", keepBoxes);
  map.once("style.load", show);
}

function joinHint(map, layer, hint, box) {
  const show = () => (hint.hidden = map.getZoom() >= layer.minzoom || box?.checked === false);
  map.on("zoomend", show);
  map.once("load", show);
  box?.addEventListener("change", show);
}
