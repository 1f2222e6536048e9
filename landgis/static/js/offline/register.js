/* Keeps what is read for the time without a connection; see worker.js. */
const LISTS = 'main a[href*="/?"]';
const MOST_LISTS = 6;
const PATIENCE_MS = 10_000;

const { worker, page } = document.body.dataset;

tellState();
window.addEventListener("offline", tellState);
window.addEventListener("online", tellState);

if (worker && navigator.serviceWorker && window.isSecureContext) {
  if (page === "home") await mapReady(document.getElementById("map"));
  await navigator.serviceWorker.register(worker, { scope: "/" });
  const { active } = await navigator.serviceWorker.ready;
  // This page came before the worker did; of a place, its lists belong to it.
  const lists = page === "feature" && !navigator.connection?.saveData ? [...document.querySelectorAll(LISTS)].slice(0, MOST_LISTS).map((link) => link.href) : [];
  if (page) active.postMessage({ keep: [window.location.href.split("#")[0], ...lists] });
}

/** Says that what is seen may be old. */
function tellState() {
  const note = document.querySelector(".offline-note");
  if (note) note.hidden = navigator.onLine;
}

/** What the worker fetches for later would hold up the map on a slow line. */
function mapReady(frame) {
  return new Promise((settle) => {
    if (frame.dataset.ready) settle();
    new MutationObserver(() => frame.dataset.ready && settle()).observe(frame, { attributeFilter: ["data-ready"] });
    setTimeout(settle, PATIENCE_MS);
  });
}
