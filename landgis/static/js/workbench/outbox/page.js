/* The page of what this device keeps: opened, sent, dropped, saved as a file and taken from one. */
import { element } from "../../lib/dom.js";
import { fileOf, fromFile } from "./files.js";
import { flush, whenAnswered } from "./flushing.js";
import { config, language, said, tell, timeOf, words } from "./line.js";
import { newKey } from "./sending.js";
import * as store from "./store.js";

const list = document.getElementById("kept-here");
const save = document.getElementById("kept-save");
const input = document.getElementById("kept-file");
const told = document.getElementById("kept-told");

async function show() {
  const drafts = await store.draftsOf(config.person);
  list.replaceChildren(...drafts.map(line));
  document.getElementById("nothing-kept").hidden = drafts.length > 0;
  save.hidden = !drafts.length;
  await tell();
}

function line(draft) {
  const state = draft.state === "refused" ? said("refused", { why: draft.why }) : draft.state === "sending" ? said("waiting", { count: 1 }) : words.unsent;
  const keys = [key("drop", () => store.drop(draft.id))];
  // What was never sent goes through its form, where it is seen once more.
  if (draft.fields.some(([name]) => name === "step") && draft.state !== "draft") keys.unshift(key("send", () => store.keep({ ...draft, state: "sending", key: draft.key ?? newKey() }).then(flush)));
  const link = element("a", { href: language + draft.path, textContent: draft.title });
  return element("li", {}, link, element("span", { className: "soft small", textContent: ` ${timeOf(draft.at)} · ${state}` }), element("p", { className: "edit__keys" }, ...keys));
}

function key(word, act) {
  const button = element("button", { type: "button", className: "button", textContent: words[word] });
  button.addEventListener("click", () => act().then(show));
  return button;
}

save.addEventListener("click", async () => {
  const href = URL.createObjectURL(await fileOf(await store.draftsOf(config.person)));
  element("a", { href, download: `landgis-${new Date().toISOString().slice(0, 16).replace(":", "")}.json` }).click();
  URL.revokeObjectURL(href);
});

async function take() {
  const [file] = input.files;
  if (!file) return;
  const drafts = await fromFile(file);
  for (const draft of drafts ?? []) await store.keep({ ...draft, person: config.person });
  told.textContent = drafts ? said("taken", { count: drafts.length }) : words.no_file;
  told.hidden = false;
  input.value = "";
  await show();
}

input.addEventListener("change", take);

whenAnswered(() => show());
await show();
await take(); // of what was chosen before this came
