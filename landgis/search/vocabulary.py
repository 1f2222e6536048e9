"""How people of a country ask for land: a TOML file of its package, given to the parts of search that know the words."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext

from landgis.lib.number_words import register as register_number_words
from landgis.search import degrees, entrance, gazetteer, grids, number_words, phrases, streets, wordings, words
from landgis.search.readers import days, elsewhere, uses

# What a page of search names as examples; a country has its own.
_examples = {"numbers": "sheet 12 parcel 345", "use": "forest"}


def register_file(path: Path) -> None:
    """Make the words of a file known; each of its tables may be missing. Twice is once."""
    known = tomllib.loads(path.read_text(encoding="utf-8"))
    short = known.get("abbreviations", {})
    words.register_abbreviations(short.get("written_out", {}), set(short.get("before_numbers", [])))
    numbers = known.get("numbers", {})
    phrases.register(
        {kind: numbers.get(kind, []) for kind in (phrases.SHEET, phrases.PARCEL)},
        numbers.get("fillers", []),
        numbers.get("joints", []),
    )
    said = known.get("number_words", {})
    register_number_words(said)
    number_words.register(said.get("before", []))
    entrance.register_parameters(known.get("entrance", {}))
    speech = known.get("speech", {})
    wordings.register_speech(speech.get("before", []), speech.get("behind", []))
    wordings.register_translations(known.get("translated", {}), speech.get("small", []))
    streets.register_fillers(known.get("addresses", {}).get("fillers", []))
    places = known.get("places", {})
    gazetteer.register_kinds(places.get("kinds", []), places.get("renamed", {}))
    if asked := known.get("uses"):
        uses.register("land-use", asked.get("spoken", {}), asked.get("asides", []))
    elsewhere.register(known.get("places", {}).get("elsewhere", []))
    days.register(known.get("days", {}))
    told = known.get("degrees", {})
    degrees.register(told.get("hemispheres", {}), told.get("labels", {}), told.get("ignored", []))
    _register_grids(known.get("grids", {}))
    _examples.update(known.get("examples", {}))


def examples() -> dict[str, str]:
    """What a reader may type, by what it asks for: numbers, use, and where there is one the grid."""
    return dict(_examples)


def _register_grids(known: Mapping[str, Any]) -> None:
    found = [
        grids.Grid(int(srid), _grid_name(known["name"], meridian))
        for srid, meridian in known.get("meridians", {}).items()
    ]
    found += [
        grids.Grid(one["srid"], one["name"], tuple(one["named_by"]), tuple(one["also"]))
        for one in known.get("others", [])
    ]
    grids.register(found, known.get("labels", []))


def _grid_name(name: str, meridian: str) -> str:
    """In the reader's language, chosen when it is shown."""
    return lazy(lambda: gettext(name) % {"meridian": meridian}, str)()
