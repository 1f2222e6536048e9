/* What the pills and discs of the map say, for those who hear the page. */
import { element } from "../lib/dom.js";
import { filled } from "../lib/values.js";
import { clusterIds } from "./layers.js";

const MOST = 8;

/** A list in a status that follows the map; the largest first. */
export function tellNumbers(map, frame, { layers, lang }) {
  const status = element("p", { className: "visually-hidden", role: "status" });
  frame.append(status);
  const byId = new Map(layers.flatMap((layer) => clusterIds(layer).map((id) => [id, layer])));
  const said = ({ layer, properties: { number } }) => {
    const { pill, opens } = byId.get(layer.id);
    return pill ? String(layer.layout["text-field"]).replaceAll("\n", ", ") : filled(opens, { number: number.toLocaleString(lang) });
  };
  map.on("idle", () => {
    const found = map.queryRenderedFeatures({ layers: [...byId.keys()].filter((id) => map.getLayer(id)) });
    found.sort((one, other) => other.properties.number - one.properties.number);
    const text = found.slice(0, MOST).map(said).join("; ");
    if (status.textContent !== text) status.textContent = text;
  });
}
