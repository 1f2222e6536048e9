/* Asks the checks of what the form says, while one draws. Nothing of it is kept. */
const REST_MS = 300;

export class Checks extends EventTarget {
  constructor(form, config) {
    super();
    Object.assign(this, { form, config, told: null });
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), REST_MS);
  }

  async ask() {
    this.aborter?.abort();
    this.aborter = new AbortController();
    const said = [...new FormData(this.form)].filter(([, value]) => typeof value === "string");
    this.tell({ isAsking: true });
    try {
      const answer = await fetch(this.config.checks + window.location.search, {
        method: "POST",
        body: new URLSearchParams(said),
        headers: { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
        signal: this.aborter.signal,
        redirect: "error", // the session has ended
      });
      if (!(answer.headers.get("Content-Type") ?? "").includes("json")) throw new Error(`${answer.status}`);
      const told = await answer.json();
      if (!Array.isArray(told.issues)) throw new Error(told.detail ?? told.title ?? `${answer.status}`);
      this.told = told;
      this.tell({});
    } catch (error) {
      if (error.name !== "AbortError") this.tell({ hasFailed: true });
    }
  }

  tell(detail) {
    this.dispatchEvent(new CustomEvent("change", { detail }));
  }
}
