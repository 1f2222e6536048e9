/* The one feature that the map is about: outlined over the ground, named, its neighbours quiet, and in the address. */
import { keep } from "../lib/address.js";
import { layerIds } from "./layers.js";

const PARAMETER = "feature";
const QUIET = 0.4;
const OPACITIES = { fill: ["fill-opacity"], line: ["line-opacity"], circle: ["circle-opacity", "circle-stroke-opacity"], symbol: ["text-opacity"] };
const NAME = "focus-name";
const FARTHEST = 0;
const NEVER = 24; // a zoom that no map has

export class Focus {
  constructor(map, config, scenes) {
    this.map = map;
    this.config = config;
    this.scenes = scenes;
    this.drawn = [];
    this.usual = null;
    this.feature = null;
    map.on("idle", () => this.makeRoom());
  }

  /** Outlines a feature {layer, ref}, or none for null; `title` and `place` [lng, lat] say what is written and where. */
  show(feature, title, place) {
    this.erase();
    this.feature = feature;
    keep(PARAMETER, feature && `${feature.layer.name}/${feature.ref}`);
    if (feature) this.draw(feature, title, place);
    else this.rouse();
  }

  draw({ layer, ref }, title, place) {
    // As all others: what is made up is not drawn over a real base map.
    const real = this.scenes.hidesMadeUp ? [["!=", ["get", "is_made_up"], true]] : [];
    const filter = ["all", ["==", ["get", "ref"], ref], ...real];
    const source = { source: layer.name, "source-layer": layer.name, filter };
    const outline = layer.outline.map((look) => ({ ...look, ...source, id: `focus-${look.id}` }));
    const inside = layer.drawn.labels.filter(needsRoom).map((look) => ({ ...look, filter: [...filter, look.filter], id: `focus-${look.id}` }));
    this.drawn = [...outline, ...inside.map((look) => ({ ...look, paint: this.scenes.written(look.paint) }))];
    for (const look of this.drawn) this.map.addLayer(look);
    this.write(title, place);
    this.hush();
  }

  erase() {
    for (const { id } of this.drawn) this.map.removeLayer(id);
    this.drawn = [];
    if (!this.map.getLayer(NAME)) return;
    this.map.removeLayer(NAME);
    this.map.removeSource(NAME);
  }

  write(title, place) {
    const { layout: plain, paint } = this.config.name_look;
    // Below the place: of a small lot it would hide the outline. What follows a comma says where it is.
    const layout = { ...plain, "text-anchor": "top", "text-offset": [0, 1.6], "text-field": title.split(",")[0] };
    this.map.addSource(NAME, { type: "geojson", data: { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: place } } });
    this.map.addLayer({ id: NAME, type: "symbol", source: NAME, layout, paint: this.scenes.written(paint) });
  }

  /** Its name goes where its label finds room inside it. */
  makeRoom() {
    if (!this.feature || !this.map.getLayer(NAME)) return;
    const { layer, ref } = this.feature;
    const asked = { sourceLayer: `${layer.name}-labels`, filter: ["==", ["get", "ref"], ref] };
    const [label] = layer.drawn.labels.some(needsRoom) ? this.map.querySourceFeatures(layer.name, asked) : [];
    const until = label?.properties.fits_from ?? NEVER;
    if (this.map.getLayer(NAME).maxzoom !== until) this.map.setLayerZoomRange(NAME, FARTHEST, until);
  }

  /** Everything else stays to be seen, and steps back. */
  hush() {
    if (this.usual) return;
    const ids = this.config.layers.flatMap(layerIds).filter((id) => this.map.getLayer(id));
    this.usual = ids.flatMap((id) => OPACITIES[this.map.getLayer(id).type].map((name) => [id, name, this.map.getPaintProperty(id, name)]));
    for (const [id, name, value] of this.usual) this.map.setPaintProperty(id, name, fainter(value ?? 1));
  }

  rouse() {
    for (const [id, name, value] of this.usual || []) this.map.setPaintProperty(id, name, value);
    this.usual = null;
  }
}

/** Whether a label is written only where it fits (landgis/catalog/label_room.py). */
function needsRoom({ filter }) {
  return filter !== undefined;
}

/** An opacity times QUIET; the zoom may stand at the top of an expression only. */
function fainter(value) {
  if (typeof value === "number") return value * QUIET;
  if (value[0] !== "interpolate") return ["*", QUIET, value];
  return value.map((part, index) => (index > 3 && index % 2 === 0 ? ["*", QUIET, part] : part));
}
