/* Small drawings of the tools. */
const SPACE = "http://www.w3.org/2000/svg";
const PATHS = {
  tools: "M3 5h9m4 0h1M3 10h2m4 0h8M3 15h7m4 0h3M14 3v4M7 8v4m5 1v4",
  measure: "M2 14 14 2l4 4L6 18zM5 11l2 2m1-5 2 2m1-5 2 2",
  compare: "M10 2v16M2 5h6v10H2zm10 0h6v10h-6z",
  share: "M6 10 14 5m-8 5 8 5M6 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0Zm12-5a2 2 0 1 1-4 0 2 2 0 0 1 4 0Zm0 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0Z",
  print: "M5 7V2h10v5M5 14H2V7h16v7h-3M5 11h10v7H5z",
};

export function icon(name) {
  const drawing = document.createElementNS(SPACE, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true" })) drawing.setAttribute(key, value);
  const path = document.createElementNS(SPACE, "path");
  for (const [key, value] of Object.entries({ d: PATHS[name], fill: "none", stroke: "currentColor", "stroke-width": 1.7, "stroke-linejoin": "round", "stroke-linecap": "round" })) path.setAttribute(key, value);
  drawing.append(path);
  return drawing;
}
