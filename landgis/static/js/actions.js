/* What a reader does with a feature: be led there by the device's navigator, send the page on. */

const share = document.querySelector("[data-share]");
const said = document.querySelector(".actions__said");

if (share) {
  share.hidden = false;
  share.addEventListener("click", sendOn);
}

async function sendOn() {
  const address = new URL(window.location.href);
  address.hash = "";
  const title = share.dataset.title;
  if (navigator.share) {
    // A reader who closes the sheet has changed her mind; that is no failure.
    await navigator.share({ title, url: address.href }).catch(() => {});
    return;
  }
  try {
    await navigator.clipboard.writeText(address.href);
    said.textContent = share.dataset.copied;
  } catch {
    said.textContent = share.dataset.failed;
  }
}

/* A phone with Android knows geo:. An iPhone has its own address; on a desk nothing answers, so a map site does. */
for (const link of document.querySelectorAll("[data-directions]")) {
  const place = link.dataset.directions;
  if (/iPhone|iPad|iPod/.test(navigator.userAgent)) link.href = `https://maps.apple.com/?daddr=${place}`;
  else if (!window.matchMedia("(pointer: coarse)").matches) link.href = `https://www.openstreetmap.org/directions?to=${encodeURIComponent(place)}`;
}
