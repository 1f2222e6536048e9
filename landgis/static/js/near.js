/* Sorts a list by how far its rows lie from the reader: the position is sent to a hundred metres, and only when asked for. */
const DECIMALS = 3; // of degrees
const PATIENCE_MS = 15_000;

const button = document.querySelector(".sorts__near");
const told = document.querySelector(".sorts__told");

if (button && navigator.geolocation && window.isSecureContext) {
  button.hidden = false;
  button.addEventListener("click", () => {
    told.textContent = "";
    navigator.geolocation.getCurrentPosition(open, tell, { timeout: PATIENCE_MS, maximumAge: 60_000 });
  });
}

function open({ coords }) {
  const address = new URL(button.dataset.near, window.location.href);
  address.searchParams.set("near", `${coords.latitude.toFixed(DECIMALS)},${coords.longitude.toFixed(DECIMALS)}`);
  window.location.assign(address);
}

function tell({ code, PERMISSION_DENIED }) {
  told.textContent = code === PERMISSION_DENIED ? button.dataset.refused : button.dataset.failed;
}
