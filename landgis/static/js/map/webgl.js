let able = null;

/** True when this browser can draw the map; it is tried once a page. */
export function canDrawMaps() {
  able ??= tried();
  return able;
}

function tried() {
  const context = document.createElement("canvas").getContext("webgl2");
  // Browsers keep few contexts; the probe gives its own back.
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}
