/* Dividing on the map: a line that is drawn, or a side that is chosen for a distance or an area; the parts are drawn as the server makes them. */
import { LineString } from "../../../bundles/openlayers.js";
import { Children } from "./children.js";
import { lengthOf, ringsOf, sidesOf } from "./corners.js";
import { Drawing } from "./drawing.js";
import { Findings } from "./findings.js";
import { lengthText } from "./lengths.js";
import { Shaping } from "./shaping.js";

const LINE = "line";
const SIDE_PX = 22; // how far from a side a click still means it

export function open({ config, form, frame, canvas, ground, checks, places }) {
  const { elements } = form;
  const { sources } = canvas;
  const before = canvas.read(config.shape);
  canvas.put("before", [[before]]);
  const drawing = new Drawing({ field: elements.line, system: { select: elements.srid, srid: config.srid }, places, kind: LINE, near: 0 });
  const shaping = new Shaping(frame, canvas, drawing, { targets: [sources.before, sources.neighbours, sources.others], traced: null, preview: () => {} });
  const outer = outerSides(config.shape);
  const how = () => new FormData(form).get("how");
  const show = () => {
    const chosen = how() === LINE ? -1 : Number(elements.side?.value ?? -1);
    canvas.put("sides", outer.map((ends, at) => [new LineString(ends), { at, length: lengthText(lengthOf(ends), canvas), is_chosen: at === chosen }]));
    canvas.layers.own.setVisible(how() === LINE);
  };
  const pen = tools(frame, drawing, shaping, () => choose(form, LINE));
  new Children(frame, canvas, checks);
  new Findings(frame, canvas, checks, { form, ground });
  form.addEventListener("change", show);
  drawing.addEventListener("drawn", () => choose(form, LINE));
  drawing.addEventListener("change", () => { show(); checks.later(); });
  canvas.map.on("singleclick", ({ coordinate }) => {
    const side = shaping.draw || how() === LINE ? null : canvas.featureAt(coordinate, "sides", SIDE_PX);
    if (!side) return;
    elements.side.value = String(side.get("at"));
    elements.side.dispatchEvent(new Event("change", { bubbles: true }));
  });
  frame.help.textContent = frame.words.help_split;
  frame.canvas.addEventListener("keydown", (event) => shaping.key(event) && event.preventDefault(), { capture: true });
  show();
  if (elements.line.value.trim() === "" && how() === LINE) pen();
  if (drawing.rings.length > 0 || elements.distance?.value || elements.area?.value) checks.later();
}

/** The sides of the outlines of all parts, in the order of the form. */
function outerSides({ type, coordinates }) {
  const parts = type === "MultiPolygon" ? coordinates : [coordinates];
  return parts.flatMap(([outer]) => sidesOf(ringsOf({ type: "Polygon", coordinates: [outer] }), true).map(({ ends }) => ends));
}

function choose(form, value) {
  for (const radio of form.elements.how.length ? form.elements.how : [form.elements.how]) radio.checked = radio.value === value;
}

function tools(frame, drawing, shaping, chooseLine) {
  const undo = frame.tool("undo", () => drawing.undo());
  const redo = frame.tool("redo", () => drawing.redo());
  const button = frame.tool(LINE, () => pen(), { isSwitch: true, text: frame.words.line, label: frame.words.draw_split });
  const pen = () => {
    const isOn = shaping.begin((corners) => drawing.change([corners]), LINE);
    if (isOn) chooseLine();
    button.setAttribute("aria-pressed", String(isOn));
    frame.note.textContent = isOn ? frame.words.drawing_line : "";
  };
  shaping.onEnd = () => {
    button.setAttribute("aria-pressed", "false");
    frame.note.textContent = "";
  };
  const remaining = () => {
    undo.disabled = drawing.before.length === 0;
    redo.disabled = drawing.after.length === 0;
  };
  drawing.addEventListener("change", remaining);
  remaining();
  return pen;
}

