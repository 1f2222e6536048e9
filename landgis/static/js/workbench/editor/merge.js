/* Choosing on the map what is merged: a click on a neighbour ticks it in the form, and takes it out again. */
import { filled } from "../../lib/values.js";
import { Children } from "./children.js";
import { Findings } from "./findings.js";

export function open({ config, form, frame, canvas, ground, checks }) {
  canvas.put("own", [[canvas.read(config.shape)]]);
  const ticks = () => [...form.querySelectorAll("input[name=with]")];
  const show = () => {
    const chosen = new Set(ticks().filter(({ checked }) => checked).map(({ value }) => value));
    canvas.put("chosen", [...ground.known.values()].filter(({ ref }) => chosen.has(ref)).map(({ shape }) => [canvas.read(shape)]));
  };
  new Children(frame, canvas, checks);
  new Findings(frame, canvas, checks, { form, ground });
  form.addEventListener("change", show);
  ground.addEventListener("change", show);
  canvas.map.on("singleclick", ({ coordinate }) => {
    const ref = canvas.featureAt(coordinate, "neighbours")?.get("ref");
    if (!ref) return;
    const tick = ticks().find(({ value }) => value === ref);
    frame.note.textContent = tick ? "" : frame.words.no_neighbour;
    if (!tick) return;
    tick.click();
    frame.say(filled(tick.checked ? frame.words.chosen : frame.words.unchosen, { ref }));
  });
  frame.help.textContent = frame.words.help_merge;
  show();
  if (ticks().some(({ checked }) => checked)) checks.later();
}
