/* What the server measured, as a list. */
import { element } from "../lib/dom.js";

export function measuredFacts({ length_m: length, area_m2: area, crosses_itself: crosses, planes }, { messages, lang }) {
  const ways = [{ name: messages.geodesic, length_m: length, area_m2: area }, ...planes];
  const rows = ways.flatMap((way) => [
    element("dt", { textContent: way.name }),
    element("dd", {}, ...(way.area_m2 === null ? [] : [element("strong", { textContent: areaText(way.area_m2, lang) }), element("br")]), (way.area_m2 === null ? "" : `${messages.around} `) + lengthText(way.length_m, lang)),
  ]);
  const list = element("dl", { className: "place__facts" }, ...rows);
  return crosses ? element("div", {}, list, element("p", { className: "tool__problem", textContent: messages.crosses_itself })) : list;
}

function figure(number, digits, lang) {
  return new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(number);
}

function lengthText(metres, lang) {
  return metres < 10000 ? `${figure(metres, 2, lang)} m` : `${figure(metres / 1000, 3, lang)} km`;
}

function areaText(squareMetres, lang) {
  const ha = `${figure(squareMetres / 10000, 4, lang)} ha`;
  return squareMetres < 10000 ? `${figure(squareMetres, 1, lang)} m²` : `${ha} (${figure(squareMetres, 0, lang)} m²)`;
}
