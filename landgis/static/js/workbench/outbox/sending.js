/* Sends what is kept: acknowledged by a receipt, or kept and sent again under the same key. */
import * as store from "./store.js";

const PATIENCE_MS = 60_000;

/** Does one thing of that name at a time in all tabs; where the browser has no locks, in this one. */
export function alone(name, act) {
  return navigator.locks ? navigator.locks.request(`landgis outbox ${name}`, act) : act();
}

/** A number that nobody else has. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * Sends a draft that is "sending". Gives { state, ... }: "saved" with the receipt, "waiting" (no line, or the server is busy),
 * "signed-out", "refused" with why, "elsewhere" where another tab has dealt with it.
 */
export function send(id, language) {
  return alone("sending", async () => {
    const draft = await store.draftOf(id);
    if (draft?.state !== "sending") return { state: "elsewhere" };
    const told = await asked(draft, language);
    if (told.state === "saved") await store.acknowledge(draft, told.receipt);
    if (told.state === "refused") await store.keep({ ...draft, state: "refused", why: told.why });
    return told;
  });
}

async function asked(draft, language) {
  let answer;
  try {
    answer = await fetch(language + draft.path, {
      method: "POST",
      body: bodyOf(draft),
      headers: { Accept: "application/json", "Landgis-Person": draft.person },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status === 429 || answer.status >= 500) return { state: "waiting" };
    if (answer.status === 401 || !cookie("csrftoken")) return { state: "signed-out" };
    if (!/json/.test(answer.headers.get("Content-Type"))) return { state: "refused", why: `HTTP ${answer.status}` };
    const told = await answer.json();
    if (told.receipt) return { state: "saved", receipt: told };
    return { state: "refused", why: told.errors ? Object.values(told.errors).join(" ") : [told.title, told.detail].filter(Boolean).join(": ") };
  } catch {
    return { state: "waiting" };
  }
}

function bodyOf(draft) {
  const body = new FormData();
  for (const [name, value] of draft.fields) body.append(name, value);
  body.append("key", draft.key);
  body.append("csrfmiddlewaretoken", cookie("csrftoken"));
  return body;
}

/** That of now: signing in again makes another one than the page came with. */
export function cookie(name) {
  return document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}
