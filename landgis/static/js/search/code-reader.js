/* Reads codes from pictures: by the browser where it can, else by the library, which is loaded only then. */

const FORMATS = ["qr_code", "data_matrix", "pdf417", "code_128", "code_39", "ean_13", "itf"];
const WIDEST = 1280; // pixels that are looked at

/** A function (picture, width, height) that gives the text of a code in it, or null. */
export async function codeReader(library) {
  return (await ofTheBrowser()) ?? (await ofTheLibrary(library));
}

async function ofTheBrowser() {
  if (!("BarcodeDetector" in window)) return null;
  const known = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
  const formats = FORMATS.filter((format) => known.includes(format));
  if (!formats.includes("qr_code")) return null;
  const detector = new window.BarcodeDetector({ formats });
  return async (picture) => {
    const codes = await detector.detect(picture).catch(() => []);
    return codes.length ? codes[0].rawValue : null;
  };
}

async function ofTheLibrary(address) {
  await loaded(address);
  const { BinaryBitmap, DecodeHintType, HTMLCanvasElementLuminanceSource, HybridBinarizer, MultiFormatReader } = window.ZXing;
  const reader = new MultiFormatReader();
  reader.setHints(new Map([[DecodeHintType.TRY_HARDER, true]]));
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (picture, width, height) => {
    const scale = Math.min(1, WIDEST / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    try {
      return reader.decodeWithState(new BinaryBitmap(new HybridBinarizer(new HTMLCanvasElementLuminanceSource(canvas)))).getText();
    } catch {
      return null; // no code in this picture
    }
  };
}

/** Load a script that makes a global name; once a page. */
function loaded(address) {
  if (window.ZXing) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error(address)));
    document.head.append(script);
  });
}
