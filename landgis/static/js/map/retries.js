/* What the server was too busy to give (503) is asked for again: tiles, and what sources say of themselves. */
import { addProtocol, AJAXError } from "./maplibre.js";
import { patientFetch } from "../lib/patience.js";

const SCHEME = "again:";
const marks = new Map();

addProtocol(SCHEME.slice(0, -1), load);

/** MapLibre's `transformRequest`: what comes from this site is asked for by `load`. */
export function withRetries(url) {
  return { url: url.startsWith(`${window.location.origin}/`) ? SCHEME + url.slice(window.location.protocol.length) : url };
}

/** The mark of what is published that a source said when it was asked last, by its address. */
export function markOf(url) {
  return marks.get(url);
}

/** As MapLibre loads what it needs. */
async function load({ url: asked, type, headers }, { signal }) {
  const url = window.location.protocol + asked.slice(SCHEME.length);
  const response = await patientFetch(url, { headers, signal });
  if (!response.ok) throw new AJAXError(response.status, response.statusText, url, await response.blob());
  const data = await (type === "json" ? response.json() : response.arrayBuffer());
  if (data.mark) marks.set(url, data.mark);
  return { data, cacheControl: response.headers.get("Cache-Control"), expires: response.headers.get("Expires"), etag: response.headers.get("ETag") };
}
