/* The map of the editor in the plane of the legal system: the scene of a day, what lies round, and what is drawn. */
import { defaultControls, defaultInteractions, Feature, GeoJSON, OlMap, proj4, projectionOf, register, ScaleLine, TileLayer, transformExtent, VectorLayer, VectorSource, View, XYZ } from "../../../bundles/openlayers.js";
import { EQUATOR_M } from "../../lib/webmap.js";
import { styles } from "./styles.js";

const REACH = { metres: 300_000, degrees: 3 }; // of the plane from the first view: what scenes are laid over
const NEAREST_M = 0.005; // a pixel
const DEGREE_M = EQUATOR_M / 360;
const LAYERS = ["others", "neighbours", "before", "under", "children", "own", "along", "chosen", "sides", "line", "corners", "marks"]; // from below

export class Canvas {
  constructor(target, config) {
    this.config = config;
    this.code = `EPSG:${config.srid}`;
    this.unit = config.unit_m || DEGREE_M; // metres a unit of the plane
    for (const [srid, text] of Object.entries(config.proj4)) proj4.defs(`EPSG:${srid}`, text);
    register(proj4);
    this.sources = Object.fromEntries(LAYERS.map((name) => [name, new VectorSource()]));
    this.styles = styles(this);
    this.picture = new TileLayer();
    const layers = LAYERS.map((name) => new VectorLayer({ source: this.sources[name], style: this.styles[name], updateWhileInteracting: true, updateWhileAnimating: true }));
    this.layers = Object.fromEntries(LAYERS.map((name, at) => [name, layers[at]]));
    this.map = new OlMap({
      target,
      layers: [this.picture, ...layers],
      view: this.viewOf(config.bounds ?? [0, 0, 1, 1]),
      controls: defaultControls({ rotate: false, attribution: false, zoomOptions: { zoomInTipLabel: config.words.zoom_in, zoomOutTipLabel: config.words.zoom_out } }).extend([new ScaleLine({ minWidth: 80 })]),
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, doubleClickZoom: false }),
    });
    for (const button of target.querySelectorAll(".ol-zoom button")) button.setAttribute("aria-label", button.title);
    this.fit(config.bounds);
  }

  viewOf([west, south, east, north]) {
    const reach = this.config.unit_m ? REACH.metres / this.unit : REACH.degrees;
    const middle = [(west + east) / 2, (south + north) / 2];
    projectionOf(this.code).setExtent([middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach]);
    return new View({ projection: this.code, center: middle, resolution: 1 / this.unit, minResolution: NEAREST_M / this.unit, enableRotation: false });
  }

  get view() {
    return this.map.getView();
  }

  fit(bounds, room = 110) {
    const [above, below] = this.unseen();
    if (bounds) this.view.fit(bounds, { padding: [room + above, room, room + below, room], minResolution: 0.02 / this.unit });
  }

  /** How much of the map lies above and below the window, in pixels; none where little of it is seen at all. */
  unseen() {
    const { top, bottom, height } = this.map.getTargetElement().getBoundingClientRect();
    const [above, below] = [Math.max(0, -top), Math.max(0, bottom - window.innerHeight)];
    return above + below < height / 2 ? [above, below] : [0, 0];
  }

  /** Goes where something lies, no farther out than it has to be. */
  goTo(place) {
    this.view.animate({ center: place, resolution: Math.min(this.view.getResolution(), 0.2 / this.unit), duration: this.isCalm ? 0 : 250 });
  }

  get isCalm() {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** Lays a scene of /imagery/map.json under all; null for none. */
  showScene(scene) {
    if (!scene) return this.picture.setSource(null);
    this.picture.setExtent(transformExtent(scene.bounds, "EPSG:4326", this.code));
    const { tiles: [url], tile_size: tileSize, minzoom: minZoom, maxzoom: maxZoom } = scene;
    return this.picture.setSource(new XYZ({ url, tileSize, minZoom, maxZoom, transition: this.isCalm ? 0 : 200 }));
  }

  /** Puts geometries into a layer in the place of what was there: [geometry, properties] each. */
  put(layer, drawn) {
    const source = this.sources[layer];
    source.clear(true);
    source.addFeatures(drawn.map(([geometry, told = {}]) => new Feature({ geometry, ...told })));
  }

  read(shape) {
    return new GeoJSON().readGeometry(shape);
  }

  /** The feature of a layer that holds a place, or the nearest one within some pixels; null where there is none. */
  featureAt(place, layer, reachPx = 0) {
    const source = this.sources[layer];
    if (reachPx === 0) return source.getFeaturesAtCoordinate(place)[0] ?? null;
    const nearest = source.getClosestFeatureToCoordinate(place);
    if (!nearest) return null;
    const [east, north] = nearest.getGeometry().getClosestPoint(place);
    return Math.hypot(east - place[0], north - place[1]) <= reachPx * this.view.getResolution() ? nearest : null;
  }

  pixelOf(corner) {
    return this.map.getPixelFromCoordinate(corner);
  }
}
