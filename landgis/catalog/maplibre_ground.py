"""The layers of MapLibre's style that draw the base map, by the table of symbols (landgis/catalog/symbols.py)."""

from dataclasses import replace
from typing import Any

from landgis.catalog import ground_symbols, symbols
from landgis.catalog.ground_symbols import BaseMapArea, BaseMapLine, BaseMapName
from landgis.catalog.maplibre import by_zoom, letters, writing
from landgis.catalog.symbols import Lettering

Layer = dict[str, Any]

SOURCE = "basemap"


def layers(*, is_over: bool) -> list[Layer]:
    """From below: areas, lines, names; `is_over` those over an image."""
    if is_over:
        lines = [_thin(line) for line in ground_symbols.BASE_MAP_LINES if line.is_over]
        return [
            *lines,
            *(part for name in ground_symbols.BASE_MAP_NAMES for part in _name(name, name.over, is_over=True)),
        ]
    return [
        *(_area(area) for area in ground_symbols.BASE_MAP_AREAS),
        *(_edge(line) for line in ground_symbols.BASE_MAP_LINES if line.casing),
        *(_line(line) for line in ground_symbols.BASE_MAP_LINES),
        *(part for name in ground_symbols.BASE_MAP_NAMES for part in _name(name, name.look, is_over=False)),
    ]


def layers_under() -> list[Layer]:
    """Land and sea round an image, which lies over them."""
    return [
        {**_area(replace(area, colour=symbols.UNDER_SEA)), "id": f"{SOURCE}-under-{area.layer}"}
        for area in ground_symbols.BASE_MAP_AREAS
    ]


def _common(row: BaseMapArea | BaseMapLine | BaseMapName, part: str, *, is_over: bool = False) -> Layer:
    name = "-".join([SOURCE, *(["over"] if is_over else []), part, row.layer, row.kinds[0]])
    kinds = ["literal", list(row.kinds)]
    return {"id": name, "source": SOURCE, "source-layer": row.layer, "filter": ["in", ["get", "kind"], kinds]}


def _area(area: BaseMapArea) -> Layer:
    return {**_common(area, "area"), "type": "fill", "paint": {"fill-color": area.colour, "fill-antialias": False}}


def _line(line: BaseMapLine) -> Layer:
    paint = {"line-color": line.colour, "line-width": by_zoom(line.width)}
    return {**_common(line, "line"), "type": "line", "minzoom": line.since, "layout": ROUND, "paint": paint}


def _edge(line: BaseMapLine) -> Layer:
    wide = tuple((zoom, width + ground_symbols.CASING_PX) for zoom, width in line.width)
    paint = {"line-color": line.casing, "line-width": by_zoom(wide)}
    return {**_common(line, "edge"), "type": "line", "minzoom": line.since, "layout": ROUND, "paint": paint}


def _thin(line: BaseMapLine) -> Layer:
    thin = tuple((zoom, width * ground_symbols.OVER_WIDTH) for zoom, width in line.width)
    paint = {
        "line-color": symbols.WHITE,
        "line-width": by_zoom(thin),
        "line-opacity": by_zoom(ground_symbols.OVER_SHADE),
    }
    common = _common(line, "line", is_over=True)
    return {**common, "type": "line", "minzoom": line.since, "layout": ROUND, "paint": paint}


def _name(name: BaseMapName, look: Lettering, *, is_over: bool) -> list[Layer]:
    """Along a line, at a place, or beside the dot that marks it."""
    common = {**_common(name, "name", is_over=is_over), "minzoom": name.since}
    layout: Layer = {"text-field": ["get", "name"], "text-padding": 4, **letters(look), **_place(name)}
    written = {**common, "type": "symbol", "layout": layout, "paint": writing(look)}
    if not name.dot:
        return [written]
    seen = {"circle-color": name.dot, "circle-radius": ground_symbols.LANDMARK_PX}
    ring = {"circle-stroke-color": symbols.WHITE, "circle-stroke-width": 1}
    dot = {**_common(name, "dot", is_over=is_over), "minzoom": name.since, "type": "circle", "paint": {**seen, **ring}}
    return [dot, written]


def _place(name: BaseMapName) -> Layer:
    if name.is_along:
        return {"symbol-placement": "line", "symbol-spacing": 320}
    if name.dot:
        anchors = ["left", "right", "top", "bottom"]
        return {"text-max-width": 9, "text-variable-anchor": anchors, "text-radial-offset": 0.6, "text-justify": "auto"}
    return {"text-max-width": 9}


ROUND = {"line-join": "round", "line-cap": "round"}
