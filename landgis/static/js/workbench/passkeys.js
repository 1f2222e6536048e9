/* What went wrong with a passkey is said on the page; the scripts that use it come with the library of the sign-in. */
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const note of document.querySelectorAll("[data-passkey-error]")) {
    note.hidden = false;
  }
});
