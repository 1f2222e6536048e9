/* Small helpers for building and reading the page. */

/** An element with properties and children; a child is an element or a text. */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** The JSON that the page carries in a script element, or null. */
export function readJson(id) {
  const script = document.getElementById(id);
  return script ? JSON.parse(script.textContent) : null;
}

/** Acts whenever the fold opens; it may have been opened before the script that asks came. */
export function whenOpen(fold, act) {
  const told = () => fold.open && act();
  fold.addEventListener("toggle", told);
  told();
}

const SPACE = "http://www.w3.org/2000/svg";

/** A small drawing of a kind of feature in its colour, the same as in the legend (templates/pages/_swatch.html). */
export function swatch(kind, colour) {
  const line = { fill: "none", stroke: colour, "stroke-width": 2.5 };
  const marks = {
    area: [["rect", { x: 4, y: 4, width: 12, height: 12, fill: colour, "fill-opacity": 0.5, stroke: colour, "stroke-width": 2.5 }]],
    outline: [["rect", { ...line, x: 4, y: 4, width: 12, height: 12, "stroke-width": 2 }], ["path", { ...line, d: "M5 11l6-6M5 15l10-10M9 15l6-6", "stroke-width": 1 }]],
    boundary: [["path", { ...line, d: "M1 14q5-9 9-4t9-5" }]],
    mesh: [["path", { ...line, d: "M3 4h14M3 16h14M3 10h14M7 4v12M13 4v12", "stroke-width": 1.2 }]],
    line: [["path", { ...line, d: "M2 15l6-6 4 4 6-8" }]],
    point: [["circle", { cx: 10, cy: 10, r: 4.5, fill: colour }]],
  };
  const image = shape("svg", { class: "swatch swatch--small", viewBox: "0 0 20 20", "aria-hidden": "true" });
  image.append(shape("rect", { width: 20, height: 20, rx: 3, class: "swatch__ground" }), ...marks[kind].map(([tag, drawn]) => shape(tag, drawn)));
  return image;
}

function shape(tag, attributes) {
  const node = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/** True where the page has room for the map beside its text; the same width as in the style sheets. */
export function isWide() {
  return window.matchMedia("(min-width: 60rem)").matches;
}

/** True for readers who set their device so: nothing fades in either. */
export function prefersLessMotion() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
