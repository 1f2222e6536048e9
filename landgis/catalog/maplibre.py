"""The layers of MapLibre's style that the table of symbols (landgis/catalog/symbols.py) and a declaration make together.

A live map of this site also says how what is pointed at (`hovered`) and chosen (`picked`) is drawn; the style document
for others does not.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import get_language

from landgis.catalog import label_room, maplibre_counts, symbols
from landgis.catalog.dataset import LINE, POINT, Dataset
from landgis.catalog.maplibre_counts import STRONG_FONT
from landgis.catalog.money import UNIT
from landgis.catalog.symbols import DASHED, OWN, WHITE, WHOLE, Dot, Edge, Fill, Lettering, Line, Stops, Symbol

Layer = dict[str, Any]
Expression = Any

PLAIN_FONT = "Be Vietnam Pro"  # as css/fonts.css names it
PICKED = ["boolean", ["feature-state", "picked"], False]
HOVERED = ["boolean", ["feature-state", "hovered"], False]
LIT = ["any", PICKED, HOVERED]
IS_POINT = ["==", ["geometry-type"], "Point"]


def layers(dataset: Dataset, *, is_live: bool = False, as_of: int | None = None) -> dict[str, list[Layer]]:
    """The layers by what they show: features, the generalised ground of many, counts, labels; texts are in the language of the reader, of now or a revision."""
    painter = _Painter(dataset, symbols.symbol(dataset.map.style), is_live)
    return {
        "features": painter.features(),
        "generalised": painter.generalised(),
        "counts": maplibre_counts.layers(dataset, is_live=is_live, as_of=as_of)
        if dataset.map.tiles.cluster_zooms
        else [],
        "labels": painter.labels(),
    }


def document(dataset: Dataset, tilejson: str) -> dict[str, Any]:
    """The whole style of one dataset; `tilejson` is the absolute address of its tiles' description."""
    drawn = layers(dataset)
    return {
        "version": 8,
        "name": str(dataset.title_plural),
        "sources": {dataset.name: {"type": "vector", "url": tilejson, "promoteId": "ref"}},
        "layers": [*drawn["generalised"], *drawn["features"], *drawn["counts"], *drawn["labels"]],
    }


def hatch(dataset: Dataset) -> dict[str, Any]:
    """The image of the stripes of a dataset, which a live map draws itself: its name, size and colour."""
    about = symbols.HATCH
    return {"name": f"{dataset.name}-hatch", "side": about.side, "width": about.width, "colour": dataset.map.colour}


class _Painter:
    def __init__(self, dataset: Dataset, symbol: Symbol, is_live: bool):
        self.dataset, self.symbol, self.is_live = dataset, symbol, is_live
        self.code = ["to-string", ["get", dataset.map.style.colour_by]]

    def features(self) -> list[Layer]:
        """From below: what is inside, the edges, the points."""
        has_dashed = bool(self.dataset.map.style.dashed)
        lines = [self._line(line) for line in self.symbol.lines if has_dashed or line.of != DASHED]
        fill = self._fill(self.symbol.fill) if self.symbol.fill else []
        return [*fill, *lines, *(self._dot(dot) for dot in self.symbol.dots)]

    def generalised(self) -> list[Layer]:
        """Sheets and blocks, at their zooms; nothing tells one of them apart when it is pointed at."""
        zooms, look = self.dataset.map.tiles.generalised_zooms, symbols.GENERALISED
        if not zooms:
            return []
        common = {
            "source": self.dataset.name,
            "source-layer": f"{self.dataset.name}-generalised",
            "minzoom": zooms.start,
            "maxzoom": zooms.stop,
        }
        inside = {"fill-color": self.dataset.map.colour, "fill-opacity": by_zoom(look.fill.shade if look.fill else ())}
        edges = [
            {
                "line-color": line.colour or self.dataset.map.colour,
                "line-width": by_zoom(tuple((zoom, _short(width + line.wider)) for zoom, width in symbols.LINE)),
                "line-opacity": by_zoom(line.shade),
            }
            for line in look.lines
        ]
        return [
            {**common, "id": f"{self.dataset.name}-generalised", "type": "fill", "paint": inside},
            *(
                {**common, "id": f"{self.dataset.name}-generalised-{line.name}", "type": "line", "paint": paint}
                for line, paint in zip(look.lines, edges, strict=True)
            ),
        ]

    def labels(self) -> list[Layer]:
        """All lines of a label; where it needs room, from the zoom at which they fit, and until then the first alone."""
        fits = label_room.columns(self.dataset)
        lines = [_label_line(self.dataset, name, index) for index, name in enumerate(self.dataset.label_fields)]
        if not fits:
            return [self._label("label", lines, {})]
        # What has no room for its first line is not there.
        first, whole = _fits(label_room.FIRST), ["all", ["has", label_room.WHOLE], _fits(label_room.WHOLE)]
        if label_room.WHOLE not in fits:
            return [self._label("label", lines, {"filter": first})]
        return [
            self._label("label-first", lines[:1], {"filter": ["all", first, ["!", whole]]}),
            self._label("label", lines, {"filter": whole}),
        ]

    def _label(self, part: str, lines: Sequence[Sequence[Expression]], filtered: Layer) -> Layer:
        label, style = self.symbol.label, self.dataset.map.style
        # A sign is not to be hidden by its own name.
        beside: Layer = {
            "text-variable-anchor": ["left", "right", "top", "bottom"],
            "text-radial-offset": 1,
            "text-justify": "auto",
        }
        return {
            **self._common(part),
            "type": "symbol",
            "source-layer": f"{self.dataset.name}-labels",
            "minzoom": max(self.dataset.map.tiles.minzoom, style.label_from),
            "layout": {
                "text-field": ["format", *(piece for line in lines for piece in line)],
                "text-max-width": label_room.WIDEST,
                "text-padding": 4,
                **letters(label),
                **(beside if label.is_beside else {}),
                **({"text-rotate": ["get", label_room.TURN]} if filtered else {}),
                # Each within its own: a box round letters that are turned would keep the neighbours' away.
                **({"text-allow-overlap": True} if filtered and style.is_headline else {}),
            },
            "paint": writing(label),
            **filtered,
        }

    def _common(self, part: str) -> Layer:
        name = self.dataset.name
        return {"id": f"{name}-{part}", "source": name, "source-layer": name, "minzoom": self.dataset.map.tiles.minzoom}

    def _colour(self, colour: str) -> Expression:
        pairs = [part for pair in self.dataset.map.style.colours.items() for part in pair]
        if colour != OWN or not pairs:
            return colour or self.dataset.map.colour
        return ["match", self.code, *pairs, self.dataset.map.colour]

    def _upwards(self) -> Expression:
        """What the legend names first lies on top."""
        codes = list(self.dataset.map.style.colours)
        pairs = [part for index, code in enumerate(codes) for part in (code, len(codes) - index)]
        return ["match", self.code, *pairs, 0] if codes else 0

    def _is_dashed(self) -> Expression:
        return ["in", self.code, ["literal", list(self.dataset.map.style.dashed)]]

    def _fill(self, fill: Fill) -> list[Layer]:
        """Stripes become a thin veil where nobody draws their image. What would never be seen is left out."""
        is_veil = fill.is_hatched and not self.is_live
        if not self.is_live and not any(value for _zoom, value in fill.shade):
            return []

        def shade(value: float) -> Expression:
            seen: Expression = _short(value * symbols.HATCH.cover if is_veil else value)
            if self.is_live and (fill.picked or fill.hovered):
                picked, hovered = _short(value + fill.picked), _short(value + fill.hovered)
                seen = ["case", PICKED, picked, HOVERED, hovered, seen]
            # Nothing is inside a broken line.
            return ["case", self._is_dashed(), 0, seen] if self.dataset.map.style.dashed else seen

        inside = {"fill-pattern": hatch(self.dataset)["name"]} if fill.is_hatched and self.is_live else None
        paint = {**(inside or {"fill-color": self._colour(OWN)}), "fill-opacity": by_zoom(fill.shade, shade)}
        return [{**self._common("fill"), "type": "fill", "paint": paint}]

    def _line(self, line: Line) -> Layer:
        colour = self._colour(line.colour)
        paint = {
            "line-color": ["case", PICKED, line.picked, colour] if line.picked and self.is_live else colour,
            "line-width": by_zoom(symbols.LINE, self._grown(line.wider, ["case", PICKED, 2, HOVERED, 1, 0])),
            "line-opacity": by_zoom(line.shade),
        }
        layout: Layer = {"line-join": "round"}
        if line.of == WHOLE:
            layout["line-sort-key"] = self._upwards()
        if line.dashes:
            paint["line-dasharray"] = list(line.dashes)
        return {**self._common(line.name), "type": "line", "layout": layout, "paint": paint, **self._filter(line.of)}

    def _filter(self, of: str) -> Layer:
        if of == DASHED:
            return {"filter": self._is_dashed()}
        return {"filter": ["!", self._is_dashed()]} if of == WHOLE and self.dataset.map.style.dashed else {}

    def _dot(self, dot: Dot) -> Layer:
        """Far away a feature comes as a point: an area of a pixel would not be seen."""
        paint = {
            "circle-color": self._colour(dot.colour),
            "circle-radius": by_zoom(dot.size, self._grown(dot.wider, ["case", LIT, 2, 0])),
            "circle-opacity": by_zoom(dot.shade),
        }
        ring = ["case", PICKED, dot.picked_ring, dot.ring] if dot.picked_ring and self.is_live else dot.ring
        if ring:
            paint |= {"circle-stroke-color": WHITE, "circle-stroke-width": ring}
        layout = {"circle-sort-key": self._upwards()} if dot.colour == OWN else {}
        return {**self._common(dot.name), "type": "circle", "filter": IS_POINT, "layout": layout, "paint": paint}

    def _grown(self, wider: float, lit: Expression) -> Callable[[float], Expression]:
        """A length that is `wider` than another, and more so while somebody points at the feature."""
        return lambda value: ["+", _short(value + wider), lit] if self.is_live else _short(value + wider)


def name_look() -> Layer:
    """Layout and paint of the names that every map bears (landgis/catalog/ground.py). Nothing hides them."""
    free = {"text-max-width": 12, "text-allow-overlap": True, "text-ignore-placement": True}
    label = symbols.GROUND_NAME
    return {"layout": {**letters(label), **free}, "paint": writing(label)}


def light_writing() -> Layer:
    """Paint of all names where no image lies under them."""
    return writing(symbols.on_light(symbols.NAME))


def holder_look() -> Layer:
    """Layout and paint of the names of what features stand for: below them, where there is room."""
    label = symbols.HOLDER_NAME
    return {"layout": {**letters(label), "text-anchor": "top", "text-offset": [0, 0.5]}, "paint": writing(label)}


def selected_layers(colour: str, kind: str) -> list[Layer]:
    """The one feature of a page, from the source "selected"."""
    if kind == POINT:
        return [_selected_dot(edge, colour) for edge in symbols.selected(kind)]
    fill = {"fill-color": colour, "fill-opacity": symbols.SELECTED_FILL}
    inside: Layer = {"id": "selected-fill", "type": "fill", "source": "selected", "paint": fill}
    drawn = [] if kind == LINE else [inside]
    for edge in symbols.selected(kind):
        paint = {"line-color": edge.colour or colour, "line-width": edge.width}
        line = {"type": "line", "source": "selected", "layout": {"line-join": "round"}, "paint": paint}
        drawn.append({"id": f"selected-{edge.name}", **line})
    return drawn


def _selected_dot(edge: Edge, colour: str) -> Layer:
    paint = {"circle-color": edge.colour or colour, "circle-radius": symbols.SELECTED_DOT + edge.width / 2}
    return {"id": f"selected-{edge.name}", "type": "circle", "source": "selected", "paint": paint}


def letters(label: Lettering) -> Layer:
    """Face and size, for a layout."""
    return {"text-font": [STRONG_FONT if label.is_strong else PLAIN_FONT], "text-size": by_zoom(label.size)}


def writing(label: Lettering) -> Layer:
    """Colour and rim, for a paint."""
    red, green, blue = (int(label.halo[start : start + 2], 16) for start in (1, 3, 5))
    halo = f"rgba({red}, {green}, {blue}, {label.halo_shade})"
    return {"text-color": label.colour, "text-halo-color": halo, "text-halo-width": label.halo_width}


def _fits(name: str) -> Expression:
    """Whether what the tile says of a label's room is so at the zoom of the tile."""
    return [">=", ["zoom"], ["get", name]]


def _label_line(dataset: Dataset, name: str, index: int) -> Sequence[Expression]:
    field, value = dataset.field(name), ["get", name]
    if not dataset.is_number(name):
        text = _before_comma(value)
    else:
        number = ["to-number", value]
        figure = ["concat", ["number-format", number, {"locale": get_language()}], f" {field.unit}"]
        text = ["case", ["==", number, 0], "", maplibre_counts.amount(number) if field.unit is UNIT else figure]
    return [*(["\n", {}] if index else []), text, {"font-scale": label_room.SMALLER if index else 1}]


def _before_comma(value: Expression) -> Expression:
    """A text as far as its first comma: what follows says where it is, which the map shows."""
    text = ["var", "text"]
    return ["let", "text", ["concat", value, ","], ["slice", text, 0, ["index-of", ",", text]]]


def by_zoom(stops: Stops, each: Callable[[float], Expression] = float) -> Expression:
    """What `each` makes of the value at a zoom; of one stop the same at all."""
    if len(stops) == 1:
        return each(stops[0][1])
    return ["interpolate", ["linear"], ["zoom"], *(part for zoom, value in stops for part in (zoom, each(value)))]


def _short(number: float) -> float:
    return round(number, 3)
