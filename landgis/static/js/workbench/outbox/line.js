/* The line on every page of officers that says what is kept here, being sent, saved or waiting: what is so, and no more. */
import { element, readJson } from "../../lib/dom.js";
import * as store from "./store.js";

const line = document.querySelector(".outbox");
export const config = readJson("outbox");
export const { words } = config;
/** The beginning of addresses in the reader's language; what is kept names none. */
export const language = config.language;

/** A text of the house with its values. */
export function said(name, values = {}) {
  return words[name].replace(/%\((\w+)\)s/g, (_whole, key) => values[key]);
}

/** The hour, with the day where it is not today. */
export function timeOf(at) {
  const day = new Date(at);
  const isToday = day.toDateString() === new Date().toDateString();
  const shape = isToday ? {} : { day: "2-digit", month: "2-digit", year: "numeric" };
  return new Intl.DateTimeFormat(document.documentElement.lang, { ...shape, hour: "2-digit", minute: "2-digit", hour12: false }).format(day);
}

let trouble = "";

/** Whether what was typed last could not be kept. */
export function isFull() {
  return trouble === "full";
}

/** Says how things stand; `now` is what happens in this moment: "sending", "waiting", "signed-out", "full", or "" for none of these. */
export async function tell(now = trouble) {
  trouble = now;
  const mine = await store.draftsOf(config.person);
  const [others, receipt] = [await store.countOfOthers(config.person), await store.lastReceipt(config.person)];
  const parts = [state(mine, receipt)];
  if (others) parts.push(words.others);
  const texts = parts.filter(Boolean);
  const links = mine.length ? [element("a", { href: config.page, textContent: said("list", { count: mine.length }) })] : [];
  // Whoever is signed out is led to the sign-in, and back.
  if (trouble === "signed-out") links.unshift(element("a", { href: window.location.href, textContent: words.sign_in }), " ");
  if (line.dataset.says !== texts.join(" ")) line.replaceChildren(...texts.flatMap((text) => [text, " "]));
  else for (const old of line.querySelectorAll("a")) old.remove();
  line.dataset.says = texts.join(" ");
  line.dataset.state = trouble || (mine.length ? "kept" : "");
  line.append(...links);
  line.hidden = !texts.length && !links.length;
}

function state(mine, receipt) {
  const waiting = mine.filter((one) => one.state === "sending").length;
  if (trouble === "full") return words.full;
  if (trouble === "sending") return words.sending;
  if (trouble === "signed-out" && waiting) return said("signed_out", { count: waiting });
  if (waiting) return said("waiting", { count: waiting });
  const refused = mine.find((one) => one.state === "refused");
  if (refused) return said("refused", { why: refused.why });
  if (mine.length) return said("kept", { at: timeOf(mine[0].at) });
  const isOfToday = receipt && new Date(receipt.at).toDateString() === new Date().toDateString();
  return isOfToday ? said("saved", { at: timeOf(receipt.at), code: receipt.receipt }) : "";
}
