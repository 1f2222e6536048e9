"""Maps of tables with folium, whole in one file: our own copy of Leaflet and the satellite image are inside it.

Nothing is fetched when such a map is opened, from us or from anybody else.
"""

import base64
import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import folium
import geopandas
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from landgis.analysis.scenes import ServedScene, scenes
from landgis.analysis.server import Server
from landgis.analysis.words import heading, value_text
from landgis.lib.webmap import Box

LEAFLET = Path(__file__).resolve().parents[2] / "node_modules" / "leaflet" / "dist"
MARGIN = 1.0  # of the larger side: a window is wider than what it shows, and its zoom a whole number
IMAGES = {"vi": "Ảnh vệ tinh {day}", "en": "Satellite image {day}"}
MADE_UP = {"vi": "dữ liệu minh họa", "en": "made-up data"}


@dataclass(frozen=True)
class Layer:
    """A table on the map: in the colours of its dataset, with these columns shown under the pointer (else its title)."""

    frame: geopandas.GeoDataFrame
    fields: Sequence[str] = ()
    title: str = ""
    fill: float = 0.35  # 0: only the boundary is drawn


class OfflineMap(folium.Map):
    """A folium map that asks nobody for scripts or styles."""

    default_js: list[tuple[str, str]] = []
    default_css: list[tuple[str, str]] = []

    def render(self, **options: Any) -> str:
        figure = self.get_root()
        if isinstance(figure, Figure):
            figure.header.add_child(Element(f"<style>{_styles()}</style>"), name="leaflet_css")
            figure.header.add_child(Element(f"<script>{_scripts()}</script>"), name="leaflet")
        return super().render(**options)


class _Controls(MacroElement):
    """The scale where no credit covers it, and the credit of the library in plain words."""

    _template = Template(
        """{% macro script(this, kwargs) %}
        L.control.scale({position: "topleft", imperial: false}).addTo({{ this._parent.get_name() }});
        {{ this._parent.get_name() }}.attributionControl.setPrefix("Leaflet");
        {% endmacro %}"""
    )


def folium_map(
    *layers: Layer | geopandas.GeoDataFrame,
    source: str | None = None,
    scene: str | None = None,
    embedded: bool = True,
    box: Box | None = None,
    height: int | str = "100%",
) -> OfflineMap:
    """Tables on the satellite image of the server they came from; `.save("map.html")` writes one file that needs no network.

    `scene` is the name of a month or image (default: what the server's own maps show), `box` what is shown first
    (west, south, east, north; default: all that is drawn). With `embedded=False` the image stays on the server and is
    read from there when the map is opened. Tables from a database need `source`, the address of a server, or have no
    image. Raises ValueError where nothing is to be drawn, LookupError for a scene that is not there.
    """
    drawn = [layer if isinstance(layer, Layer) else Layer(layer) for layer in layers]
    shown = box or _box(drawn)
    language = drawn[0].frame.attrs["language"]
    found = OfflineMap(tiles=None, height=height, zoom_control=True)
    _Controls().add_to(found)
    picture = _scene(source or drawn[0].frame.attrs["source"], scene, shown, language)
    if picture:
        _lay(picture, found, _widened(shown), language, embedded=embedded)
    for layer in drawn:
        _draw(layer).add_to(found)
    folium.LayerControl(collapsed=False).add_to(found)
    found.fit_bounds([(shown[1], shown[0]), (shown[3], shown[2])])
    return found


def _box(layers: Sequence[Layer]) -> Box:
    boxes = [layer.frame.total_bounds for layer in layers if len(layer.frame)]
    if not boxes:
        raise ValueError("There is no row to draw.")
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _widened(box: Box) -> Box:
    west, south, east, north = box
    beside = max(east - west, north - south) * MARGIN
    return west - beside, max(south - beside, -90), east + beside, min(north + beside, 90)


# The image below


def _scene(source: str, name: str | None, box: Box, language: str) -> ServedScene | None:
    """The image asked for, else what the server's own maps show, where it reaches the box; None where there is none."""
    if not source.startswith("http"):
        return None
    found = scenes(Server(source), language)
    if name is None:
        return next((scene for scene in found if scene.covers(box)), None)
    for scene in found:
        if scene.name == name:
            return scene
    raise LookupError(f"There is no image {name!r}; there are: {', '.join(scene.name for scene in found) or 'none'}.")


def _lay(scene: ServedScene, onto: folium.Map, box: Box, language: str, *, embedded: bool) -> None:
    title = IMAGES[language].format(day=scene.days(box, language)).strip()
    credit = f"{title}: {scene.attribution}" + (f" ({MADE_UP[language]})" if scene.is_made_up else "")
    credit = html.escape(credit)
    if not embedded:
        told = {"max_native_zoom": scene.told["maxzoom"] + 1, "max_zoom": 22, "tile_size": 512, "zoom_offset": -1}
        folium.TileLayer(scene.template, name=title, attr=credit, **told).add_to(onto)
        return
    group = folium.FeatureGroup(name=title)
    for (west, south, east, north), address in scene.pieces(box):
        bounds = [[south, west], [north, east]]
        folium.raster_layers.ImageOverlay(address, bounds=bounds, attribution=credit, alt=title).add_to(group)
    group.add_to(onto)


# The tables above


def _draw(layer: Layer) -> folium.GeoJson:
    about = layer.frame.attrs
    fields = list(layer.fields) or [about["title_field"]]
    shown = layer.frame[[*fields, layer.frame.geometry.name]].copy()
    for name in fields:
        # The tooltip is HTML, and what stands in a table is not.
        shown[name] = [html.escape(value_text(layer.frame, name, value)) for value in layer.frame[name]]
    shown["_colour"] = _colours(layer.frame)
    credit = about["attribution"] + (f" ({MADE_UP[about['language']]})" if about["is_made_up"] else "")
    return folium.GeoJson(
        json.loads(shown.to_json(drop_id=True)),
        name=layer.title or about["title"],
        style_function=lambda feature: {
            "color": feature["properties"]["_colour"],
            "weight": 2,
            "fillOpacity": layer.fill,
            "fillColor": feature["properties"]["_colour"],
        },
        tooltip=_tooltip(layer.frame, fields) if len(layer.frame) else None,
        attribution=html.escape(credit),
    )


def _tooltip(frame: geopandas.GeoDataFrame, fields: list[str]) -> folium.GeoJsonTooltip:
    return folium.GeoJsonTooltip(fields, aliases=[html.escape(heading(frame, name)) for name in fields])


def _colours(frame: geopandas.GeoDataFrame) -> list[str]:
    """The colour of every row on the server's own map."""
    about = frame.attrs
    if about["colour_by"] not in frame:
        return [about["colour"]] * len(frame)
    return [about["colours"].get(code, about["colour"]) for code in frame[about["colour_by"]]]


# Leaflet, as it stands in node_modules


def _leaflet(name: str) -> bytes:
    try:
        return (LEAFLET / name).read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(f"{LEAFLET / name} is missing: run `make setup`.") from None


@cache
def _scripts() -> str:
    return re.sub(r"//# sourceMappingURL=.*", "", _leaflet("leaflet.js").decode())


@cache
def _styles() -> str:
    """The style sheet with its images inside."""

    def inside(match: re.Match[str]) -> str:
        return f"url(data:image/png;base64,{base64.b64encode(_leaflet(match[1])).decode()})"

    return re.sub(r"url\((images/[\w-]+\.png)\)", inside, _leaflet("leaflet.css").decode())
