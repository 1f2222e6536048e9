"""The corners of one feature as numbers in a legal coordinate system: written as a text, and read as a geometry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import shapely
from django.utils import formats
from django.utils.translation import gettext as _

from landgis.catalog.dataset import Dataset
from landgis.catalog.geometry_kinds import LEGAL_SRID, POINT
from landgis.changes import issues
from landgis.lib import canonical_forms, geometry, numerals
from landgis.workbench.edit_fields import Fact

MOST_CORNERS = 500  # more are for a file
METRE_PLACES, DEGREE_PLACES = 3, 9


class Unreadable(ValueError):
    """The text cannot be read; says why in the reader's language."""


@dataclass(frozen=True)
class ReadShape:
    """A geometry in EPSG:4326 and the values of its columns; `error` says why there is none, and `wrong_at` where.

    `plane` is the same as it was typed, in the system in which it was.
    """

    shape: shapely.Geometry | None = None
    values: dict[str, Any] = field(default_factory=dict)
    measure: float | None = None
    error: str = ""
    plane: shapely.Geometry | None = None
    wrong_at: tuple[float, float] | None = None


def text_of(dataset: Dataset, row: Any) -> str:
    """The corners of a row, one a line, north before east, an empty line between rings; empty where they are too many."""
    stored = getattr(row, str(dataset.geometry), None)
    if stored is None:
        return ""
    srid = getattr(row, LEGAL_SRID)
    return written(geometry.from_wgs84(shapely.from_wkb(bytes(stored.wkb)), srid), srid)


def written(plane: shapely.Geometry, srid: int) -> str:
    """The corners of a geometry in the plane of a system, as `text_of` has those of a row."""
    lines = list(_lines(plane))
    if sum(map(len, lines)) > MOST_CORNERS:
        return ""
    places = DEGREE_PLACES if geometry.crs(srid).in_degrees else METRE_PLACES
    return "\n\n".join("\n".join(f"{_text(y, places)} {_text(x, places)}" for x, y in line) for line in lines)


def _text(number: float, places: int) -> str:
    """A number that has one reading only."""
    return numerals.for_address(Decimal(f"{number:.{places}f}"))


def _lines(shape: shapely.Geometry) -> Iterator[list[tuple[float, float]]]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            yield from (list(ring.coords)[:-1] for ring in (part.exterior, *part.interiors))
        else:
            yield list(part.coords)


def read(dataset: Dataset, fact: Fact) -> ReadShape:
    """The geometry that a fact means."""
    form, srid = dataset.geometry_kind.form, fact["srid"]
    if form is None:
        return ReadShape()
    try:
        drawn = _computed(fact) if "wkb" in fact else _drawn(dataset, fact["text"])
    except Unreadable as unreadable:
        return ReadShape(error=str(unreadable))
    for _row, code, params in [*form.faults([drawn]), *_outside(drawn, srid)]:
        message, _remedy = issues.text(dataset, code, "", params, on_page=True)
        x, y = (params.get(name) if code == "geometry-invalid" else None for name in ("x", "y"))
        return ReadShape(error=message, plane=drawn, wrong_at=None if x is None or y is None else (x, y))
    degrees = shapely.from_wkb(fact["wkb"]) if "wkb" in fact else geometry.to_wgs84(drawn, srid)
    return stored(dataset, degrees, drawn, srid)


def stored(dataset: Dataset, degrees: shapely.Geometry, drawn: shapely.Geometry, srid: int) -> ReadShape:
    """A geometry in EPSG:4326 as it is stored, with what is measured of it as it was `drawn` in its own system."""
    form = dataset.geometry_kind.form
    if form is None:
        return ReadShape()
    shape = form.canonical([degrees])[0]
    measure = float(form.measured([drawn], srid)[0]) if form.measured else None
    written = shapely.to_wkb(shapely.set_srid(shape, 4326), hex=True, include_srid=True)
    values = [written, *([measure] if dataset.geometry_kind.measure else []), srid]
    return ReadShape(shape, dict(zip(dataset.geometry_kind.columns, values, strict=True)), measure, plane=drawn)


def _computed(fact: Fact) -> shapely.Geometry:
    """What a split or merge made, in the plane of its system; kept as EPSG:4326, so that corners stay where they were."""
    return geometry.from_wgs84(shapely.from_wkb(fact["wkb"]), fact["srid"])


def _outside(drawn: shapely.Geometry, srid: int) -> list[canonical_forms.Fault]:
    return canonical_forms.out_of_world([geometry.to_wgs84(drawn, srid)])


def _drawn(dataset: Dataset, text: str) -> shapely.Geometry:
    """The geometry in the plane of its system. Raises Unreadable."""
    lines = [list(_corners(block)) for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    if sum(map(len, lines)) > MOST_CORNERS:
        raise Unreadable(_("More than %(most)s corners: hand in a file.") % {"most": MOST_CORNERS})
    if dataset.geometry_kind is POINT:
        if [len(line) for line in lines] != [1]:
            raise Unreadable(_("Write the two numbers of one place."))
        return shapely.Point(lines[0][0])
    least = 3 if dataset.geometry_kind.covers else 2
    if not lines or min(map(len, lines)) < least:
        raise Unreadable(_("Write at least %(least)s corners, one a line.") % {"least": least})
    if not dataset.geometry_kind.covers:
        return shapely.MultiLineString(lines)
    return _areas([shapely.Polygon(line) for line in lines])


def _areas(rings: list[shapely.Polygon]) -> shapely.Geometry:
    """A ring that lies in the one before it is a hole in that; any other begins a part."""
    parts: list[tuple[shapely.Polygon, list[shapely.Polygon]]] = []
    for ring in rings:
        if parts and shapely.is_valid(parts[-1][0]) and shapely.is_valid(ring) and parts[-1][0].contains(ring):
            parts[-1][1].append(ring)
        else:
            parts.append((ring, []))
    return shapely.MultiPolygon(
        [(shell.exterior.coords, [hole.exterior.coords for hole in holes]) for shell, holes in parts]
    )


def line(text: str) -> list[tuple[float, float]]:
    """East and north of the corners of a line, one a line of the text. Raises Unreadable."""
    found = [corner for block in re.split(r"\n\s*\n", text.strip()) if block.strip() for corner in _corners(block)]
    if not 2 <= len(found) <= MOST_CORNERS:
        raise Unreadable(_("Write at least %(least)s corners, one a line.") % {"least": 2})
    return found


def _corners(block: str) -> Iterator[tuple[float, float]]:
    """East and north of each line of a block; a number of the corner may stand before them."""
    for line in block.strip().splitlines():
        words = [word for word in re.split(r"[;\s]+", line.strip()) if word]
        if len(words) == 3 and words[0].rstrip(".").isdecimal():
            words = words[1:]
        if len(words) != 2:
            raise Unreadable(_("“%(line)s” is not two numbers: X (north), then Y (east).") % {"line": line[:80]})
        north, east = (number(word) for word in words)
        yield east, north


def number(word: str) -> float:
    """A number that has one reading. Raises Unreadable."""
    try:
        written = numerals.read(word)
    except ValueError:
        raise Unreadable(_("“%(value)s” is no number.") % {"value": word[:80]}) from None
    if written.grouped is not None:
        message = _("“%(value)s” can be read in two ways: write %(one)s or %(other)s.")
        readings = {"one": numerals.for_address(written.number), "other": numerals.for_address(written.grouped)}
        raise Unreadable(message % {"value": word, **readings})
    if written.unit or written.is_scaled:
        raise Unreadable(_("“%(value)s” is no number.") % {"value": word[:80]})
    return float(written.number)


def systems(dataset: Dataset, row: Any) -> list[tuple[int, str]]:
    """The coordinate systems to write in: that of the feature, for a new one all that are registered, the usual one first."""
    if row is not None and getattr(row, LEGAL_SRID, None):
        known = [getattr(row, LEGAL_SRID)]
    else:
        newest = dataset.in_force._default_manager.order_by("-from_revision").values_list(LEGAL_SRID, flat=True).first()
        known = list(dict.fromkeys([*([newest] if newest else []), *geometry.known_srids()]))
    return [(srid, f"{geometry.crs(srid).name} (EPSG:{srid})") for srid in known]


def size_text(dataset: Dataset, measure: float | None) -> str:
    """What is measured of a geometry, as people read it."""
    kind = dataset.geometry_kind.measure
    if measure is None or kind is None:
        return "–"
    return f"{formats.number_format(round(measure, 1), force_grouping=True)} {kind.unit}"
