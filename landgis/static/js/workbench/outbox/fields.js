/* The fields of a form as pairs of name and value, in their order, and back again. */
import { said } from "./line.js";

/** Of these nothing is kept: they belong to the page, not to what is typed. */
const OF_THE_PAGE = ["csrfmiddlewaretoken", "key"];
/** Of what a form is written on: that of the page holds, whoever looks at it has seen what it shows. */
const SEEN = ["saves"];
const UNTOLD = ["base", "now", "saves", "step", "asks_made_up"];
const ALONG = "along-"; // corners of a neighbour that moves along
const MOST_FILES = 20e6;
const LONGEST = 60;

/** What would be sent. Files beyond the bound are left out: { fields, isWhole }. */
export function read(form, submitter = null) {
  const fields = [];
  let [size, isWhole] = [0, true];
  for (const [name, value] of new FormData(form, submitter)) {
    if (OF_THE_PAGE.includes(name)) continue;
    if (!(value instanceof File)) fields.push([name, value]);
    else if (value.size) {
      size += value.size;
      if (size <= MOST_FILES) fields.push([name, value]);
      else isWhole = false;
    }
  }
  return { fields, isWhole };
}

/** What the form came with from the server, whatever was typed before the scripts came. */
export function readAsItCame(form) {
  const copy = form.cloneNode(true);
  copy.reset();
  return read(copy).fields;
}

/** Puts values into the form; what has no field there gets a hidden one. Each field that changes says so. */
export function write(form, fields) {
  const values = grouped(fields);
  for (const name of new Set([...[...form.elements].map((one) => one.name), ...values.keys()])) {
    if (name && ![...OF_THE_PAGE, ...SEEN, "step"].includes(name)) writeOne(form, name, [...(values.get(name) ?? [])]);
  }
}

function writeOne(form, name, values) {
  const inputs = [...form.elements].filter((one) => one.name === name && one.type !== "submit" && one.type !== "fieldset");
  for (const input of inputs) {
    if (setValue(input, values)) input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  for (const value of values.filter((one) => typeof one === "string")) {
    const hidden = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(hidden);
    hidden.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Gives the input its value, taken from those that are left; says whether it is another one than before. */
function setValue(input, values) {
  if (input.type === "checkbox" || input.type === "radio") {
    const at = values.indexOf(input.value);
    if (at >= 0) values.splice(at, 1);
    const isOther = input.checked !== at >= 0;
    input.checked = at >= 0;
    return isOther;
  }
  if (input.type === "file") {
    if (!values.length) return false;
    const chosen = new DataTransfer();
    for (const file of values.splice(0)) chosen.items.add(file);
    input.files = chosen.files;
    return true;
  }
  if (!values.length) return false;
  const value = values.shift();
  const isOther = input.value !== value;
  input.value = value;
  return isOther;
}

function grouped(fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  return values;
}

/** What differs between two states of the form: [[label, text of the second]]. */
export function differences(form, before, after) {
  const [one, other] = [grouped(before), grouped(after)];
  const names = [...new Set([...one.keys(), ...other.keys()])].filter((name) => !UNTOLD.includes(name) && !name.startsWith("base-"));
  const text = (values) => (values ?? []).map((value) => (value instanceof File ? `${value.name} ${value.size}` : value)).join(", ");
  const differing = names.filter((name) => text(one.get(name)) !== text(other.get(name)));
  return differing.map((name) => [labelOf(form, name), shortened(text(other.get(name)))]);
}

function shortened(text) {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** What the page calls a field; its name where the page says nothing. */
function labelOf(form, name) {
  if (name.startsWith(ALONG)) return said("along", { ref: name.slice(ALONG.length) });
  const input = [...form.elements].find((one) => one.name === name);
  const label = input?.labels?.[0] ?? input?.closest("fieldset")?.querySelector("legend");
  const first = [...(label?.childNodes ?? [])].map((node) => node.textContent.trim()).find(Boolean);
  return first || name;
}
