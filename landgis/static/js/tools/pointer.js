/* Where the pointer is, in the corner of a wide map. On a phone, and by keyboard, the card says it of the chosen place. */
import { element } from "../lib/dom.js";
import { placeLines } from "../lib/places.js";

/** A control of MapLibre. */
export class PointerPlace {
  constructor(config) {
    this.config = config;
  }

  onAdd(map) {
    this.map = map;
    this.box = element("div", { className: "pointer-place maplibregl-ctrl", hidden: true, "aria-hidden": "true" });
    this.show = ({ lngLat }) => {
      cancelAnimationFrame(this.waiting);
      this.waiting = requestAnimationFrame(() => this.tell(lngLat.wrap()));
    };
    this.hide = () => (this.box.hidden = true);
    map.on("mousemove", this.show);
    map.on("mouseout", this.hide);
    return this.box;
  }

  onRemove() {
    this.map.off("mousemove", this.show);
    this.map.off("mouseout", this.hide);
    this.box.remove();
  }

  tell(place) {
    this.box.replaceChildren(...placeLines(this.config, place).map(({ label, text }) => element("span", { textContent: `${label}: ${text}` })));
    this.box.hidden = false;
  }
}
