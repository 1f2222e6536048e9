/* The only door to MapLibre: its version and folder are named here and in no other script. */
import { LABEL_FONT, STRONG_FONT } from "./font.js";
import { setWorkerUrl } from "../../vendor/maplibre-gl-6.17.0/maplibre-gl.mjs";
export { addProtocol, AJAXError, AttributionControl, GeolocateControl, LngLat, Map, Marker, NavigationControl, ScaleControl } from "../../vendor/maplibre-gl-6.17.0/maplibre-gl.mjs";

const SHEET = new URL("../../vendor/maplibre-gl-6.17.0/maplibre-gl.css", import.meta.url);

/** Names the worker, brings the library's style sheet and waits for the letters of the labels, which MapLibre draws from the page's font. */
export async function prepareMaplibre(workerUrl) {
  setWorkerUrl(workerUrl);
  const sheet = broughtSheet();
  // A page whose font does not come still has its map, with the labels in another face.
  const faces = [`400 16px "${LABEL_FONT}"`, `600 16px "${STRONG_FONT}"`];
  await Promise.allSettled(faces.flatMap((face) => [document.fonts.load(face, "a0°"), document.fonts.load(face, "ạđ")]));
  await sheet;
}

function broughtSheet() {
  return new Promise((settle) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: SHEET.href, onload: settle, onerror: settle });
    // Before ours, which bends some of its rules.
    document.head.prepend(link);
  });
}
