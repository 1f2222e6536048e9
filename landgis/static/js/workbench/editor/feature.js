/* The editor of one feature: its corners shaped on the map, by keys or by numbers, with the neighbours that move along. */
import { element } from "../../lib/dom.js";
import { AlongList } from "./along-list.js";
import { addBehind, CornerList, moveCorner, nudged, removeCorner } from "./corner-list.js";
import { partsOf } from "./corners.js";
import { Drawing } from "./drawing.js";
import { Findings } from "./findings.js";
import { showAlong, showCorners } from "./scenery.js";
import { Shaping } from "./shaping.js";
import { Typed } from "./typed.js";

const NEAR = { metres: 0.002, degrees: 2e-8 }; // what two datasets of the millimetre take for one corner

export function open({ config, form, frame, canvas, ground, checks, places }) {
  const field = form.elements.corners;
  const near = config.unit_m ? NEAR.metres / canvas.unit : NEAR.degrees;
  const drawing = new Drawing({ field, system: { select: form.elements.srid, srid: config.srid }, places, kind: config.geometry, near, neighbours: () => ground.rings });
  if (config.shape) canvas.put("before", [[canvas.read(config.shape)]]);
  const { sources } = canvas;
  const shaping = new Shaping(frame, canvas, drawing, {
    targets: [sources.neighbours, sources.others, sources.before, sources.under],
    traced: sources.neighbours,
    preview: (rings) => show(rings, drawing.alongFor(rings)),
  });
  const show = (rings = drawing.rings, along = drawing.along) => {
    showCorners(canvas, drawing, rings);
    showAlong(canvas, along, config.geometry);
  };
  new Findings(frame, canvas, checks, { form, ground });
  if (config.geometry !== "point") new AlongList(frame, form, drawing, ground);
  new CornerList(frame, canvas, drawing);
  new Typed(frame, canvas, drawing);
  foldOfSurvey({ config, form, frame, canvas, drawing });
  const pen = tools(frame, drawing, shaping, config);
  drawing.addEventListener("change", () => { show(); checks.later(); });
  drawing.addEventListener("select", () => show());
  form.elements.srid?.addEventListener("change", () => {
    frame.note.textContent = Number(form.elements.srid.value) === config.srid ? "" : frame.words.other_system;
  });
  frame.help.textContent = frame.words.help;
  listen(frame, canvas, drawing, shaping);
  show();
  if (field.value.trim() === "") pen();
  checks.later();
}

/** A surveyor's file: its script comes when the fold is opened. */
function foldOfSurvey(about) {
  const { frame, form } = about;
  const host = element("div", { className: "editor__survey" });
  const fold = element("details", { className: "editor__typed" }, element("summary", {}, frame.words.survey), host);
  frame.side.append(element("section", { className: "editor__box" }, fold));
  for (const link of form.querySelectorAll("[data-survey]")) link.hidden = true; // the same without a script
  fold.addEventListener("toggle", async () => {
    const { Underlay } = await import("../survey/underlay.js");
    new Underlay({ ...about, host });
  }, { once: true });
}

function tools(frame, drawing, shaping, { geometry }) {
  const undo = frame.tool("undo", () => drawing.undo());
  const redo = frame.tool("redo", () => drawing.redo());
  const remaining = () => {
    undo.disabled = drawing.before.length === 0;
    redo.disabled = drawing.after.length === 0;
  };
  drawing.addEventListener("change", remaining);
  remaining();
  const drawPart = () => pen(0, (corners) => (geometry === "point" ? drawing.change([corners]) : shaping.addPart(corners)));
  const pens = [frame.tool("part", drawPart, { isSwitch: true, label: frame.words[`draw_${geometry}`] })];
  if (geometry === "area") pens.push(frame.tool("hole", () => pen(1, (corners) => shaping.addHole(corners) || frame.say(frame.words.no_hole)), { isSwitch: true }));
  const pen = (at, take) => {
    const isOn = shaping.begin(take);
    pens[at].setAttribute("aria-pressed", String(isOn));
    frame.note.textContent = isOn ? frame.words.drawing : "";
    if (isOn) frame.say(frame.words.drawing);
  };
  shaping.onEnd = () => {
    for (const one of pens) one.setAttribute("aria-pressed", "false");
    frame.note.textContent = "";
  };
  const chosen = (act) => () => (drawing.selected ? act(drawing.selected) : frame.say(frame.words.choose_first));
  const remove = frame.tool("delete", chosen((place) => removeCorner(frame, drawing, place)));
  const ring = frame.tool("remove", chosen((place) => removeRing(frame, drawing, place)));
  const usable = () => { remove.disabled = ring.disabled = !drawing.selected; };
  drawing.addEventListener("select", usable);
  usable();
  return drawPart;
}

/** A hole, or a part with its holes: behind no ring that they lie in they would be parts of their own. */
function removeRing(frame, drawing, { ring }) {
  const chosen = drawing.rings[ring];
  const part = drawing.isClosed ? partsOf(drawing.rings).find(([outer]) => outer === chosen) : null;
  const left = drawing.rings.filter((one) => !(part ?? [chosen]).includes(one));
  if (left.length === 0) return frame.say(frame.words.only_ring);
  drawing.select(null);
  drawing.change(left);
  return frame.say(frame.words.ring_removed);
}

function listen(frame, canvas, drawing, shaping) {
  frame.canvas.addEventListener("keydown", (event) => {
    const chosen = drawing.selected;
    const to = chosen && !shaping.draw ? nudged(event, drawing.corner(chosen), canvas.unit) : null;
    const acts = { Delete: () => removeCorner(frame, drawing, chosen), Insert: () => addBehind(frame, drawing, chosen), Escape: () => drawing.select(null) };
    if (shaping.key(event)) return taken(event);
    if (!chosen || (!to && !acts[event.key])) return undefined;
    if (to) moveCorner(frame, drawing, chosen, to);
    else acts[event.key]();
    return taken(event);
  }, { capture: true });
  document.addEventListener("keydown", (event) => {
    const isText = event.target.matches?.("input, textarea, select");
    if (isText || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.defaultPrevented) return;
    event.preventDefault();
    if (event.shiftKey) drawing.redo();
    else drawing.undo();
  });
}

function taken(event) {
  event.preventDefault();
  event.stopPropagation();
}

