/* Keeps what is typed or drawn in a form, offers what was not sent, and sends the form by way of the outbox. */
import { element } from "../../lib/dom.js";
import { differences, read, readAsItCame, write } from "./fields.js";
import { flush, whenAnswered } from "./flushing.js";
import { config, isFull, language, said, tell, timeOf, words } from "./line.js";
import { newKey } from "./sending.js";
import * as store from "./store.js";

const REST_MS = 250; // after the last key
const AT_LATEST_MS = 900;
const MOST_OFFERED = 3;
const MOST_TOLD = 8;
const AGAIN_MS = 400; // a tab that is loaded anew lets go of its locks late

/** The address of a form in every language. */
function pathOf(form) {
  const { pathname, search } = new URL(form.action, window.location.href);
  return (pathname.startsWith(`${language}/`) ? pathname.slice(language.length) : pathname) + search;
}

export async function watch(form) {
  const watched = new Watched(form);
  await watched.begin();
}

class Watched {
  constructor(form) {
    this.form = form;
    this.path = pathOf(form);
    this.id = newKey();
    this.shown = readAsItCame(form);
    this.last = this.sent = this.shown;
    this.timer = 0;
  }

  async begin() {
    this.listen();
    await this.keep(); // what was typed before this came
    const held = await this.hold();
    const all = await store.draftsOf(config.person);
    const here = all.filter((one) => one.path === this.path && one.form === this.form.dataset.outbox);
    for (const draft of here.filter((one) => one.state !== "sending" && !held.includes(nameOf(one.id))).slice(0, MOST_OFFERED)) {
      await this.offer(draft);
    }
  }

  listen() {
    this.form.addEventListener("input", () => this.soon());
    this.form.addEventListener("change", () => this.soon());
    // What a script writes without saying so is kept, too.
    setInterval(() => this.keep(), AT_LATEST_MS);
    document.addEventListener("visibilitychange", () => this.keep());
    this.form.addEventListener("submit", (event) => this.submitted(event));
    whenAnswered((id, told) => this.answered(id, told));
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), REST_MS);
  }

  /** The names of the locks that other tabs hold; says so where one of them has this form open. */
  async hold() {
    if (!navigator.locks) return [];
    hold(nameOf(this.id));
    const open = `landgis outbox open ${config.person} ${this.path} ${this.form.dataset.outbox}`;
    if (!(await hold(open))) {
      await new Promise((settle) => setTimeout(settle, AGAIN_MS));
      if (!(await hold(open)) && !document.querySelector(".outbox__other")) {
        this.above(element("p", { className: "notice outbox__other", role: "status", textContent: words.other_tab }));
      }
    }
    return (await navigator.locks.query()).held.map((one) => one.name);
  }

  /** Keeps the form as it stands now, where that is another state than the one kept last. */
  async keep() {
    const { fields, isWhole } = read(this.form);
    if (this.isLeaving || !differences(this.form, this.last, fields).length) return;
    this.last = fields;
    try {
      if (differences(this.form, this.shown, fields).length) await store.keep(this.draft(fields));
      else await store.drop(this.id); // as the server has it
      await tell(isFull() ? "" : undefined);
    } catch {
      await tell("full");
    }
    this.tellOfFiles(isWhole);
  }

  tellOfFiles(isWhole) {
    const note = this.form.querySelector(".outbox__files");
    if (isWhole) note?.remove();
    else if (!note) this.form.prepend(element("p", { className: "notice outbox__files", role: "status", textContent: words.files }));
  }

  draft(fields, more = {}) {
    const title = document.querySelector(".desk h1")?.textContent.trim() ?? document.title;
    return { id: this.id, person: config.person, path: this.path, form: this.form.dataset.outbox, title, fields, shown: this.shown, at: Date.now(), state: "draft", ...more };
  }

  /** Says what was not sent, and how it differs from what is seen. */
  async offer(draft) {
    const differing = differences(this.form, this.shown, draft.fields);
    if (!differing.length) return this.adopt(draft);
    const list = element("ul", {}, ...differing.slice(0, MOST_TOLD).map(([label, text]) => element("li", {}, `${label}: `, element("strong", { textContent: text || words.empty }))));
    if (differing.length > MOST_TOLD) list.append(element("li", { textContent: "…" }));
    const back = element("button", { type: "button", className: "button", textContent: words.restore });
    const away = element("button", { type: "button", className: "button", textContent: words.drop });
    const why = draft.why ? element("p", { textContent: said("refused", { why: draft.why }) }) : null;
    const box = element("div", { className: "notice outbox__offer", role: "alert" }, element("p", { textContent: said("offer", { at: timeOf(draft.at) }) }), why, list, element("p", { className: "edit__keys" }, back, away));
    back.addEventListener("click", () => this.restore(draft, box));
    away.addEventListener("click", async () => {
      await store.drop(draft.id);
      box.remove();
      await tell();
    });
    this.above(box);
  }

  /** Puts something above the form, and above the map that it stands beside. */
  above(box) {
    (this.form.closest(".editor-page") ?? this.form).before(box);
  }

  /** The form shows it already: the server has it, or has just told what is wrong with it. */
  async adopt(draft) {
    if (this.form.dataset.shows === "kept") await store.drop(draft.id);
    else {
      this.shown = draft.shown;
      this.take(draft.id);
    }
    await tell();
  }

  async restore(draft, box) {
    box.remove();
    this.take(draft.id);
    write(this.form, draft.fields);
    await this.keep();
    this.form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  }

  /** This tab goes on with a draft. */
  take(id) {
    this.id = id;
    hold(nameOf(id));
  }

  async submitted(event) {
    const { submitter } = event;
    if (this.isLeaving || event.defaultPrevented) return;
    event.preventDefault();
    // What keeps nothing on the server is kept here first.
    if (submitter?.dataset.looks !== undefined) return this.keep().then(() => this.leave(submitter));
    if (this.isSending && this.isAsSent()) return flush();
    const { fields, isWhole } = read(this.form, submitter);
    if (!isWhole) return this.leave(submitter); // more than is kept here: sent as without a script
    const before = this.isSending;
    this.isSending = this.id;
    this.submitter = submitter;
    try {
      await store.keep(this.draft(fields, { state: "sending", key: newKey(), follows: before }));
    } catch {
      return this.leave(submitter);
    }
    // What is typed from now on is another draft.
    this.last = this.sent = read(this.form).fields;
    this.take(newKey());
    await flush();
  }

  /** Whether nothing was typed since it was sent. */
  isAsSent() {
    return !differences(this.form, this.sent, read(this.form).fields).length;
  }

  async answered(draft, told) {
    const isOwn = draft.id === this.isSending;
    if (isOwn && told.state === "refused") return this.leave(this.submitter, draft.key); // the server's own page says why, at each field
    if (told.state !== "saved" || draft.path !== this.path || draft.form !== this.form.dataset.outbox) return;
    if (isOwn) this.isSending = "";
    if (!this.isAsSent()) {
      if (!isOwn) return;
      await this.keep(); // what was typed, or written by the map, since it was sent: the next page offers it
    }
    this.isLeaving = true;
    // What an earlier page had sent is not what this one shows.
    if (isOwn) window.location.assign(told.receipt.address);
    else window.location.reload();
  }

  /** As without a script; with the `key` of a draft the answer says whether that was kept. */
  leave(submitter, key = "") {
    this.isLeaving = true;
    if (key) this.form.append(element("input", { type: "hidden", name: "key", value: key }));
    // As long as the event of the first submission goes round, the form hears of no second one.
    setTimeout(() => this.form.requestSubmit(submitter));
  }
}

function nameOf(id) {
  return `landgis outbox draft ${id}`;
}

/** Holds a lock as long as the page lives; whether it could. */
function hold(name) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((settle) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      settle(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}
