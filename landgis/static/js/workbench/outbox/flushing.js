/* Sends all that waits, in this tab or left by another; where there is no line it is tried again by itself. */
import { config, language, tell } from "./line.js";
import { send } from "./sending.js";
import * as store from "./store.js";

const FIRST_MS = 3000;
const LONGEST_MS = 60_000;

let wait = FIRST_MS;
let timer = 0;
const hearers = [];

/** Calls `hear(draft, told)` whenever something that waited has been answered. */
export function whenAnswered(hear) {
  hearers.push(hear);
}

export async function flush() {
  clearTimeout(timer);
  let trouble = "";
  for (const draft of (await store.draftsOf(config.person)).reverse()) {
    if (draft.state !== "sending") continue;
    await tell("sending");
    const told = await send(draft.id, language);
    if (told.state === "waiting" || told.state === "signed-out") trouble = told.state;
    for (const hear of hearers) hear(draft, told);
    if (trouble) break;
  }
  await tell(trouble);
  wait = trouble ? Math.min(wait * 2, LONGEST_MS) : FIRST_MS;
  if (trouble) timer = setTimeout(flush, wait);
}

window.addEventListener("online", () => {
  wait = FIRST_MS;
  flush();
});
