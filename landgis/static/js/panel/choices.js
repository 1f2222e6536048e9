/* A colour of the legend, a chip, "show all": other rows on the same map. The server says what is shown then, on the very
   page to which the link leads; its parts and its tiles take the place of those that are here, and nothing is loaded anew. */
import { filtersOf, withKept } from "../lib/address.js";

const LINKS = "a[data-choice]";

/** Their links leave the view, the image and the layers as they are, also in another tab. */
export function keepChoiceLinks() {
  for (const event of ["pointerdown", "focusin", "click"])
    document.addEventListener(event, ({ target }) => {
      const link = target.closest?.(LINKS);
      if (link) link.href = withKept(link.href).href;
    });
}

/** Follows them on a map that is there. Each waits for the one before: what its link means depends on that. */
export function joinChoices({ map, closeCard }, config) {
  let before = map.getSource(config.layers[0].name) ? Promise.resolve() : new Promise((settle) => map.once("style.load", settle));
  let shown = filtersOf(window.location);
  const show = async (address) => {
    const page = await fetchPage(address);
    if (!page) return false;
    const told = JSON.parse(page.getElementById("map-config").textContent);
    takeTiles(map, config, told);
    takeParts(page);
    if (told.focus?.is_left_out) closeCard();
    shown = filtersOf(address);
    return true;
  };
  const follow = async (part, choice) => {
    const link = find(part, choice);
    if (!link) return;
    const address = withKept(link.href);
    if (!(await show(address))) window.location.assign(address);
    // The view may have moved meanwhile, and what was left out is no more in focus.
    else window.history.pushState(null, "", withKept(address));
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(LINKS);
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const { part, choice } = named(link);
    before = before.then(() => follow(part, choice));
  });
  window.addEventListener("popstate", () => {
    before = before.then(async () => {
      const address = withKept(window.location.href);
      window.history.replaceState(window.history.state, "", address);
      if (filtersOf(address) !== shown && !(await show(address))) window.location.reload();
    });
  });
}

/** The page of an address, or null where it cannot be had. */
async function fetchPage(address) {
  const legend = document.querySelector(".legend");
  legend.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (!response.ok) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.getElementById("map-config") ? page : null;
  } catch {
    return null;
  } finally {
    legend.removeAttribute("aria-busy");
  }
}

function takeTiles(map, config, told) {
  config.query = told.query;
  for (const layer of config.layers) {
    const { tilejson } = told.layers.find(({ name }) => name === layer.name) || layer;
    if (tilejson === layer.tilejson) continue;
    layer.tilejson = tilejson;
    map.getSource(layer.name).setUrl(new URL(tilejson, document.baseURI).href);
  }
}

/** Who follows links by keyboard stays where they are. */
function takeParts(page) {
  const held = document.activeElement.matches(LINKS) ? named(document.activeElement) : null;
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const fresh = page.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
    if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
  }
  if (held && !document.activeElement.matches(LINKS)) (find(held.part, held.choice) || document.getElementById("layers-heading")).focus();
}

function named(link) {
  return { part: link.closest("[data-fresh]").dataset.fresh, choice: link.dataset.choice };
}

function find(part, choice) {
  return document.querySelector(`[data-fresh="${part}"] a[data-choice="${CSS.escape(choice)}"]`);
}
