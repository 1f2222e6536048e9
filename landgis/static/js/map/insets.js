/* Far parts of the territory, each as a small picture in the corner instead of an empty sea between. */
import { element } from "../lib/dom.js";
import { filled } from "../lib/values.js";

/** The buttons of the far parts {name, bounds, picture}; `go(bounds)` leads there. */
export function insetButtons({ insets, messages }, go) {
  return insets.map(({ name, bounds, picture }) => {
    const image = element("img", { src: picture, alt: "", width: 132, height: 110 });
    image.addEventListener("error", () => image.remove());
    return element("button", { type: "button", className: "inset", "aria-label": filled(messages.inset, { name }), onclick: () => go(bounds) }, image, element("span", { textContent: name }));
  });
}

/** A control of MapLibre: a far part is shown while the map is far out and does not show it itself. */
export class Insets {
  constructor(config, room) {
    this.config = config;
    this.room = room;
  }

  onAdd(map) {
    this.map = map;
    this.buttons = insetButtons(this.config, (bounds) => map.fitBounds(bounds, this.room()));
    this.box = element("div", { className: "insets maplibregl-ctrl" }, ...this.buttons);
    this.tell = () =>
      this.buttons.forEach((button, index) => {
        button.hidden = isSeen(map, this.config.insets[index].bounds);
      });
    map.on("moveend", this.tell);
    this.tell();
    return this.box;
  }

  onRemove() {
    this.map.off("moveend", this.tell);
    this.box.remove();
  }
}

const NEAR_ZOOM = 11.5;

function isSeen(map, [west, south, east, north]) {
  const view = map.getBounds();
  const meets = west < view.getEast() && view.getWest() < east && south < view.getNorth() && view.getSouth() < north;
  return meets || map.getZoom() > NEAR_ZOOM;
}
