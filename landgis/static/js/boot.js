/* The first script of every page: what is read stands first, then this brings what makes it more convenient. */
const PAGES = {
  home: () => import("./home.js"),
  list: () => import("./list.js"),
  feature: () => import("./feature.js"),
  embed: () => import("./embed.js"),
};

// Their map is drawn as soon as it can be.
const LIVE = ["home", "feature", "embed"];

const { page, lateSheet } = document.body.dataset;

// The picture that came with the page shows the whole; a view in the address is another.
const still = window.location.hash && ["home", "embed"].includes(page) && document.querySelector(".map__still");
if (still) {
  still.closest(".map").dataset.still = still.getAttribute("src");
  still.remove();
}

function bring() {
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: lateSheet }));
  if (document.querySelector(".search-box")) import("./search/box.js");
  if (document.querySelector(".actions")) import("./actions.js");
  if (document.querySelector(".meaning")) import("./meanings.js");
  if (document.querySelector(".filters__form")) import("./filters.js");
  if (document.querySelector(".sorts__near")) import("./near.js");
  if (document.querySelector("[data-most-bytes]")) import("./photograph.js");
  if (document.getElementById("outbox")) import("./workbench/outbox/start.js");
  if (document.getElementById("editor")) import("./workbench/editor/start.js");
  import("./tab.js");
  import("./offline/register.js");
  if (!document.getElementById("map-config")) return;
  PAGES[page]?.();
  // The library of maps is larger than all else: it comes beside the page's own scripts and not after them.
  if (LIVE.includes(page)) import("./map/webgl.js").then(({ canDrawMaps }) => canDrawMaps() && import("./map/public-map.js"));
}

if (document.readyState === "complete" || window.location.hash) bring();
else window.addEventListener("load", bring, { once: true });
