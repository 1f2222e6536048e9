/* The search box: suggestions as one types. Without this script it is a plain form, and stays one. */
import { element } from "../lib/dom.js";
import { offerScanner } from "./scan-button.js";

const WAIT_MS = 150;
const FEWEST_LETTERS = 2;

const form = document.querySelector(".search-box");
const input = form.querySelector("input");
const popup = form.querySelector(".search-box__popup");
const told = form.querySelector(".search-box__told");
const list = form.querySelector("[role=listbox]");
const status = form.querySelector("[role=status]");

let found = []; // the features of the list
let chosen = -1; // the place of the one the arrow keys stand on
let waiting = 0;
let asking = null;

for (const [name, value] of Object.entries({
  role: "combobox",
  "aria-autocomplete": "list",
  "aria-expanded": "false",
  "aria-controls": list.id,
})) {
  input.setAttribute(name, value);
}
offerScanner(form.querySelector(".search-box__scan"), search);

/** Whoever chooses from a list is not given another one meanwhile. */
function settle() {
  clearTimeout(waiting);
  asking?.abort();
}

function close() {
  settle();
  popup.hidden = true;
  list.replaceChildren();
  found = [];
  mark(-1);
  input.setAttribute("aria-expanded", "false");
}

/** Set the arrow keys' place; -1 is the text itself. */
function mark(place) {
  chosen = place;
  for (const [number, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(number === place));
  if (place < 0) input.removeAttribute("aria-activedescendant");
  else {
    input.setAttribute("aria-activedescendant", list.children[place].id);
    list.children[place].scrollIntoView({ block: "nearest" });
  }
}

async function ask() {
  const text = input.value.trim();
  asking?.abort();
  if (text.length < FEWEST_LETTERS) {
    close();
    status.textContent = "";
    return;
  }
  const mine = new AbortController();
  asking = mine;
  try {
    const address = `${form.dataset.suggest}?${new URLSearchParams({ q: text, lang: form.dataset.lang })}`;
    const answer = await fetch(address, { signal: mine.signal });
    // A text that cannot be understood yet, such as a lone comma, has no suggestions.
    show(answer.ok ? await answer.json() : { features: [], notes: [], understood: "" });
  } catch (error) {
    if (error.name === "AbortError") return;
    close();
    status.textContent = form.dataset.failed;
  }
}

/** How the question was read and why something is missed stand above the list, and are read out. */
function show({ features, notes, understood }) {
  found = features;
  list.replaceChildren(...features.map(option));
  const sentences = [understood, ...notes].filter(Boolean);
  told.replaceChildren(...sentences.map((sentence) => element("span", {}, sentence)));
  told.hidden = sentences.length === 0;
  popup.hidden = features.length === 0 && told.hidden;
  list.hidden = features.length === 0;
  input.setAttribute("aria-expanded", String(features.length > 0));
  mark(-1);
  const count = features.length ? form.dataset.count.replace("{count}", features.length) : form.dataset.none;
  status.textContent = [...sentences, count].join(" ");
}

function option({ properties }, number) {
  const pieces = properties.details?.length ? properties.details : [{ text: properties.detail || properties.ref }];
  const about = [{ text: properties.dataset_title }, ...pieces].filter(({ text }) => text);
  const item = element("li", { role: "option", id: `search-option-${number}`, className: "search-box__option", "aria-selected": "false" });
  item.append(element("strong", { lang: properties.title_lang }, properties.title));
  if (properties.remark) item.append(element("em", {}, properties.remark));
  // Words of the office are in its language on every page.
  item.append(element("span", {}, ...about.flatMap(({ text, lang }, index) => [index ? " · " : "", lang ? element("span", { lang }, text) : text])));
  item.addEventListener("click", () => go(found[number]));
  return item;
}

/** To the page of what was found; or, where a map listens, to its place on the map. */
function go({ properties, geometry, bbox }) {
  close();
  input.value = properties.title;
  if (geometry) {
    const [lon, lat] = geometry.coordinates;
    const { dataset, ref, title, url } = properties;
    const event = new CustomEvent("landgis:go", { bubbles: true, cancelable: true, detail: { lon, lat, bbox, dataset, ref, title, url } });
    if (!form.dispatchEvent(event)) {
      input.blur();
      return;
    }
  }
  window.location.assign(properties.url);
}

/** The page of results for a text. */
function search(text) {
  window.location.assign(`${form.action}?${new URLSearchParams({ q: text })}`);
}

input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, WAIT_MS);
});

input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length) {
    event.preventDefault();
    settle();
    const step = event.key === "ArrowDown" ? 1 : -1;
    // The text itself is one of the places: from the last suggestion on, back to what was typed.
    mark(((chosen + 1 + step + found.length + 1) % (found.length + 1)) - 1);
  } else if (event.key === "Enter" && chosen >= 0) {
    event.preventDefault();
    go(found[chosen]);
  } else if (event.key === "Escape" && !popup.hidden) {
    event.preventDefault();
    close();
  }
});

// A press on a suggestion must not take the focus away before it is chosen.
popup.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  settle();
});
form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || close());
form.addEventListener("submit", () => close());
// On a slow line somebody has typed before this script came.
if (input === document.activeElement && input.value !== input.defaultValue) ask();
