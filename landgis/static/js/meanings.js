/* What facts and columns mean, brought when somebody opens it; the link beside it leads to the same without this. */
import { element, whenOpen } from "./lib/dom.js";

const language = document.documentElement.lang;
const known = new Map();

function fieldsOf(address) {
  if (!known.has(address)) {
    const fields = fetch(address)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
      .then((content) => new Map(content.fields.map((field) => [field.name, field])));
    fields.catch(() => known.delete(address)); // so that it is asked for again
    known.set(address, fields);
  }
  return known.get(address);
}

async function fill(details) {
  const link = details.querySelector("a");
  const fields = await fieldsOf(link.pathname.replace(/\/$/, ".json"));
  const told = details.dataset.meaning.split(" ").flatMap((name) => fields.get(name) ?? []);
  const texts = told.map((field) => [field.label[language], field.description?.[language]]).filter(([, text]) => text);
  if (details.dataset.isFilled || !texts.length) return;
  details.dataset.isFilled = "yes";
  if (told.length === 1) {
    link.parentElement.before(element("p", {}, texts[0][1]));
  } else {
    link.parentElement.before(element("dl", {}, ...texts.flatMap(([label, text]) => [element("dt", {}, label), element("dd", {}, text)])));
  }
}

for (const details of document.querySelectorAll(".meaning")) {
  whenOpen(details, () => fill(details).catch(() => {})); // the link stays
}
