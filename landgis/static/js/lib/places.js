/* Coordinates of a place as people write them: degrees of WGS 84 and the legal systems of the office. */
import { element } from "./dom.js";
import { filled } from "./values.js";
import { pipeline } from "./pipeline.js";

const known = new Map();

/** {forward, inverse} of a system {srid, pipeline}, or null where this device cannot compute it. */
export function transform(system) {
  if (!known.has(system.srid)) known.set(system.srid, pipeline(system.pipeline));
  return known.get(system.srid);
}

/** The lines {label, text, copy} that say where a place is; `copy` is for other programs, with a point in decimals. */
export function placeLines({ systems, messages, lang }, { lng, lat }) {
  const figures = new Intl.NumberFormat(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const legal = systems.filter(transform).map((system) => {
    const [east, north] = transform(system).inverse([lng, lat]);
    const text = filled(messages.plane_place, { north: figures.format(north), east: figures.format(east) });
    return { label: system.name, text, copy: `${north.toFixed(3)} ${east.toFixed(3)}` };
  });
  const degrees = `${lat.toFixed(6)}, ${lng.toFixed(6)}`;
  return [...legal, { label: "WGS 84", text: degrees, copy: degrees }];
}

/** {lng, lat} of what was typed, or null: latitude and longitude, or north and east in the first legal system. */
export function readPlace(text, { systems }) {
  const numbers = (text.match(/-?\d+(?:\.\d+)?/g) || []).map(Number);
  if (numbers.length !== 2) return null;
  const [one, other] = numbers;
  if (Math.max(Math.abs(one), Math.abs(other)) <= 180) {
    const [lat, lng] = Math.abs(one) <= 90 && (Math.abs(other) > 90 || Math.abs(one) <= Math.abs(other)) ? [one, other] : [other, one];
    return Math.abs(lat) <= 85 ? { lng, lat } : null;
  }
  const system = systems.find(transform);
  if (!system) return null;
  // Northings are the longer numbers wherever such systems are used between 5 and 80 degrees of latitude.
  const [lng, lat] = transform(system).forward([Math.min(one, other), Math.max(one, other)]);
  return Number.isFinite(lng) && Number.isFinite(lat) ? { lng, lat } : null;
}

/** A button that copies a text and says so. */
export function copyButton(text, messages, label = messages.copy) {
  const button = element("button", { type: "button", className: "copy", textContent: label });
  button.addEventListener("click", async () => {
    await copy(text());
    button.textContent = messages.copied;
    setTimeout(() => (button.textContent = label), 2000);
  });
  return button;
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Without https there is no clipboard; the old way needs a field on the page.
  const field = element("textarea", { value: text, className: "visually-hidden" });
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  return undefined;
}

/** A list of where a place is, each line with its button, and the way to it. */
export function placeFacts(config, place) {
  const { messages } = config;
  const rows = placeLines(config, place).flatMap(({ label, text, copy: copied }) => [
    element("dt", { textContent: label }),
    element("dd", {}, element("span", { textContent: text }), copyButton(() => copied, { ...messages, copy: messages.copy })),
  ]);
  const way = element("a", { href: `geo:${place.lat.toFixed(6)},${place.lng.toFixed(6)}`, textContent: messages.directions });
  return element("div", { className: "place" }, element("dl", { className: "place__facts" }, ...rows), element("p", {}, way));
}
