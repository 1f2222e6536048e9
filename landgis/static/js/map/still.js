/* Where no map can be drawn: the newest scene as a plain picture, put together from its tiles. */
import { element } from "../lib/dom.js";

/** Fills `frame` with the tiles of a picture of `scenes.json` round the box west, south, east, north. */
export function drawStill(frame, [west, south, east, north], picture) {
  const { clientWidth: width, clientHeight: height } = frame;
  const size = picture.tile_size;
  const [left, top] = position(west, north);
  const [right, bottom] = position(east, south);
  const zoom = Math.floor(Math.min(Math.log2(width / size / (right - left)), Math.log2(height / size / (bottom - top)), picture.maxzoom));
  const world = 2 ** zoom;
  // Of the picture's left upper corner, in tiles.
  const x0 = ((left + right) / 2) * world - width / size / 2;
  const y0 = ((top + bottom) / 2) * world - height / size / 2;
  const box = element("div", { className: "map__still" });
  for (let x = Math.floor(x0); x < x0 + width / size; x++) {
    for (let y = Math.floor(y0); y < y0 + height / size; y++) box.append(piece(picture.tiles[0], zoom, x, y, (x - x0) * size, (y - y0) * size, size));
  }
  frame.prepend(box);
}

function piece(address, zoom, x, y, left, top, size) {
  const src = address.replace("{z}", zoom).replace("{x}", x).replace("{y}", y);
  const image = element("img", { src, alt: "", width: size, height: size });
  // Where the scene ends there is no tile.
  image.addEventListener("error", () => image.remove());
  image.style.translate = `${left}px ${top}px`;
  return image;
}

/** A place on the square of Web Mercator, from 0 at the north-west to 1. */
function position(longitude, latitude) {
  const north = Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360));
  return [(longitude + 180) / 360, (1 - north / Math.PI) / 2];
}
