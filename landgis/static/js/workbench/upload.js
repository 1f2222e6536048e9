/* Says before anything is sent that it is more than the server takes. */
const input = document.getElementById("file");
const warning = document.getElementById("file_large");
const most = Number(input.dataset.most) * 1e6;

function isTooLarge() {
  return [...input.files].reduce((sum, file) => sum + file.size, 0) > most;
}

function tell() {
  warning.hidden = !isTooLarge();
}

input.addEventListener("change", tell);
tell(); // of what was chosen before this came

input.form.addEventListener("submit", (event) => {
  if (!isTooLarge()) return;
  event.preventDefault();
  input.focus();
});
