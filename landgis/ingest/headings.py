"""What headings of files mean the same, and which columns look like personal data: told by national packages."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from landgis.ingest.errors import marked as _
from landgis.lib.text import fold

MOST = 0.7  # of the values of a column have the form of personal data
ENOUGH = 3  # values
LONGITUDE, LATITUDE, EAST, NORTH, X, Y = "longitude", "latitude", "east", "north", "x", "y"
DBF_LETTERS = 10
HEADING = _("by its heading")

# Everywhere.
_coordinates = {
    LONGITUDE: {"lon", "long", "lng", "longitude"},
    LATITUDE: {"lat", "latitude"},
    EAST: {"e", "east", "easting", "xeast", "yeast"},
    NORTH: {"n", "north", "northing", "xnorth", "ynorth"},
    X: {"x", "xm", "coordx", "xcoord", "pointx"},
    Y: {"y", "ym", "coordy", "ycoord", "pointy"},
}
_personal_headings = {
    "owner",
    "ownername",
    "firstname",
    "lastname",
    "fullname",
    "email",
    "phone",
    "mobile",
    "birthdate",
}
_personal_forms: list[tuple[str, re.Pattern[str]]] = [(_("e-mail addresses"), re.compile(r"[^@\s]+@[^@\s]+\.\w+"))]
_same: dict[str, frozenset[str]] = {}


@dataclass(frozen=True)
class Personal:
    """A column that looks like personal data, and by what."""

    column: str
    why: str


def register_file(path: Path) -> None:
    """Add the headings and forms of a country from a TOML file; see docs/a-country.md. Twice is once."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    for name, headings in content.get("coordinates", {}).items():
        _coordinates[name].update(bare(heading) for heading in headings)
    for line in content.get("same", []):
        group = frozenset(bare(spelling) for spelling in line)
        for spelling in group:
            _same[spelling] = _same.get(spelling, frozenset()) | group
    personal = content.get("personal", {})
    _personal_headings.update(bare(heading) for heading in personal.get("headings", []))
    for table in personal.get("values", []):
        form = (table["what"], re.compile(table["form"], re.I))
        if form not in _personal_forms:
            _personal_forms.append(form)


def bare(heading: str) -> str:
    """A heading without case, diacritics, signs and what stands in brackets: "Số tờ (cũ)" is "soto"."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"[(\[].*?[)\]]", "", fold(heading)))


def of_coordinate(name: str) -> set[str]:
    """The bare headings of a coordinate, such as EAST."""
    return _coordinates[name]


def spellings(names: Sequence[str]) -> set[str]:
    """Every bare heading that means the same as one of these."""
    known = {bare(name) for name in names}
    return known.union(*(_same.get(name, frozenset()) for name in known))


def cut_short(heading: str, known: Iterable[str]) -> str | None:
    """The one known bare heading that a .dbf would have cut to this: it keeps ten letters."""
    if len(heading) != DBF_LETTERS:
        return None
    found = [spelling for spelling in known if spelling.startswith(bare(heading))]
    return found[0] if len(found) == 1 else None


def personal(heading: str, values: Sequence[object]) -> Personal | None:
    return personal_by_heading(heading) or personal_by_values(heading, values)


def personal_by_heading(heading: str) -> Personal | None:
    name = bare(heading)
    return Personal(heading, HEADING) if name in _personal_headings else None


def personal_by_values(heading: str, values: Sequence[object]) -> Personal | None:
    """A column most of whose values have the form of personal data."""
    given = [str(value).strip() for value in values if isinstance(value, str | int) and str(value).strip()]
    if len(given) < ENOUGH:
        return None
    for why, form in _personal_forms:
        if sum(form.fullmatch(value) is not None for value in given) >= MOST * len(given):
            return Personal(heading, why)
    return None
