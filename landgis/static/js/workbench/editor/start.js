/* The editor beside the form of one feature, of a split or of a merge. Whatever is drawn is written into the form, and only that is sent. */
import { readJson } from "../../lib/dom.js";
import { fetchScenes } from "../../map/scenes.js";
import { Canvas } from "./canvas.js";
import { Checks } from "./checks.js";
import { Frame } from "./frame.js";
import { Ground } from "./ground.js";
import { showGround, noteGround } from "./scenery.js";

const KINDS = { edit: () => import("./feature.js"), new: () => import("./feature.js"), split: () => import("./split.js"), merge: () => import("./merge.js") };
const SCENE = "landgis.editor.scene"; // which one an officer looked at last

const config = readJson("editor");
const host = document.getElementById("editor-frame");
const form = document.getElementById("editor-form");

async function start() {
  if (!config.proj4[config.srid]) return; // no plane that a browser knows: the form stands alone
  await Promise.all([...host.dataset.sheets.split(" ").map(bring), document.fonts.load('600 13px "Be Vietnam Pro"', "aạ1").catch(() => [])]);
  const frame = new Frame(host, document.getElementById("editor-side"), config);
  const canvas = new Canvas(frame.canvas, config);
  const places = config.unit_m ? 3 : 9;
  const ground = new Ground(canvas, config, places);
  ground.addEventListener("change", () => {
    showGround(canvas, ground);
    host.dataset.known = [...ground.known.keys()].join(" ");
  });
  noteGround(frame, ground);
  const laid = chooseScene(frame, canvas);
  const tellView = () => { host.dataset.view = [...canvas.view.getCenter(), canvas.view.getResolution()].join(); };
  canvas.map.on("moveend", tellView);
  frame.tool("fit", () => canvas.fit(wholeOf(canvas)));
  const checks = new Checks(form, config);
  const { open } = await KINDS[config.kind]();
  open({ config, form, frame, canvas, ground, checks, places });
  checks.addEventListener("change", ({ detail }) => {
    host.dataset.checks = detail.isAsking ? "asked" : "answered";
  });
  await laid;
  canvas.map.once("rendercomplete", () => { host.dataset.drawn = "true"; });
  canvas.map.render();
}

/** The box round what is drawn; of a split or merge, and where nothing is drawn yet, the first view. */
function wholeOf({ sources }) {
  const drawn = sources.own.getExtent();
  return ["edit", "new"].includes(config.kind) && drawn.every(Number.isFinite) ? drawn : config.bounds;
}

/** A style sheet that the page needs only now; without it the editor still works. */
function bring(href) {
  return new Promise((settle) => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: settle, onerror: settle }));
  });
}

/** The newest of the office's own, or the one that was looked at last. */
async function chooseScene(frame, canvas) {
  const { scenes } = await fetchScenes(config.scenes);
  const kept = window.localStorage.getItem(SCENE);
  const isKept = kept === "" || scenes.some(({ name }) => name === kept);
  frame.offerScenes(scenes, isKept ? kept : (scenes[0]?.name ?? ""));
  const show = () => canvas.showScene(scenes.find(({ name }) => name === frame.scene.value) ?? null);
  show();
  frame.scene.addEventListener("change", () => {
    window.localStorage.setItem(SCENE, frame.scene.value);
    show();
  });
}

await start();
