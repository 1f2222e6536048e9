/* The picture that came with the page (landgis/pages/stills.py): the live map begins with its very view, and "show everything" leads back to it. */
import { parseView } from "../lib/webmap.js";

/** {center, zoom} of the picture of the whole in its frame, whether it has come or not; null where the page has none. */
export function pictureView(frame) {
  const address = stillAddress(frame);
  if (!address) return null;
  const asked = new URL(address, document.baseURI).searchParams;
  const view = parseView(asked.get("view"));
  const [width, height] = asked.get("size").split("x").map(Number);
  // The picture covers its frame (object-fit), whatever the proportions of the two.
  const stretch = Math.max(frame.clientWidth / width, frame.clientHeight / height);
  return { center: [view.lng, view.lat], zoom: view.zoom + Math.log2(stretch) };
}

/** The picture for a screen of this shape; where the address has another view it was taken away (boot.js) and left its address. */
function stillAddress(frame) {
  const still = frame.querySelector(".map__still");
  const fitting = [...frame.querySelectorAll("picture source")].find(({ media }) => window.matchMedia(media).matches);
  return fitting?.srcset || still?.getAttribute("src") || frame.dataset.still;
}

/** A picture that does not come is taken away: its text would be torn across the map. */
export function dropMissing(frame) {
  const picture = frame.querySelector(".map__picture");
  if (!picture) return;
  if (picture.complete && picture.naturalWidth === 0) picture.remove();
  else picture.addEventListener("error", () => picture.remove());
}
