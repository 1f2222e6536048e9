"""Technical words that issues and the audit carry, in the words of readers.

Stored are the words of the machine, which never change: a reason in the words of GEOS, a kind of geometry, a verb of
the audit, a figure with a point, a day as ISO 8601 has it. Here each has its text.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from landgis.catalog.codelists import Label

_AMOUNT = re.compile(r"(?P<figures>\d{1,3}(?:\xa0\d{3})*)(?P<unit>(?: \S+)?)")
# What GEOS says of a boundary that is not valid, and what our own readers say.
REASONS: dict[str, Label] = {
    "Self-intersection": _("the line crosses itself"),
    "Ring Self-intersection": _("the line touches itself in a point"),
    "Hole lies outside shell": _("a hole lies outside of the boundary"),
    "Holes are nested": _("a hole lies in another hole"),
    "Nested shells": _("a part lies in another part"),
    "Interior is disconnected": _("a hole cuts the area in two"),
    "Duplicate Rings": _("a ring is drawn twice"),
    "Too few points in geometry component": _("a ring has too few corners"),
    "Repeated Point": _("a corner is drawn twice"),
    "Invalid Coordinate": _("a coordinate is not a number"),
    "Ring is not closed": _("a ring does not end where it begins"),
    "Topology Validation Error": _("the lines do not make an area"),
    "WKB": _("the geometry cannot be decoded"),
    "ring": _("a ring does not end where it begins"),
    "geometry-invalid": _("the lines do not make an area"),
    "geometry-kind": _("it is no area"),
}

# What each kind of repair does to a boundary, from the least to the one that changes most.
REPAIRS: dict[str, Label] = {
    "rings": _("open rings are closed"),
    "crossings": _("rings that cross or touch themselves are taken apart"),
    "parts": _("parts that overlap are united"),
    "holes": _("holes outside of the boundary are dropped"),
    "collections": _("of a mixture of geometries only the areas are kept"),
    "lines": _("closed lines become areas"),
}

# What stands in tables beside features.
PARTS: dict[str, Label] = {
    "titles": _("Titles above the headings"),
    "numbering": _("Numbers of the columns"),
    "headings": _("Headings once more"),
    "subtitles": _("Titles of groups"),
    "totals": _("Totals"),
    "signatures": _("Signatures and notes at the end"),
}

GEOMETRIES: dict[str, Label] = {
    "Point": _("point"),
    "MultiPoint": _("set of points"),
    "Polygon": _("polygon"),
    "MultiPolygon": _("set of polygons"),
    "LineString": _("line"),
    "LinearRing": _("line"),
    "MultiLineString": _("set of lines"),
    "GeometryCollection": _("mixture of geometries"),
}

VERBS: dict[str, Label] = {
    "change-set.draft": _("read in"),
    "change-set.check": _("checked"),
    "change-set.confirm": _("confirmed by its number"),
    "change-set.submit": _("submitted for approval"),
    "change-set.approve": _("approved"),
    "change-set.reject": _("rejected"),
    "change-set.withdraw": _("withdrawn"),
    "change-set.apply": _("published"),
}


def add_verbs(verbs: Mapping[str, Label]) -> None:
    """Add the verbs that another app writes to the audit. The same again is nothing new."""
    VERBS.update(verbs)


def reason(said: object) -> str:
    """Why a boundary is not valid; what is not known here stays as it was said."""
    return str(REASONS.get(str(said), said))


def geometry(kind: object) -> str:
    return str(GEOMETRIES.get(str(kind), kind))


def place(coordinate: float | None) -> Any:
    """A coordinate of the file: metres to the millimetre, degrees to the centimetre."""
    if coordinate is None:
        return "–"
    return round(coordinate, 3 if abs(coordinate) > 180 else 7)


def part(kind: object) -> str:
    return str(PARTS.get(str(kind), kind))


def repair(kind: object) -> str:
    """What a kind of repair does; of a change set of long ago nothing is known."""
    return str(REPAIRS.get(str(kind), ""))


def option(reading: Mapping[str, Any]) -> str:
    return f"--crs EPSG:{reading['srid']}" + (f" --fix {reading['fix']}" if reading["fix"] else "")


def figure(stored: object) -> str:
    """A number with its decimals and, where it was stored with one, its plus; what is none stays as it is.

    An amount of money is stored with its unit (`money.in_figures`), which stays behind it.
    """
    text, unit = str(stored), ""
    if found := _AMOUNT.fullmatch(text):
        text, unit = found["figures"].replace("\xa0", ""), found["unit"]
    try:
        number = Decimal(text)
    except InvalidOperation:
        return str(stored)
    if not number.is_finite():
        return str(stored)
    plus = "+" if text.startswith("+") else ""
    return plus + number_format(number, len(text.partition(".")[2]), force_grouping=True) + unit


def moment(stored: object) -> str:
    """A day, or a day and time; what is none stays as it is, and nothing is a day that nobody knows."""
    text = str(stored)
    if not text:
        return str(_("an unknown day"))
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        return text
    return date_format(found, "SHORT_DATETIME_FORMAT" if ":" in text else "SHORT_DATE_FORMAT")


def verb(written: str) -> str:
    return str(VERBS.get(written, written))


def other_rows(rows: Sequence[int]) -> str:
    """The rows of the source that say the same."""
    listed = {"rows": ", ".join(map(str, rows))}
    return ngettext("The other one: row %(rows)s.", "Others: rows %(rows)s.", len(rows)) % listed
