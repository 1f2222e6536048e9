"""What headings of files mean the same, and which columns look like personal data: told by national packages."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from landgis.ingest.errors import marked as _
from landgis.lib.text import fold

MOST = 0.7  # of the values of a column have the form of personal data
ENOUGH = 3  # values
LONGITUDE, LATITUDE, EAST, NORTH, X, Y = "longitude", "latitude", "east", "north", "x", "y"
GROUP = "group"
DBF_LETTERS = 10
HEADING = _("by its heading")

# Everywhere.
_coordinates = {
    LONGITUDE: {"lon", "long", "lng", "longitude"},
    LATITUDE: {"lat", "latitude"},
    EAST: {"e", "east", "easting", "xeast", "yeast"},
    NORTH: {"n", "north", "northing", "xnorth", "ynorth"},
    X: {"x", "xm", "coordx", "xcoord", "pointx"},
    GROUP: {"coordinate", "coord", "position"},
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
_second: dict[str, frozenset[str]] = {}
_same: dict[str, frozenset[str]] = {}


# What lines of tables begin with that are no features.
_forms: dict[str, set[str]] = {
    "totals": {"total", "grand total", "subtotal", "sum"},
    "signatures": {"signed", "signature"},
}


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
    for name, words in content.get("forms", {}).items():
        _forms[name].update(fold(word) for word in words)
    for name, headings in content.get("second", {}).items():
        _second[bare(name)] = frozenset(bare(heading) for heading in headings)
    personal = content.get("personal", {})
    _personal_headings.update(bare(heading) for heading in personal.get("headings", []))
    for table in personal.get("values", []):
        form = (table["what"], re.compile(table["form"], re.I))
        if form not in _personal_forms:
            _personal_forms.append(form)


def bare(heading: str) -> str:
    """A heading without case, diacritics, signs and what stands in brackets: "Số tờ (cũ)" is "soto"."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"[(\[].*?[)\]]", "", fold(heading)))


def named(names: Sequence[str], said: str) -> str:
    """The heading that is meant by a text: by its letters, or as "column 5" by its place; else the text itself."""
    if said in names:
        return said
    alike = [name for name in names if fold(name) == fold(" ".join(said.split()))]
    if len(alike) == 1:
        return alike[0]
    word, _blank, number = said.strip().rpartition(" ")
    is_place = number.isdecimal() and 0 < int(number) <= len(names) and word.lower() in _words_for_column()
    return names[int(number) - 1] if is_place else said


def _words_for_column() -> set[str]:
    found = {"column"}
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            found.add(gettext("column").lower())
    return found


def of_forms() -> dict[str, tuple[str, ...]]:
    """How totals and signatures begin in tables."""
    return {name: tuple(sorted(words)) for name, words in _forms.items()}


def group_of_coordinate(heading: str) -> str | None:
    """What is left of a heading under one for coordinates: "Tọa độ (m) X" is "x"; None of any other."""
    first, _blank, last = heading.rpartition(" ")
    return bare(last) if first and bare(first).startswith(tuple(_coordinates[GROUP])) else None


def of_coordinate(name: str) -> set[str]:
    """The bare headings of a coordinate, such as EAST."""
    return _coordinates[name]


def spellings(names: Sequence[str]) -> set[str]:
    """Every bare heading that means the same as one of these."""
    known = {bare(name) for name in names}
    return known.union(*(_same.get(name, frozenset()) for name in known))


def second(name: str) -> frozenset[str]:
    """Bare headings that are a field where no column has a better one."""
    return _second.get(bare(name), frozenset())


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
