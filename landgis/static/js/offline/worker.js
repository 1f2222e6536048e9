/* The service worker: pages that were read, with their pictures and pieces of map, are kept and shown when there is no
   connection. What is asked for comes from the network first, so that nobody reads an old page without need.
   CONFIG stands before this text (landgis/pages/installation.py). */
const PAGES = "pages";
const PIECES = "pieces";
const STATIC = `static-${CONFIG.version}`;
const MOST = { [PAGES]: 40, [PIECES]: 500 };
const PATIENCE_MS = 8000;
// An address names its language: what varies with the header is the same page, whoever asks for it.
const ANY = { ignoreVary: true };

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STATIC).then((cache) => cache.addAll(CONFIG.shell)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("static-") && name !== STATIC;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || CONFIG.never.some((start) => pathname.startsWith(start))) return;
  if (pathname.startsWith(CONFIG.static)) event.respondWith(kept(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
  // A page that a script puts in place of another.
  else if (request.headers.get("Accept") === "text/html") event.respondWith(newest(request, PAGES));
  else if (CONFIG.pieces.some((start) => pathname.startsWith(start)) || pathname.endsWith(".geojson")) event.respondWith(newest(request, PIECES));
});

/* What a page asks to be kept although nobody has opened it yet: the lists of a place. */
self.addEventListener("message", (event) => {
  const keep = async (url) => {
    const answer = await fetch(url);
    if (answer.ok) await put(PAGES, new Request(url), answer);
  };
  event.waitUntil(Promise.allSettled((event.data.keep || []).map(keep)));
});

/** Names hashed by content never change. */
async function kept(request) {
  const found = await caches.match(request, ANY);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(STATIC)).put(request, answer.clone());
  return answer;
}

async function page(request) {
  try {
    return await newest(request, PAGES);
  } catch {
    return caches.match(new URL(request.url).pathname.startsWith("/en/") ? CONFIG.offline.en : CONFIG.offline.vi, ANY);
  }
}

/** The network's answer, kept for later; the kept one where the network does not answer, or not in time. */
async function newest(request, name) {
  const found = await caches.match(request, { ...ANY, cacheName: name });
  try {
    // Who has nothing else to show waits as long as it takes.
    const answer = await fetch(request, found ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {});
    if (answer.status === 200) await put(name, request, answer.clone());
    return answer;
  } catch (error) {
    if (found) return found;
    throw error;
  }
}

/** Keeps an answer as the newest of its kind; the oldest make room. */
async function put(name, request, answer) {
  const cache = await caches.open(name);
  await cache.delete(request, ANY);
  await cache.put(request, answer);
  const all = await cache.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST[name])).map((old) => cache.delete(old)));
}
