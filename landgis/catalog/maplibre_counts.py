"""MapLibre's layers of what stands for many features (landgis/catalog/clusters.py): discs with numbers, pills with words."""

import re
from typing import Any

from django.utils.translation import get_language

from landgis.catalog import pill_words, symbols
from landgis.catalog.dataset import Dataset
from landgis.catalog.money import SCALES
from landgis.catalog.symbols import WHITE

Layer = dict[str, Any]
Expression = Any

STRONG_FONT = "Be Vietnam Pro SemiBold"  # as css/fonts.css names it
NUMBER: Expression = ["get", "number"]


def layers(dataset: Dataset, *, is_live: bool, as_of: int | None = None) -> list[Layer]:
    """From below; what pills name has the days of now, or of a revision. All are drawn: no two meet. Names give way to them."""
    common = {
        "source": dataset.name,
        "source-layer": f"{dataset.name}-counts",
        "minzoom": dataset.map.tiles.cluster_zooms.start,
        "maxzoom": dataset.map.tiles.cluster_zooms.stop,
    }
    drawn = _discs(dataset) if dataset.map.tiles.counts_by else [_pill(dataset, is_live=is_live, as_of=as_of)]
    return [{**common, "id": f"{dataset.name}-{part.pop('part')}", **part} for part in drawn]


def pill(dataset: Dataset) -> dict[str, Any]:
    """The image of the pills of a dataset, which a live map draws itself: its name, pixels and colours."""
    about = symbols.PILL
    return {
        "name": f"{dataset.name}-pill",
        "height": about.letters + 2 * about.above + 2 * about.ring,
        "beside": about.beside,
        "above": about.above,
        "ring": about.ring,
        "colour": dataset.map.colour,
        "inside": dark(about.shade),
    }


def dark(shade: float) -> str:
    red, green, blue = (int(symbols.CASING[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {shade})"


def _discs(dataset: Dataset) -> list[Layer]:
    """A disc for all features of a place, with their true number."""
    disc = symbols.DISC
    radius = ["interpolate", ["linear"], ["sqrt", NUMBER], *(part for stop in disc.radius for part in stop)]
    paint = {
        "circle-radius": radius,
        "circle-color": dark(disc.shade),
        "circle-stroke-color": dataset.map.colour,
        "circle-stroke-width": disc.ring,
    }
    words = _words(["number-format", NUMBER, {"locale": get_language()}], disc.letters)
    return [
        {"part": "count-disc", "type": "circle", "layout": {"circle-sort-key": ["-", NUMBER]}, "paint": paint},
        {"part": "count", "type": "symbol", "layout": words, "paint": {"text-color": WHITE}},
    ]


def _pill(dataset: Dataset, *, is_live: bool, as_of: int | None) -> Layer:
    """Words on a dark ground, or with a rim where nobody draws its image, above the place."""
    about = symbols.PILL
    up = about.clear + about.above + about.ring
    layout = {
        **_words(_said(dataset, as_of), about.letters),
        "text-anchor": "bottom",
        "text-offset": [0, -up / about.letters],
    }
    paint: Layer = {"text-color": WHITE}
    if is_live:
        layout |= {"icon-image": pill(dataset)["name"], "icon-text-fit": "both", "icon-allow-overlap": True}
    else:
        paint |= {"text-halo-color": dark(about.shade), "text-halo-width": 2}
    return {"part": "pill" if is_live else "count", "type": "symbol", "layout": layout, "paint": paint}


def _words(text: Expression, size: float) -> Layer:
    return {
        "text-field": text,
        "text-font": [STRONG_FONT],
        "text-size": size,
        "text-max-width": 60,
        "text-allow-overlap": True,
        "symbol-sort-key": ["-", NUMBER],
    }


def _said(dataset: Dataset, as_of: int | None) -> Expression:
    """As `pill_words.said`, of what a tile holds."""
    least = amount(["to-number", ["get", "least"]])
    values = {"number": ["number-format", NUMBER, {"locale": get_language()}], "least": least}
    alone = ["case", ["has", "least"], least, str(dataset.title)]
    some = [
        "case",
        ["has", "least"],
        _filled(pill_words.priced(dataset), values),
        _filled(pill_words.counted(dataset), values),
    ]
    return ["case", ["==", NUMBER, 1], alone, _with_name(dataset, some, as_of)]


def _with_name(dataset: Dataset, first: Expression, as_of: int | None) -> Expression:
    """And a second line where all belong to one thing whose name fits."""
    if not dataset.map.tiles.together:
        return first
    name = ["to-string", ["get", "together"]]
    known = [part for ref, day in pill_words.days(dataset, as_of).items() for part in (ref, f" · {day}")]
    day = ["match", name, *known, ""] if known else ""
    is_short = ["all", ["has", "together"], ["<=", ["length", name], pill_words.LONGEST]]
    return ["concat", first, ["case", is_short, ["concat", "\n", name, day], ""]]


def _filled(words: str, values: dict[str, Expression]) -> Expression:
    """Words with {names} in them, as an expression."""
    parts = re.split(r"[{}]", words)
    return ["concat", *(values[part] if index % 2 else part for index, part in enumerate(parts) if part)]


def amount(number: Expression) -> Expression:
    """As `money.short_amount`."""
    value = ["var", "value"]
    steps: list[Expression] = []
    for scale, word, decimals in SCALES:
        written = {"locale": get_language(), "max-fraction-digits": decimals}
        figure: Expression = ["number-format", ["/", value, scale], written]
        steps += [[">=", value, scale - scale // 10**decimals // 2], ["concat", figure, f" {word}"]]
    whole = ["number-format", value, {"locale": get_language(), "max-fraction-digits": 0}]
    return ["let", "value", number, ["case", *steps, whole]]
