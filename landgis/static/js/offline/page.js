/* The page that stands in for one that cannot be reached: the pages that were kept on this device. */
import { element } from "../lib/dom.js";

const list = document.getElementById("kept-pages");
const cache = await caches.open("pages");
const requests = (await cache.keys()).reverse();

for (const request of requests) {
  const text = await (await cache.match(request)).text();
  const title = new DOMParser().parseFromString(text, "text/html").title;
  list.append(element("li", {}, element("a", { href: request.url, textContent: title || request.url })));
}
document.getElementById("nothing-kept").hidden = requests.length > 0;
