"""The schemas in which archives are made, as a table of data: which of their features leave, and what they become."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("schemas.toml")
ANY = "*"
ROADS, ROAD_NAMES, WATER, WATER_NAMES, LANDMARKS = LAYERS = ("roads", "road-names", "water", "water-names", "landmarks")
NAMED = {ROAD_NAMES, WATER_NAMES, LANDMARKS}  # whose features bear a name, and are nothing without one
KINDS = {  # what may leave, the most important first
    ROADS: ("motorway", "trunk", "primary", "secondary", "street", "path"),
    ROAD_NAMES: ("motorway", "trunk", "primary", "secondary", "street"),
    WATER: ("sea", "lake", "river", "stream"),
    WATER_NAMES: ("lake", "river"),
    LANDMARKS: ("hospital", "market", "office", "school", "station"),
}
SHAPES = {"point": 1, "line": 2, "area": 3}  # as tiles number them
# What no archive may show, whatever else it says of a feature.
MILITARY = frozenset(
    [
        "military",
        "barracks",
        "naval_base",
        "airfield",
        "military_airfield",
        "danger_area",
        "training_area",
        "bunker",
        "checkpoint",
    ]
)


@dataclass(frozen=True)
class Taking:
    """Features of a layer of the archive that become features of a layer of ours; `kinds` leads from theirs to ours."""

    layer: str
    to: str
    shape: int
    fields: tuple[str, ...]
    kinds: Mapping[str, str]

    def kind(self, told: Mapping[str, Any]) -> str | None:
        """Ours, of a feature of which the archive tells this; None where it does not leave."""
        for field in self.fields:
            if found := self.kinds.get(str(told.get(field))):
                return found
        return self.kinds.get(ANY)


@dataclass(frozen=True)
class Schema:
    name: str
    title: str
    layers: tuple[str, ...]
    takings: tuple[Taking, ...]


@cache
def by_name() -> dict[str, Schema]:
    return read(tomllib.loads(FILE.read_text(encoding="utf-8")))


def read(content: Mapping[str, Any]) -> dict[str, Schema]:
    """Schemas from the content of a file. ValueError where one takes what is not there or makes what we do not have."""
    return {name: _schema(name, told) for name, told in content.items()}


def _schema(name: str, told: Mapping[str, Any]) -> Schema:
    return Schema(name, told["title"], tuple(told["layers"]), tuple(_taking(name, row) for row in told["take"]))


def _taking(name: str, row: Mapping[str, Any]) -> Taking:
    to = row["to"]
    if to not in KINDS or row["shape"] not in SHAPES or not set(row["kinds"]) <= set(KINDS[to]):
        raise ValueError(f"{name} makes of {row['from']} what is none of ours: {to}, {', '.join(row['kinds'])}")
    kinds = {theirs: ours for ours, some in row["kinds"].items() for theirs in some}
    if set(kinds) & MILITARY:
        raise ValueError(f"{name} takes military kinds of {row['from']}")
    return Taking(row["from"], to, SHAPES[row["shape"]], tuple(row["fields"]), kinds)


def recognised(layers: Iterable[str]) -> list[Schema]:
    """The schemas that an archive with these layers may be of."""
    found = set(layers)
    return [schema for schema in by_name().values() if found.issuperset(schema.layers)]
