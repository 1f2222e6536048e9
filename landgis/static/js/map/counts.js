/* Where features are too many to be told apart: a disc for all of a place, with their true number. */
import { STRONG_FONT } from "./font.js";

const TEXT = "#ffffff";

/** The style's layers of a dataset's counts; none where it has none. */
export function countLayers(layer, lang) {
  if (!layer.counted) return [];
  const common = { source: layer.name, "source-layer": `${layer.name}-counts`, maxzoom: layer.minzoom };
  const number = ["get", "number"];
  const disc = {
    ...common,
    id: `${layer.name}-count-disc`,
    type: "circle",
    // A small disc lies on a large one; of two numbers that meet the larger is written (landgis/pictures/discs.py).
    layout: { "circle-sort-key": ["-", number] },
    paint: {
      // The area grows with the number, within what a finger and a screen can bear.
      "circle-radius": ["interpolate", ["linear"], ["sqrt", number], 1, 9, 60, 16, 300, 24],
      "circle-color": "rgba(8, 16, 15, 0.72)",
      "circle-stroke-color": layer.colour,
      "circle-stroke-width": 1.5,
    },
  };
  const label = {
    ...common,
    id: `${layer.name}-count`,
    type: "symbol",
    layout: {
      "text-field": ["number-format", number, { locale: lang }],
      "text-font": [STRONG_FONT],
      "text-size": 11,
      "text-allow-overlap": false,
      "symbol-sort-key": ["-", number],
    },
    paint: { "text-color": TEXT },
  };
  return [disc, label];
}
