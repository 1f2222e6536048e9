/* Asks how far the background is, and comes back to the page when it has ended. */
const EVERY_MS = 1000;

const run = document.querySelector(".run");
const bar = run.querySelector(".run__bar");
const text = run.querySelector(".run__text");

async function look() {
  try {
    const answer = await fetch(run.dataset.status, { cache: "no-store" });
    if (answer.ok) {
      const told = await answer.json();
      if (!told.is_open) return window.location.reload();
      show(told);
    }
  } catch {
    // No connection for the moment: the work goes on without us.
  }
  return setTimeout(look, EVERY_MS);
}

function show({ done, total, text: says }) {
  if (text.textContent !== says) text.textContent = says;
  if (!bar) return;
  if (total) Object.assign(bar, { max: total, value: done });
  else bar.removeAttribute("value");
}

await look();
