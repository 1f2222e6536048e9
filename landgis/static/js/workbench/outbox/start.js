/* The outbox of the officers' pages: what is typed or drawn is kept on this device before it is sent, and until it is saved. */
import { flush } from "./flushing.js";
import { config, tell } from "./line.js";
import { cookie, newKey } from "./sending.js";
import * as store from "./store.js";
import { watch } from "./watching.js";

const POSTS = ".desk form[method=post]";

/** What is sent twice is done once (landgis/workbench/receipts.py); a form that one comes back to is another one. */
function giveKeys() {
  for (const form of document.querySelectorAll(`${POSTS}:not([data-outbox])`)) {
    form.querySelector("input[name=key]")?.remove();
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "key", value: newKey() }));
  }
}

giveKeys();
window.addEventListener("pageshow", giveKeys);

try {
  // A form that was sent as without a script has been kept after all.
  for (const draft of await store.draftsOf(config.person)) if (draft.key && draft.key === cookie("landgis-kept")) await store.drop(draft.id);
  await tell();
  await Promise.all([...document.querySelectorAll(`${POSTS}[data-outbox]`)].map(watch));
  await flush();
  if (document.getElementById("kept-here")) await import("./page.js");
} catch (error) {
  // A browser that keeps nothing (private windows of some) must not be taken for one that does.
  const line = document.querySelector(".outbox");
  Object.assign(line, { hidden: false, textContent: config.words.full });
  throw error;
}
