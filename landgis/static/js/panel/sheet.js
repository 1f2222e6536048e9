/* On a phone the panel is a sheet with three heights; a drag, a tap or the keyboard moves it. */
const STATES = ["low", "peek", "open"];
const TAP_PIXELS = 6;
const AFTER_DRAG_MS = 300;

export class Sheet {
  constructor(panel) {
    this.panel = panel;
    this.handle = panel.querySelector(".panel__handle");
    this.draggedAt = -Infinity;
    this.handle.addEventListener("click", (event) => this.tap(event));
    panel.querySelector(".panel__scroll").addEventListener("focusin", (event) => this.reveal(event.target));
    this.handle.addEventListener("pointerdown", (event) => this.drag(event));
  }

  get state() {
    return this.panel.dataset.state;
  }

  set state(state) {
    this.panel.dataset.state = state;
    this.handle.setAttribute("aria-expanded", String(state === "open"));
  }

  /** Opens the sheet for a reader who reaches its hidden part by keyboard. */
  reveal(target) {
    if (target.matches(":focus-visible")) this.state = "open";
  }

  tap(event) {
    // The click that a drag ends with is not a tap.
    if (event.timeStamp - this.draggedAt < AFTER_DRAG_MS) return;
    this.state = this.state === "open" ? "peek" : "open";
  }

  /** Pixels of the map that the sheet covers from below; none where it stands beside the map. */
  covered(frame) {
    const map = frame.getBoundingClientRect();
    const panel = this.panel.getBoundingClientRect();
    return panel.right <= map.left ? 0 : Math.max(0, map.bottom - panel.top);
  }

  drag(down) {
    const start = new DOMMatrix(getComputedStyle(this.panel).transform).f;
    const highest = this.panel.clientHeight;
    let offset = start;
    const move = (event) => {
      offset = Math.min(highest, Math.max(0, start + event.clientY - down.clientY));
      if (Math.abs(offset - start) < TAP_PIXELS) return;
      this.panel.classList.add("panel--dragged");
      this.panel.style.transform = `translateY(${offset}px)`;
    };
    const end = (up) => {
      this.handle.removeEventListener("pointermove", move);
      this.panel.classList.remove("panel--dragged");
      this.panel.style.transform = "";
      if (Math.abs(offset - start) < TAP_PIXELS) return;
      this.draggedAt = up.timeStamp;
      this.settle(offset - start);
    };
    this.handle.setPointerCapture(down.pointerId);
    this.handle.addEventListener("pointermove", move);
    this.handle.addEventListener("pointerup", end, { once: true });
    this.handle.addEventListener("pointercancel", end, { once: true });
  }

  settle(moved) {
    const index = STATES.indexOf(this.state) + (moved < 0 ? 1 : -1);
    const long = Math.abs(moved) > this.panel.clientHeight / 2;
    if (long) this.state = moved < 0 ? "open" : "low";
    else this.state = STATES[Math.min(2, Math.max(0, index))];
  }
}
