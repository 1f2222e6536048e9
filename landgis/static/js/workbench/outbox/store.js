/* What this device keeps of what officers type: a database of the browser, which outlives its tabs and its crashes. */
import { openDB } from "../../../vendor/idb-8.0.4/index.js";

const MOST_RECEIPTS = 50;
const SURE = { durability: "strict" };

/* A draft: { id, person, path, form, title, fields, shown, at, state, key, why, follows }. It is a "draft" while it is typed, "sending"
   from the button on until the server has said that it is saved, "refused" where the server said why not. */
const opened = openDB("landgis-outbox", 1, {
  upgrade(database) {
    database.createObjectStore("drafts", { keyPath: "id" }).createIndex("person", "person");
    database.createObjectStore("receipts", { keyPath: "id", autoIncrement: true }).createIndex("person", "person");
  },
});

export async function keep(draft) {
  const database = await opened;
  const writing = database.transaction("drafts", "readwrite", SURE);
  await Promise.all([writing.store.put(draft), writing.done]);
}

export async function draftOf(id) {
  return (await opened).get("drafts", id);
}

export async function drop(id) {
  await (await opened).delete("drafts", id);
}

/** The drafts of a person, the newest first. */
export async function draftsOf(person) {
  const found = await (await opened).getAllFromIndex("drafts", "person", person);
  return found.sort((one, other) => other.at - one.at);
}

/** How many drafts of other people lie here; no more than that is told. */
export async function countOfOthers(person) {
  const database = await opened;
  return (await database.count("drafts")) - (await database.countFromIndex("drafts", "person", person));
}

/** The server has it: the draft goes, and its receipt stays, both or neither. */
export async function acknowledge(draft, receipt) {
  const database = await opened;
  const writing = database.transaction(["drafts", "receipts"], "readwrite", SURE);
  const receipts = writing.objectStore("receipts");
  writing.objectStore("drafts").delete(draft.id);
  const mine = await writing.objectStore("drafts").index("person").getAll(draft.person);
  for (const one of mine.filter(({ follows }) => follows === draft.id)) {
    // Typed on what has just been saved, before that was known.
    const fields = one.fields.map(([name, value]) => [name, name === "saves" ? String(receipt.saves) : value]);
    const isBegun = one.path.includes("/new/") && receipt.address.includes("/edit/");
    const path = isBegun ? receipt.address.slice(receipt.address.indexOf("/officer/")) : one.path;
    writing.objectStore("drafts").put({ ...one, path, fields, follows: "" });
  }
  receipts.add({ ...receipt, person: draft.person, title: draft.title });
  const old = await receipts.getAllKeys();
  for (const key of old.slice(0, Math.max(0, old.length - MOST_RECEIPTS))) receipts.delete(key);
  await writing.done;
}

/** The newest receipt that this device got for a person. */
export async function lastReceipt(person) {
  return (await (await opened).getAllFromIndex("receipts", "person", person)).pop();
}
