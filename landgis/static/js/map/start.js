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
  frame.querySelector(".map__status").textContent = config.messages.no_webgl;
  // The page of a feature has its outlined picture already.
  if (!config.select) await drawStill(frame, config, new Scenes(await asked, config), options?.padding?.().bottom);
  return null;
}
