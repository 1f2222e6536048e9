"""Base maps of other publishers: data in basemaps.toml, off unless the office names them.

Read by the settings, which let pages ask the hosts of those that are on; so it knows nothing of Django.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FILE = Path(__file__).with_name("basemaps.toml")
# What anybody may show to anybody, for any purpose, if the source is named.
OPEN_LICENCES = {"Public domain", "CC0-1.0", "CC-BY-4.0", "ODbL-1.0"}


@dataclass(frozen=True)
class BaseMap:
    """Tiles of another publisher; `title` by language, `tiles` an https address with {z}, {x} and {y}."""

    name: str
    title: dict[str, str]
    tiles: str
    tile_size: int
    maxzoom: int
    source: str
    attribution: str
    licence: str
    terms_url: str

    @property
    def origin(self) -> str:
        """What a Content-Security-Policy must allow."""
        return "https://" + urlsplit(self.tiles).netloc

    def for_map(self, language: str) -> dict[str, Any]:
        """What a map needs to draw it and to credit it."""
        return {
            "name": self.name,
            "title": self.title.get(language, self.title["en"]),
            "acquired": "",
            "tiles": [self.tiles],
            "tile_size": self.tile_size,
            "maxzoom": self.maxzoom,
            "source": self.source,
            "attribution": self.attribution,
            "licence": self.licence,
            "terms_url": self.terms_url,
            "is_real": True,
            "is_made_up": False,
        }


@cache
def by_name() -> dict[str, BaseMap]:
    """All that may be switched on, by name."""
    return read(tomllib.loads(FILE.read_text(encoding="utf-8")))


def read(content: dict[str, Any]) -> dict[str, BaseMap]:
    """Base maps from the content of a file. ValueError names what is wrong and what may stand there."""
    wanted = {field.name for field in fields(BaseMap)} - {"name"}
    found = {}
    for name, entry in content.items():
        if set(entry) != wanted:
            raise ValueError(f"{name} must have exactly: {', '.join(sorted(wanted))}")
        basemap = BaseMap(name, **entry)
        if basemap.licence not in OPEN_LICENCES:
            raise ValueError(f"the licence of {name} is none of: {', '.join(sorted(OPEN_LICENCES))}")
        if not (basemap.tiles.startswith("https://") and all(part in basemap.tiles for part in ("{z}", "{x}", "{y}"))):
            raise ValueError(f"the tiles of {name} must be an https address with {{z}}, {{x}} and {{y}}")
        if not (basemap.attribution and basemap.source and basemap.terms_url and "en" in basemap.title):
            raise ValueError(f"{name} needs a source, an attribution, an address of its terms and an English title")
        found[name] = basemap
    return found


def of_names(names: Iterable[str]) -> list[BaseMap]:
    """The base maps of these names. KeyError where there is none of a name."""
    return [by_name()[name] for name in names]


def origins(names: Iterable[str]) -> list[str]:
    """The origins that pages may ask for their tiles, each once."""
    return sorted({basemap.origin for basemap in of_names(names)})
