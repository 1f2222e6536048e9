/* What is kept here as a file with a checksum, for another browser, and back. */
import { newKey } from "./sending.js";

const FORMAT = "landgis-outbox";
const PLACES = /^\/officer\/(edit|split|merge|renumber)\/[\w/-]+(\?[\w=&%-]*)?$/;

export async function fileOf(drafts) {
  const told = JSON.stringify(await Promise.all(drafts.map(packed)));
  return new Blob([JSON.stringify({ format: FORMAT, sha256: await sumOf(told), drafts: told })], { type: "application/json" });
}

/** The drafts of a file; null for one that is none, or is not as it was written. Each is looked at before it is sent. */
export async function fromFile(file) {
  try {
    const { format, sha256, drafts } = JSON.parse(await file.text());
    if (format !== FORMAT || (await sumOf(drafts)) !== sha256) return null;
    const found = await Promise.all(JSON.parse(drafts).map(unpacked));
    return found.every(isSound) ? found : null;
  } catch {
    return null;
  }
}

function isSound({ path, form, title, fields, at }) {
  const isPair = (one) => Array.isArray(one) && one.length === 2 && typeof one[0] === "string" && (typeof one[1] === "string" || one[1] instanceof File);
  return PLACES.test(path) && [form, title].every((one) => typeof one === "string") && typeof at === "number" && fields.every(isPair);
}

async function packed({ person, ...draft }) {
  const fields = draft.fields.map(async ([name, value]) => [name, value instanceof File ? await withData(value) : value]);
  return { ...draft, fields: await Promise.all(fields), shown: [] };
}

async function withData(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { name: file.name, type: file.type, data: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) };
}

function unpacked({ path, form, title, fields, at, key, state, why }) {
  const value = (told) => (typeof told === "string" ? told : new File([Uint8Array.from(atob(told.data), (letter) => letter.charCodeAt(0))], told.name, { type: told.type }));
  const draft = { path, form, title, at, key, why: why ?? "", fields: fields.map(([name, told]) => [name, value(told)]) };
  // Nothing goes out by itself: what waited elsewhere is sent from the list, under its key, or through its form.
  return { ...draft, id: newKey(), shown: [], state: state === "draft" ? "draft" : "refused" };
}

async function sumOf(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
