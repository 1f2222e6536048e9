/* Starts the map of a page without ever standing in the way of its text. */
import { fetchScenes, Scenes } from "./scenes.js";
import { drawStill } from "./still.js";
import { canDrawMaps } from "./webgl.js";

/** Loads and draws the map; resolves to {map, go, scenes}, or to null where it cannot be drawn (the page then says so). */
export async function startMap(frame, config, options) {
  const asked = fetchScenes(config.scenes);
  if (canDrawMaps()) {
    try {
      const [{ drawMap }, found] = await Promise.all([import("./public-map.js"), asked]);
      const scenes = new Scenes(found, config);
      return { ...(await drawMap(frame, config, scenes, options)), scenes };
    } catch (error) {
      console.error(error);
    }
  }
  frame.classList.add("map--failed");
  const status = frame.querySelector(".map__status");
  const { no_webgl: missing, as_picture: instead } = config.messages;
  if (config.select) withoutMap(frame, status, missing);
  else {
    options?.tellMissing?.(status);
    status.textContent = `${missing} ${instead}`;
    await drawStill(frame, config, new Scenes(await asked, config), options?.padding?.().bottom);
  }
  return null;
}

/** The page of a feature has its outlined picture already, over which nothing is written; where there is none, no empty frame stays. */
function withoutMap(frame, status, missing) {
  if (frame.querySelector("img")) return;
  frame.after(status);
  status.textContent = missing;
  frame.hidden = true;
}
