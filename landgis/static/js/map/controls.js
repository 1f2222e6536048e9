/* Buttons and furniture round the map, in the reader's language. */
import { AttributionControl, GeolocateControl, NavigationControl, ScaleControl } from "./maplibre.js";
import { element, isWide } from "../lib/dom.js";
import { filled } from "../lib/values.js";
import { Insets } from "./insets.js";
import { SceneBadge } from "./scene-badge.js";

const SMALL_PIXELS = 700;

/** The names of MapLibre's own buttons. */
export function controlTexts(messages) {
  return {
    "AttributionControl.ToggleAttribution": messages.attribution,
    "GeolocateControl.FindMyLocation": messages.locate,
    "GeolocateControl.LocationNotAvailable": messages.locate_failed,
    "Map.Title": `${messages.map}. ${messages.map_help}`,
    "NavigationControl.ZoomIn": messages.zoom_in,
    "NavigationControl.ZoomOut": messages.zoom_out,
    "CooperativeGesturesHandler.WindowsHelpText": messages.ctrl_scroll,
    "CooperativeGesturesHandler.MacHelpText": messages.ctrl_scroll,
    "CooperativeGesturesHandler.MobileHelpText": messages.two_fingers,
  };
}

/** Zoom, whole area, own place, date of the picture, scale and credits; on a phone the buttons are near the thumb. */
export function addControls(map, config, scenes, room, showAll) {
  const side = isWide() ? "top-right" : "bottom-right";
  addCredits(map);
  map.addControl(new NavigationControl({ showCompass: false }), side);
  // The small map inside a page has no room for more on a phone.
  const isRoomy = isWide() || config.hash;
  if (isRoomy) map.addControl(new ButtonControl("map-reset", config.messages.reset, frameIcon(), showAll), side);
  if (isRoomy && navigator.geolocation && window.isSecureContext) addOwnPlace(map, config, side);
  // On a narrow map the badge takes the whole lower edge.
  if (config.insets.length > 0) map.addControl(new Insets(config, room), isWide() && config.hash ? "bottom-right" : "top-left");
  map.addControl(new ScaleControl({ maxWidth: 120, unit: "metric" }), "bottom-left");
  // On the small map of one feature it would cover the outline in the middle, above the scale.
  map.addControl(new SceneBadge(scenes, config), config.select && isSmall(map) ? "top-left" : "bottom-left");
}

/** The button of the own place, which says how far off that may be, and why there is none. */
async function addOwnPlace(map, { messages, lang }, side) {
  const tell = (text) => {
    map.getContainer().parentElement.querySelector(".map__note").textContent = text;
  };
  const refused = () => tell(messages.locate_refused);
  // MapLibre would show a button that does nothing to those who have refused before.
  if (await hasRefused()) {
    map.addControl(new ButtonControl("maplibregl-ctrl-geolocate", messages.locate, element("span", { className: "maplibregl-ctrl-icon", "aria-hidden": "true" }), refused), side);
    return;
  }
  const locate = new GeolocateControl({ positionOptions: { enableHighAccuracy: true }, fitBoundsOptions: { maxZoom: 17 } });
  locate.on("geolocate", ({ coords }) => tell(filled(messages.located, { metres: new Intl.NumberFormat(lang, { maximumFractionDigits: 0 }).format(coords.accuracy) })));
  locate.on("error", ({ code, PERMISSION_DENIED }) => (code === PERMISSION_DENIED ? refused() : tell(messages.locate_failed)));
  map.addControl(locate, side);
}

async function hasRefused() {
  const asked = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
  return asked?.state === "denied";
}

const isSmall = (map) => map.getContainer().clientWidth < SMALL_PIXELS;

/** The credits; on a small map folded from the start, so that they leave the scale in sight. */
function addCredits(map) {
  map.addControl(new AttributionControl({ compact: isSmall(map) }), "bottom-right");
  if (!isSmall(map)) return;
  const box = map.getContainer().querySelector(".maplibregl-ctrl-attrib");
  const fold = () => {
    box.classList.remove("maplibregl-compact-show");
    box.removeAttribute("open");
  };
  fold();
  map.once("idle", fold);
}

class ButtonControl {
  constructor(className, title, icon, act) {
    Object.assign(this, { className, title, icon, act });
  }

  onAdd() {
    const { className, title, icon, act } = this;
    this.container = element("div", { className: "maplibregl-ctrl maplibregl-ctrl-group" }, element("button", { type: "button", className, title, "aria-label": title, onclick: act }, icon));
    return this.container;
  }

  onRemove() {
    this.container.remove();
  }
}

function frameIcon() {
  const space = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  const drawn = { viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true" };
  for (const [name, value] of Object.entries(drawn)) icon.setAttribute(name, value);
  const stroke = { d: "M3 7V3h4m6 0h4v4m0 6v4h-4m-6 0H3v-4", fill: "none", stroke: "currentColor", "stroke-width": 2 };
  for (const [name, value] of Object.entries(stroke)) path.setAttribute(name, value);
  icon.append(path);
  return icon;
}
