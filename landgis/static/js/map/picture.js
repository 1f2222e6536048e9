/* The picture that came with the page (landgis/pages/stills.py): the live map begins with its very view. */
import { parseView } from "../lib/webmap.js";

/** {center, zoom} of what the picture shows in its frame, or null where there is none. */
export function pictureView(frame) {
  const picture = frame.querySelector(".map__still");
  if (!picture?.naturalWidth) return null;
  const view = parseView(new URL(picture.currentSrc).searchParams.get("view"));
  // The picture covers its frame (object-fit), whatever the proportions of the two.
  const stretch = Math.max(frame.clientWidth / picture.naturalWidth, frame.clientHeight / picture.naturalHeight);
  return { center: [view.lng, view.lat], zoom: view.zoom + Math.log2(stretch) };
}

/** A picture that does not come is taken away: its text would be torn across the map. */
export function dropMissing(frame) {
  const picture = frame.querySelector(".map__picture");
  if (!picture) return;
  if (picture.complete && picture.naturalWidth === 0) picture.remove();
  else picture.addEventListener("error", () => picture.remove());
}
