/* Reads a QR code or bar code by the camera, or from a picture. The picture stays in the browser. */
import { element } from "../lib/dom.js";
import { codeReader } from "./code-reader.js";

const EVERY_MS = 200;

/** The text of the code that was held before the camera or chosen as a picture; null when the dialog was closed. */
export function scan(texts, title) {
  return new Promise((resolve) => new Scanner(texts, title, resolve).open());
}

class Scanner {
  constructor(texts, title, done) {
    this.texts = texts;
    this.done = done;
    this.video = element("video", { className: "scanner__video", playsInline: true, muted: true });
    this.status = element("p", { className: "scanner__status", role: "status" }, texts.loading);
    const picture = element("input", { className: "visually-hidden", type: "file", accept: "image/*", id: "scanner-picture" });
    picture.addEventListener("change", () => this.readPicture(picture.files[0]));
    const close = element("button", { className: "button", type: "button" }, texts.close);
    close.addEventListener("click", () => this.dialog.close());
    this.dialog = element(
      "dialog",
      { className: "scanner", "aria-label": title },
      element("h2", { className: "scanner__title" }, title),
      this.video,
      this.status,
      element("div", { className: "scanner__ways" }, picture, element("label", { className: "button button--main", htmlFor: picture.id }, texts.picture), close),
    );
    this.dialog.addEventListener("close", () => this.end(null));
  }

  async open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.reader = codeReader(this.texts.library);
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (!this.dialog.open) return this.stop();
      this.video.srcObject = this.stream;
      await this.video.play();
      const read = await this.reader;
      this.status.textContent = this.texts.aim;
      this.timer = setInterval(() => this.look(read), EVERY_MS);
    } catch {
      this.video.hidden = true;
      this.status.textContent = this.texts.refused;
    }
  }

  async look(read) {
    if (this.isLooking || !this.video.videoWidth) return;
    this.isLooking = true;
    const text = await read(this.video, this.video.videoWidth, this.video.videoHeight);
    this.isLooking = false;
    if (text) this.end(text);
  }

  async readPicture(file) {
    if (!file) return;
    let text = null;
    try {
      const image = await createImageBitmap(file);
      const read = await this.reader;
      text = await read(image, image.width, image.height);
    } catch {
      // What is no picture holds no code.
    }
    if (text) this.end(text);
    else this.status.textContent = this.texts.unread;
  }

  stop() {
    clearInterval(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
  }

  end(text) {
    if (!this.done) return;
    const done = this.done;
    this.done = null;
    this.stop();
    this.dialog.remove();
    done(text);
  }
}
