/* The button that scans a code: shown where a device can, and nothing is loaded before it is pressed. */

/** Show the button; what it reads is handed to `found`. */
export function offerScanner(button, found) {
  if (!button || typeof HTMLDialogElement === "undefined") return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { scan } = await import("./scanner.js");
    const text = await scan(button.dataset, button.getAttribute("aria-label"));
    if (text) found(text);
    else button.focus();
  });
}
