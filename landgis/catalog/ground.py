"""Names that every map of an installation bears although no dataset holds them, such as those of far islands.

Round some of them no other name is to stand, whatever a base map says. A country's package registers a file of them (see docs/a-country.md); without one there are none.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

from landgis.lib.webmap import Box


@dataclass(frozen=True)
class GroundName:
    """A name by language, where it stands (degrees), and the zooms from and to which it is written."""

    texts: Mapping[str, str]
    longitude: float
    latitude: float
    from_zoom: float
    to_zoom: float

    @property
    def text(self) -> str:
        """In the reader's language, else in the site's."""
        return self.texts.get(get_language() or "", self.texts[settings.LANGUAGE_CODE])


_names: list[GroundName] = []
_own: list[Box] = []


def register_names(path: Path) -> None:
    """Add the names of a TOML file; twice is once. Raises ValueError where one lacks the site's language."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    for entry in content["name"]:
        found = GroundName(**entry)
        if settings.LANGUAGE_CODE not in found.texts:
            raise ValueError(f"{path}: a name has no text in {settings.LANGUAGE_CODE}: {entry}")
        if found not in _names:
            _names.append(found)
    for entry in content.get("only_ours", ()):
        box = (entry["west"], entry["south"], entry["east"], entry["north"])
        if box not in _own:
            _own.append(box)


def names() -> list[GroundName]:
    return list(_names)


def own_names() -> list[Box]:
    """Where these names stand alone: boxes of degrees."""
    return list(_own)
