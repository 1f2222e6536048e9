/* The tab of the page that is open stands in sight, of more tabs than a narrow screen has room for. */
const nav = document.querySelector(".site-nav");
const tab = nav?.querySelector("[aria-current]");

if (tab) {
  // Letters that come later make tabs wider.
  const centred = new ResizeObserver(() => {
    nav.scrollLeft = tab.offsetLeft - (nav.clientWidth - tab.offsetWidth) / 2;
  });
  for (const one of [nav, ...nav.querySelectorAll("a")]) centred.observe(one);
}
