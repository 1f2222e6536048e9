/* What a reader chose, kept in the query of the address, so that it can be sent on; the view is in the hash. */

/** The value of a name in the address, or null. */
export function asked(name) {
  return new URLSearchParams(window.location.search).get(name);
}

// What is kept beside the filters. The view is in the hash.
const KEPT = ["off", "lead", "scene", "compare", "feature"];
let kept = new URLSearchParams(window.location.search);

/** Writes a value into the address, or takes the name out for null; nothing is loaded. */
export function keep(name, value) {
  const address = new URL(window.location.href);
  put(address.searchParams, name, value);
  window.history.replaceState(window.history.state, "", address);
  kept = address.searchParams;
}

function put(query, name, value) {
  if (value === null) query.delete(name);
  else query.set(name, value);
}

/** An address of this page with its own filters, and all else as it is now. */
export function withKept(text) {
  const address = new URL(text, window.location.href);
  for (const name of KEPT) put(address.searchParams, name, kept.get(name));
  address.hash = window.location.hash;
  return address;
}

/** What an address asks beside all that, as one text. */
export function filtersOf({ search }) {
  const query = new URLSearchParams(search);
  for (const name of KEPT) query.delete(name);
  return query.toString();
}

/** A view in the address that is nearer than any becomes the nearest, now and when the address changes: its place is what is meant. */
export function keepNearest(most) {
  const mend = () => {
    const [zoom, ...place] = window.location.hash.slice(1).split("/");
    if (place.length >= 2 && Number(zoom) > most) window.history.replaceState(window.history.state, "", `#${[most, ...place].join("/")}`);
  };
  window.addEventListener("hashchange", mend);
  mend();
}

/** Links to this page in another language lead to what is chosen now. */
export function keepLanguageLinks() {
  for (const link of document.querySelectorAll(".site-header a[hreflang]")) {
    const follow = () => {
      link.search = window.location.search;
      link.hash = window.location.hash;
    };
    for (const event of ["pointerenter", "focus", "click"]) link.addEventListener(event, follow);
  }
}
