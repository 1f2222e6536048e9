/* What lies round the feature: asked of the server for what is in view, kept by ref, each corner to the millimetre. */
import { ringsOf, rounded } from "./corners.js";

const FARTHEST_M = 3_900; // a side of the box: the server takes 4 km
const REST_MS = 200;
const ROOM = 0.15; // of the view, beyond each edge

export class Ground extends EventTarget {
  constructor(canvas, config, places) {
    super();
    Object.assign(this, { canvas, config, places });
    this.known = new Map(); // ref -> {ref, title, revision, rings, shape, is_elsewhere, is_draft}
    this.others = new Map();
    canvas.map.on("moveend", () => this.later());
    this.later();
  }

  /** Ref -> rings of what may move along: of areas and lines what is nobody else's. */
  get rings() {
    return new Map([...this.known].filter(([, { is_elsewhere }]) => !is_elsewhere).map(([ref, { rings }]) => [ref, rings]));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), REST_MS);
  }

  get box() {
    const [west, south, east, north] = this.canvas.view.calculateExtent(this.canvas.map.getSize());
    const [wide, high] = [(east - west) * ROOM, (north - south) * ROOM];
    return [west - wide, south - high, east + wide, north + high];
  }

  async ask() {
    const box = this.box;
    const isFar = Math.max(box[2] - box[0], box[3] - box[1]) * this.canvas.unit > FARTHEST_M;
    this.tell({ isFar });
    if (isFar || (this.asked && holds(this.asked, box))) return;
    this.aborter?.abort();
    this.aborter = new AbortController();
    const digits = this.config.unit_m ? 1 : 7;
    const query = new URLSearchParams({ ref: this.config.ref, srid: this.config.srid, box: box.map((side) => side.toFixed(digits)).join(","), others: 1 });
    const into = new URLSearchParams(window.location.search).get("in");
    if (into) query.set("in", into);
    try {
      const answer = await fetch(`${this.config.ground}?${query}`, { signal: this.aborter.signal });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const told = await answer.json();
      this.asked = told.is_cut ? null : box;
      for (const one of told.features) this.known.set(one.ref, this.taken(one));
      for (const one of told.others ?? []) this.others.set(`${one.dataset} ${one.ref}`, one);
      this.known.delete(this.config.ref);
      this.tell({ isCut: told.is_cut });
    } catch (error) {
      if (error.name !== "AbortError") this.tell({ hasFailed: true });
    }
  }

  taken(one) {
    return { ...one, rings: ringsOf(one.shape).map((ring) => ring.map((corner) => rounded(corner, this.places))) };
  }

  tell(detail) {
    this.dispatchEvent(new CustomEvent("change", { detail }));
  }
}

function holds([west, south, east, north], [left, low, right, high]) {
  return west <= left && south <= low && right <= east && high <= north;
}

/** What stands on the map: the number of a parcel without commune and sheet. */
export function shortOf(ref) {
  return ref.split("-").at(-1).replace(/^0+(?=\d)/, "");
}
