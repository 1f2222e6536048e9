/* What the pills, discs, sheets and blocks of the map say, for those who hear the page. */
import { element } from "../lib/dom.js";
import { filled } from "../lib/values.js";
import { clusterIds } from "./layers.js";

const REST_MS = 800;

/** A status that follows the map once it rests, and says in one sentence what was not there before: the largest, and how many others. */
export function tellNumbers(map, frame, { layers, lang, messages }) {
  const status = element("p", { className: "visually-hidden", role: "status" });
  frame.append(status);
  const byId = new Map(layers.flatMap((layer) => clusterIds(layer).map((id) => [id, layer])));
  const said = ({ layer, properties: { number } }) => {
    const { pill, opens } = byId.get(layer.id);
    return pill ? String(layer.layout["text-field"]).replaceAll("\n", ", ") : filled(opens, { number: number.toLocaleString(lang) });
  };
  let known = new Set();
  let waiting = 0;
  const tell = () => {
    const found = once(map.queryRenderedFeatures({ layers: [...byId.keys()].filter((id) => map.getLayer(id)) }));
    found.sort((one, other) => other.properties.number - one.properties.number);
    const texts = found.map(said);
    const [first, ...others] = texts.filter((text) => !known.has(text));
    known = new Set(texts);
    if (first) status.textContent = others.length > 0 ? filled(messages.other_numbers, { first, count: others.length }) : first;
    else if (texts.length === 0) status.textContent = "";
  };
  map.on("movestart", () => clearTimeout(waiting));
  map.on("idle", () => {
    clearTimeout(waiting);
    waiting = setTimeout(tell, REST_MS);
  });
}

/** A shape is there in each tile that cuts it, with its inside and its edges. */
function once(found) {
  const shapes = new Map(found.filter(({ geometry }) => geometry.type !== "Point").map((one) => [JSON.stringify(one.properties), one]));
  return [...found.filter(({ geometry }) => geometry.type === "Point"), ...shapes.values()];
}
