/** True when this browser can draw the map. */
export function canDrawMaps() {
  const context = document.createElement("canvas").getContext("webgl2");
  // Browsers keep few contexts; the probe gives its own back.
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}
