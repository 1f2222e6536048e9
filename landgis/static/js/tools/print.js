/* A sheet of paper to scale: its frame is shown on the map, the server makes the PDF (landgis/pages/print_map.py). */
import { element } from "../lib/dom.js";
import { EQUATOR_M, fromSquare, onSquare, viewText } from "../lib/webmap.js";

const FRAME = "paper";

export function openPrint({ map, config, scenes, body }) {
  const { messages, print } = config;
  const choice = (label, name, options, chosen) => {
    const list = element("select", { name, onchange: change });
    for (const [value, text] of options) list.append(element("option", { value, textContent: text, selected: value === chosen }));
    return [element("label", { className: "tool__line" }, label, list), list];
  };
  const figures = new Intl.NumberFormat(config.lang);
  const [scaleLine, scale] = choice(messages.print_scale, "scale", print.scales.map((number) => [String(number), `1:${figures.format(number)}`]), String(usual(map, print)));
  const [paperLine, paper] = choice(messages.print_paper, "paper", Object.keys(print.papers).map((name) => [name, name.replace("-", " · ").replace("landscape", messages.landscape).replace("portrait", messages.portrait)]), "A4-landscape");
  const link = element("a", { className: "button button--main", textContent: messages.print_make, target: "_blank", rel: "noopener" });
  function change() {
    const { lng, lat } = map.getCenter();
    const asked = new URLSearchParams(config.query);
    const shown = config.layers.map((layer) => layer.name).filter((name) => document.querySelector(`input[data-layer="${name}"]`)?.checked !== false);
    const more = { view: viewText({ lng, lat, zoom: map.getZoom() }), scale: scale.value, paper: paper.value, layers: shown.join(","), scene: scenes.chosen };
    for (const [name, value] of Object.entries(more)) asked.set(name, value);
    link.href = `${print.url}?${asked}`;
    draw(map, outline(map.getCenter(), Number(scale.value), print.papers[paper.value]));
  }
  body.append(element("p", { className: "soft", textContent: messages.print_help }), scaleLine, paperLine, element("p", { className: "tool__buttons" }, link));
  map.addSource(FRAME, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({ id: `${FRAME}-casing`, type: "line", source: FRAME, paint: { "line-color": "#ffffff", "line-width": 5 } });
  map.addLayer({ id: `${FRAME}-line`, type: "line", source: FRAME, paint: { "line-color": "#1560c8", "line-width": 2, "line-dasharray": [3, 2] } });
  map.on("move", change);
  change();
  return () => {
    map.off("move", change);
    for (const part of ["line", "casing"]) map.removeLayer(`${FRAME}-${part}`);
    map.removeSource(FRAME);
  };
}

/** The scale whose sheet of A4 fills the map best and is still seen whole. */
function usual(map, { scales, papers }) {
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  const bounds = map.getBounds();
  const metres = ((bounds.getEast() - bounds.getWest()) / 360) * EQUATOR_M * Math.cos((map.getCenter().lat * Math.PI) / 180);
  const [wide, high] = papers["A4-landscape"].map((side) => side / 1000);
  return scales.findLast((scale) => wide * scale < metres && high * scale < (metres / width) * height) ?? scales[0];
}

/** The corners of the map on paper; `size` is width and height in millimetres. */
function outline({ lng, lat }, scale, [wide, high]) {
  const metre = 1 / (EQUATOR_M * Math.cos((lat * Math.PI) / 180));
  const [x, y] = onSquare([lng, lat]);
  const [right, down] = [wide, high].map((side) => (side / 2000) * scale * metre);
  const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]].map(([a, b]) => fromSquare([x + a * right, y + b * down]));
  return { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: corners } };
}

function draw(map, feature) {
  map.getSource(FRAME).setData(feature);
}
