/* An open map follows what is published. A small answer, asked for while the page is seen, has a mark of each dataset; where it is
   another one than that with which the tiles were asked for, they are asked for again. What is drawn stays until they are there. */
import { markOf } from "./retries.js";

const EVERY_MS = 3000;
const LONGEST_MS = 60_000; // between two questions to a server that does not answer
const PATIENCE_MS = 10_000;

/** Keeps the tiles of a map as they are published, until it is removed; `onChange(layers)` hears whose tiles are asked for again. */
export function followRevisions(map, config, onChange = () => {}) {
  const follower = new Follower(map, config, onChange);
  const wake = () => follower.look();
  map.on("sourcedata", ({ sourceId, sourceDataType }) => sourceDataType === "metadata" && follower.note(sourceId));
  map.once("idle", () => follower.sleep());
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  map.once("remove", () => {
    clearTimeout(follower.timer);
    follower.isOver = true;
    window.removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", wake);
  });
}

class Follower {
  constructor(map, config, onChange) {
    Object.assign(this, { map, config, onChange });
    this.layers = new Map(config.layers.map((layer) => [layer.name, layer]));
    this.known = new Map(); // by dataset, the mark with which its tiles were asked for
    this.wanted = new Map(); // the mark because of which they were asked for again
    this.wait = EVERY_MS;
    this.isOver = false;
    this.isAsking = false;
  }

  /** Where a source says what it is: another place for other rows. */
  address(name) {
    return new URL(this.layers.get(name).tilejson, document.baseURI).href;
  }

  /** A source says what it is, before its first tile. */
  note(name) {
    if (this.layers.has(name)) this.known.set(name, markOf(this.address(name)));
  }

  /** Looks again after a while; not all readers at once. */
  sleep() {
    clearTimeout(this.timer);
    if (!this.isOver) this.timer = setTimeout(() => this.look(), this.wait * (1 + Math.random() / 4));
  }

  /** Nobody sees a page that is hidden, and without a connection there is nothing to ask: both wake it again. */
  async look() {
    if (this.isOver || this.isAsking || document.hidden || !navigator.onLine) return;
    this.isAsking = true;
    try {
      const response = await fetch(this.config.state, { signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!response.ok) throw new Error(`${this.config.state} answered ${response.status}`);
      this.wait = this.compare(await response.json()) ? EVERY_MS : this.longer();
    } catch {
      this.wait = this.longer();
    }
    this.isAsking = false;
    this.sleep();
  }

  longer() {
    return Math.min(2 * this.wait, LONGEST_MS);
  }

  /** Asks for what has changed; false where a source was asked for in vain before. */
  compare(marks) {
    const isNew = ({ name }) => this.known.get(name) && marks[name] && marks[name] !== this.known.get(name) && this.map.getSource(name).loaded();
    const changed = this.isOver ? [] : this.config.layers.filter(isNew);
    const isInVain = changed.some(({ name }) => this.wanted.get(name) === marks[name]);
    for (const { name } of changed) {
      this.wanted.set(name, marks[name]);
      this.map.getSource(name).setUrl(this.address(name));
    }
    if (changed.length > 0) this.onChange(changed);
    return !isInVain;
  }
}
