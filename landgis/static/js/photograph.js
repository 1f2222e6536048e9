/* A photograph that is too large to be sent is made smaller before it leaves the device: phones make 5 to 12 MB. */
const MOST_PIXELS = 2_000_000; // as many as the server keeps

for (const field of document.querySelectorAll("[data-most-bytes]")) {
  field.addEventListener("change", () => fit(field));
  if (field.files.length) fit(field); // chosen before this came
}

async function fit(field) {
  const [file] = field.files;
  const most = Number(field.dataset.mostBytes);
  tell(field, "");
  if (!file || file.size <= most) return;
  const button = field.form.querySelector("[type=submit]");
  button.disabled = true;
  const smaller = await shrunk(file).catch(() => null);
  button.disabled = false;
  if (field.files[0] !== file) return;
  if (!smaller || smaller.size > most) {
    tell(field, field.dataset.tooLarge);
    return;
  }
  const chosen = new DataTransfer();
  chosen.items.add(smaller);
  field.files = chosen.files;
}

/** The picture as a JPEG with as many pixels as are kept, upright. */
async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const share = Math.min(1, Math.sqrt(MOST_PIXELS / (picture.width * picture.height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(picture.width * share));
  canvas.height = Math.max(1, Math.floor(picture.height * share));
  const drawing = canvas.getContext("2d");
  drawing.fillStyle = "#fff";
  drawing.fillRect(0, 0, canvas.width, canvas.height);
  drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const content = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  return content && new File([content], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" });
}

/** Says under the field what is wrong with the picture; an empty text takes it back. */
function tell(field, text) {
  const place = field.parentElement;
  let told = place.querySelector("[data-told]");
  if (!told) {
    told = Object.assign(document.createElement("p"), { className: "form__error", role: "alert" });
    told.dataset.told = "";
    place.append(told);
  }
  told.textContent = text;
}
