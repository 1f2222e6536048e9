/* The page that stands in for one that cannot be reached: the pages that were kept on this device. */
import { element } from "../lib/dom.js";

const list = document.getElementById("kept-pages");
const cache = await caches.open("pages");
const requests = (await cache.keys()).reverse();

list.append(...(await Promise.all(requests.map(entry))));
document.getElementById("some-kept").hidden = requests.length === 0;
document.getElementById("nothing-kept").hidden = requests.length > 0;

async function entry(request) {
  const text = await (await cache.match(request, { ignoreVary: true })).text();
  const { title } = new DOMParser().parseFromString(text, "text/html");
  return element("li", {}, element("a", { href: request.url, textContent: title || request.url }));
}
