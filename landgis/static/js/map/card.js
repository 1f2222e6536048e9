/* The card that names everything at the chosen place and leads to its page. */
import { element, swatch } from "../lib/dom.js";
import { placeFacts } from "../lib/places.js";
import { factText, filled } from "../lib/values.js";
import { colourOf, titleNames, titleOf } from "./layers.js";

const LONGEST = 12;

export class Card {
  /** `frame` is the map's element; `onPoint(feature)` hears which one is pointed at, `onClose()` when the card goes. */
  constructor(frame, config, { onPoint, onClose }) {
    this.config = config;
    this.onPoint = onPoint;
    this.onClose = onClose;
    this.title = element("h2", { id: "card-title", textContent: config.messages.here });
    this.news = element("p", { className: "card__news", role: "status" });
    this.body = element("div");
    const close = element("button", { type: "button", className: "card__close", textContent: "×", "aria-label": config.messages.close, onclick: () => this.close() });
    const head = element("div", { className: "card__head" }, this.title, close);
    this.box = element("section", { className: "card", tabIndex: -1, hidden: true, "aria-labelledby": "card-title" }, head, this.news, this.body);
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    frame.append(this.box);
  }

  get isOpen() {
    return !this.box.hidden;
  }

  /** Opens with the found features, each {layer, ref, properties}, and the coordinates of the place {lng, lat}. */
  show(found, place) {
    this.remark = null;
    this.news.textContent = "";
    this.fill(found, place);
    this.box.hidden = false;
    this.box.scrollTop = 0;
    this.box.focus({ preventScroll: true });
  }

  /** Says what is known by now; the card stays where it is. */
  fill(found, place) {
    const { messages } = this.config;
    this.shown = { found, place };
    const items = found.slice(0, LONGEST).map((feature) => this.item(feature));
    if (found.length === 0) items.push(element("p", { className: "card__note", textContent: messages.nothing_here }));
    if (found.length > LONGEST) items.push(element("p", { className: "card__note", textContent: filled(messages.more, { count: found.length - LONGEST }) }));
    this.body.replaceChildren(...items, ...(this.remark ? [this.remark] : []), placeFacts(this.config, place));
  }

  /** Reads the facts of the features of some layers anew and says what became of them; gives those that are not as they were (`isGone`: no longer there). */
  async renew(layers) {
    const { found, place } = this.shown;
    const states = await Promise.all(found.slice(0, LONGEST).map((feature) => (layers.includes(feature.layer) ? stateNow(feature, this.config.lang) : null)));
    if (!this.isOpen || this.shown.found !== found) return [];
    const news = ["gone", "changed_unread", "changed"].find((what) => states.some((state) => state?.what === what));
    if (!news) return [];
    this.fill(found.map((feature, index) => Object.assign(feature, states[index]?.now)), place);
    this.news.textContent = this.config.messages[news];
    return found.filter((_feature, index) => states[index]?.now);
  }

  /** Says something of the ground of the place, below what lies there. */
  note(text) {
    this.remark = element("p", { className: "card__note", textContent: text });
    this.body.lastElementChild.before(this.remark);
  }

  close() {
    if (this.box.hidden) return;
    this.box.hidden = true;
    this.onClose();
  }

  item(feature) {
    const { layer, ref, properties, isGone } = feature;
    const title = titleOf(feature);
    // Words of the office stay in its language, whatever that of the page.
    const spoken = (isAsGiven) => (isAsGiven ? { lang: this.config.data_lang } : {});
    const link = element("a", { className: "card__title", href: `${layer.url}${encodeURIComponent(ref)}/`, textContent: title, ...spoken(title === properties[layer.title_field]) });
    const kind = element("p", { className: "card__layer" }, swatch(layer.kind, colourOf(layer, properties)), layer.title);
    const known = isGone ? [] : knownFacts(feature).filter(({ name }) => name !== layer.title_field);
    const facts = known.flatMap((fact) => [element("dt", { textContent: fact.label }), element("dd", { textContent: factText(fact, properties[fact.name], this.config.lang), ...spoken(fact.is_as_given) })]);
    const gone = isGone ? element("p", { className: "card__note", textContent: this.config.messages.gone }) : null;
    const item = element("article", { className: "card__item" }, kind, link, gone, facts.length ? element("dl", { className: "card__facts" }, ...facts) : null);
    for (const event of ["pointerenter", "focusin"]) item.addEventListener(event, () => this.onPoint(feature));
    return item;
  }
}

function knownFacts({ layer, properties }) {
  return (layer.facts || []).filter(({ name }) => properties[name] !== undefined);
}

/** What became of a feature that is shown: {what, now}, `now` is what has to be shown of it from now on; null where that is the same. */
async function stateNow(feature, lang) {
  const { layer, ref, properties } = feature;
  const unread = { what: "changed_unread" };
  if (layer.has_no_pages) return unread;
  try {
    const response = await fetch(`${layer.url}${encodeURIComponent(ref)}.json`);
    // A ref that has ended leads to the one that came after it.
    if (response.redirected || [404, 410].includes(response.status)) return { what: "gone", now: { isGone: true } };
    if (!response.ok) return unread;
    const row = await response.json();
    const facts = knownFacts(feature);
    const text = (fact, value) => (value === null || value === undefined ? "" : factText(fact, value, lang));
    const titled = titleNames(layer).filter((name) => properties[name] !== undefined);
    const isSame = facts.every((fact) => text(fact, properties[fact.name]) === text(fact, row[fact.name]));
    if (isSame && titled.every((name) => String(properties[name]) === String(row[name] ?? ""))) return null;
    const read = [...titled, ...facts.map(({ name }) => name)].map((name) => [name, row[name] ?? undefined]);
    return { what: "changed", now: { isGone: false, title: undefined, properties: { ...properties, ...Object.fromEntries(read) } } };
  } catch {
    return unread;
  }
}
