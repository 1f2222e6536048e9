/* What the map answers: a click with the card of what lies there, and a goal (of the search, of a link) with the thing itself. */
import { element } from "../lib/dom.js";
import { Card } from "./card.js";
import { Focus } from "./focus.js";
import { featuresAt, setState, watchInspection } from "./inspect.js";
import { titleOf } from "./layers.js";
import { LngLat, Marker } from "./maplibre.js";
import { isWithheld } from "./scenes.js";

const NEAR_ZOOM = 19; // at which a lot of a street has room for its name
const CLEAR_PX = 60;

export class Answers {
  /** `onCard(open)` hears of the card, `onPick(feature)` of what it is about; `withMargin(covered)` gives the padding of a view. */
  constructor(map, frame, config, scenes, { onCard, onPick, withMargin }) {
    Object.assign(this, { map, frame, config, scenes, onCard, onPick, withMargin });
    this.focus = config.hash ? new Focus(map, config, scenes) : null;
    this.asked = new Marker({ element: element("span", { className: "asked", "aria-hidden": "true" }) });
    this.picked = null;
    this.place = null;
    this.card = new Card(frame, config, { onPoint: (feature) => this.pick(feature), onClose: () => this.closed() });
    // A tool that takes clicks for itself says so on the frame.
    map.once("load", () => watchInspection(map, config.layers, (found, point) => frame.dataset.tool === "measure" || this.answer(found, point)));
  }

  /** Shows the found features at a point of the screen. */
  answer(found, point) {
    this.open(found, this.map.unproject(point).wrap());
    this.asked.setLngLat(this.place).addTo(this.map);
    this.uncover(point);
  }

  /** Shows one feature wherever it was found, alike from everywhere; `isThere` where the map shows it already. */
  arrive({ lon, lat, bbox, dataset, ref, title }, isThere = false) {
    const layer = this.config.layers.find(({ name }) => name === dataset);
    const wanted = layer && { layer, ref, title, properties: {} };
    this.asked.remove();
    this.open(wanted ? [wanted] : [], new LngLat(lon, lat));
    if (!wanted) this.asked.setLngLat(this.place).addTo(this.map);
    const box = bbox || [lon, lat, lon, lat];
    if (!isThere) this.fit(box, { maxDuration: 3000 });
    // What lies there is known when the tiles have come. The card says the first of it at once, and may grow.
    const mine = this.place;
    this.map.once("idle", () => {
      if (!this.card.isOpen || this.place !== mine) return;
      const here = featuresAt(this.map, this.config.layers, this.map.project(mine));
      const seen = here.find((feature) => feature.layer === layer && feature.ref === ref);
      this.card.fill([seen || wanted, ...here.filter((feature) => feature !== seen)].filter(Boolean), mine);
      if (!isThere) this.fit(box, { duration: 0 });
    });
  }

  open(found, place) {
    this.place = place;
    this.pick(found[0] || null);
    this.onCard(true);
    this.card.show(found, place);
    this.tellOfGround(place);
  }

  /** Ground that is not shown looks like a field of one colour: the card says what it is. */
  async tellOfGround(place) {
    const isHidden = await isWithheld(place, this.scenes, this.config);
    if (isHidden && this.card.isOpen && this.place === place) this.card.note(this.config.messages.ground_withheld);
  }

  /** What the card says of these layers is read again, for what is published has changed. */
  async renew(layers) {
    if (!this.card.isOpen) return;
    const renewed = await this.card.renew(layers);
    if (renewed.includes(this.picked)) this.pick(this.picked.isGone ? null : this.picked);
  }

  pick(feature) {
    if (this.focus) this.focus.show(feature, feature && titleOf(feature), this.place.toArray());
    else {
      if (this.picked) setState(this.map, this.picked, { picked: false });
      if (feature) setState(this.map, feature, { picked: true });
    }
    this.picked = feature;
    this.onPick(feature);
  }

  closed() {
    this.pick(null);
    this.asked.remove();
    this.onCard(false);
    // What hid with the card had the focus, or nothing: what a reader is at keeps it.
    if (!this.card.box.contains(document.activeElement) && document.activeElement !== document.body) return;
    this.map.getCanvas().focus({ preventScroll: true });
  }

  /** The whole box in the part of the map that the card leaves free: above it where it spans the map, else beside it. */
  fit(box, how) {
    const { outer, inner, isAcross } = this.sides();
    const padding = this.withMargin(isAcross ? { bottom: outer.bottom - inner.top } : { left: inner.right - outer.left });
    this.map.fitBounds(box, { padding, maxZoom: NEAR_ZOOM, ...how });
  }

  /** Moves the map where the card would hide the chosen place. */
  uncover(point) {
    const { outer, inner, isAcross } = this.sides();
    const x = point.x + outer.left;
    const y = point.y + outer.top;
    const isHidden = x >= inner.left && x <= inner.right && y >= inner.top && y <= inner.bottom;
    if (isHidden) this.map.panBy(isAcross ? [0, y - inner.top + CLEAR_PX] : [x - inner.right - CLEAR_PX, 0]);
  }

  sides() {
    const outer = this.frame.getBoundingClientRect();
    const inner = this.card.box.getBoundingClientRect();
    return { outer, inner, isAcross: inner.width > outer.width / 2 };
  }
}
