/* The rows of a list and the map beside them: what one points at, the other shows. */
import { setState } from "./inspect.js";
import { clusterIds } from "./layers.js";
import { keepLegible } from "./names.js";

const FINE = 100_000; // of a degree, as in landgis/pages/list_map.py
const ROUGH = 10; // of these
const SMALL_PX = 24; // what is smaller on the screen is ringed
const SETTLED_MS = 150;
const LOOKS = [
  { id: "row-casing", type: "line", paint: { "line-color": "#14232b", "line-width": 5 } },
  { id: "row-line", type: "line", paint: { "line-color": "#fff", "line-width": 2.5 } },
  { id: "row-ring", type: "circle", filter: ["has", "is_small"], paint: { "circle-radius": 13, "circle-opacity": 0, "circle-stroke-color": "#fff", "circle-stroke-width": 3 } },
  { id: "row-edge", type: "circle", filter: ["has", "is_small"], paint: { "circle-radius": 16, "circle-opacity": 0, "circle-stroke-color": "#14232b", "circle-stroke-width": 1.5 } },
];

export class ListRows {
  /** Of a map that has been loaded; `config.rows` says where the rows of the page lie. */
  constructor(map, frame, config, scenes) {
    this.map = map;
    this.frame = frame;
    this.config = config;
    this.rows = grounds(config.rows);
    this.shown = null;
    this.held = null; // the row of the card that is open
    keepLegible(map, this.draw(), scenes);
    const body = document.querySelector(".rows");
    const at = ({ target }) => target.closest("tr")?.dataset.ref || null;
    body.addEventListener("mouseover", (event) => this.show(at(event)));
    body.addEventListener("mouseleave", () => this.show(this.held));
    body.addEventListener("focusin", (event) => this.show(at(event)));
    body.addEventListener("focusout", () => this.show(this.held));
    let waiting = 0;
    window.addEventListener("scroll", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.follow(), SETTLED_MS);
    }, { passive: true });
    // Whoever pointed at a row before the map had come.
    this.show(pointedAt());
  }

  /** Gives the layers of names. */
  draw() {
    const { look, by } = this.config.rows;
    const { layout, paint } = this.config.name_look;
    const mine = { source: "row" };
    const names = [{ id: "row-name", paint }];
    if (by) {
      this.map.addSource("rows", { type: "geojson", data: collection([...this.rows].map(([ref, { place }]) => point(place, { ref }))) });
      this.map.addLayer({ id: "rows-names", type: "symbol", source: "rows", layout: { ...look.layout, "text-field": ["get", "ref"] }, paint: look.paint }, this.numbers());
      names.push({ id: "rows-names", paint: look.paint });
    }
    this.map.addSource("row", { type: "geojson", data: collection([]) });
    for (const shape of LOOKS) this.map.addLayer({ ...mine, ...shape });
    // Below what it names: of a small lot it would hide the outline.
    this.map.addLayer({ ...mine, id: "row-name", type: "symbol", filter: ["has", "title"], layout: { ...layout, "text-anchor": "top", "text-offset": [0, 1.4], "text-field": ["get", "title"] }, paint });
    return names;
  }

  /** Outlines and names what a row is about, and moves the map where it lies out of sight; nothing for no row. */
  show(ref) {
    if (ref === this.shown) return;
    this.light(this.shown, false);
    this.shown = ref;
    this.light(ref, true);
    const found = this.rows.get(ref);
    // Its whole name takes the place of the short one.
    if (this.config.rows.by) this.map.setFilter("rows-names", ["!=", ["get", "ref"], ref || ""]);
    this.map.getSource("row").setData(collection(found ? this.drawn(ref, found) : []));
    if (found && !this.map.getBounds().contains(found.place)) this.map.easeTo({ center: found.place });
  }

  drawn(ref, { box, place }) {
    const [west, south, east, north] = box;
    const [low, high] = [[west, south], [east, north]].map((corner) => this.map.project(corner));
    const isSmall = Math.max(high.x - low.x, low.y - high.y) < SMALL_PX;
    const title = rowOf(ref).querySelector(".rows__name a").textContent.trim().split(",")[0];
    const name = point(place, { title, ...(isSmall ? { is_small: true } : {}) });
    const round = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    // A feature of the map has an outline of its own; of what others stand for it goes round all of them.
    return this.config.rows.by && !isSmall ? [name, { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: round } }] : [name];
  }

  light(ref, picked) {
    const row = ref && rowOf(ref);
    if (!row) return;
    row.toggleAttribute("data-lit", picked);
    if (!this.config.rows.by && ref !== this.held) setState(this.map, { layer: this.config.layers[0], ref }, { picked });
  }

  /** The lowest layer that says numbers: names below it find their places after these, and give way to them. */
  numbers() {
    const ids = new Set(this.config.layers.flatMap(clusterIds));
    return this.map.getStyle().layers.find(({ id }) => ids.has(id))?.id;
  }

  /** Shows what the row in the middle of the screen is about, where the map is seen beside it. */
  follow() {
    const { top, bottom } = this.frame.getBoundingClientRect();
    if (this.held || bottom <= 0 || top >= window.innerHeight) return;
    const middle = [...document.querySelectorAll("tr[data-ref]")].find((row) => row.getBoundingClientRect().bottom > window.innerHeight / 2);
    this.show(pointedAt() || middle?.dataset.ref);
  }

  /** Lights the row of a feature {layer, ref} of the map, and brings it into sight where the map stays there; of none for null. */
  async bring(feature) {
    const ref = feature && (await this.refOf(feature));
    this.held = this.rows.has(ref) ? ref : null;
    this.show(this.held);
    const isBeside = getComputedStyle(this.frame.closest(".map-fold")).position === "sticky";
    if (this.held && isBeside) rowOf(ref).scrollIntoView({ block: "nearest" });
  }

  /** Of what stands for a row, the row that it names. */
  async refOf({ layer, ref }) {
    const { by } = this.config.rows;
    if (layer !== this.config.layers[0]) return null;
    if (!by) return ref;
    const answer = await fetch(`${layer.url}${encodeURIComponent(ref)}.json`);
    return answer.ok ? (await answer.json())[by] : null;
  }
}

function rowOf(ref) {
  return document.querySelector(`tr[data-ref="${CSS.escape(ref)}"]`);
}

function pointedAt() {
  return document.querySelector("tr[data-ref]:is(:hover, :focus-within)")?.dataset.ref || null;
}

/**
 * Where the rows lie, by their ref: a place of each, and the box round it (of features of the map a square as wide as they are long),
 * in degrees; without those that lie nowhere.
 */
function grounds({ at, by }) {
  const found = new Map();
  const step = by ? 6 : 3;
  let [x, y] = [0, 0];
  [...document.querySelectorAll("tr[data-ref]")].forEach((row, index) => {
    const [right, up, length, high, inX = 0, inY = 0] = at.slice(index * step, (index + 1) * step);
    [x, y] = [x + right, y + up];
    if (length < 0) return;
    const [width, height] = by ? [length, high] : [length * ROUGH, length * ROUGH];
    const [west, south] = by ? [x, y] : [x - width / 2, y - width / 2];
    const box = [west, south, west + width, south + height].map((side) => side / FINE);
    found.set(row.dataset.ref, { box, place: [(x + inX) / FINE, (y + inY) / FINE] });
  });
  return found;
}

function point(coordinates, properties) {
  return { type: "Feature", properties, geometry: { type: "Point", coordinates } };
}

function collection(features) {
  return { type: "FeatureCollection", features };
}
