"""How exact a boundary is, by the scale at which it was drawn: a rule of the country, which its package registers."""

import datetime
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely

from landgis.catalog.codelists import Label, label_of
from landgis.lib.webmap import DEGREE_M

# The area on paper and that of the boundary may differ by so much until it is said: a share of it, and m².
AREA_SHARE, AREA_M2 = 0.05, 1
PLAY_M = 0.05  # where no scale is known


@dataclass
class _Rule:
    """Scales from the largest map to the smallest, the tolerance of each in metres, and that on the `wide` uses.

    `name` is what the rule is called; maps that were surveyed from `since` to `until` had to keep to it.
    """

    scales: np.ndarray = field(default_factory=lambda: np.array([]))
    metres: np.ndarray = field(default_factory=lambda: np.array([]))
    wide_metres: np.ndarray = field(default_factory=lambda: np.array([]))
    wide_uses: frozenset[str] = frozenset()
    name: Label = ""
    since: datetime.date = datetime.date.max
    until: datetime.date = datetime.date.max


_rule = _Rule()


def register_file(path: Path) -> None:
    """Take the tolerances of a country from a TOML file; see docs/a-country.md."""
    global _rule  # noqa: PLW0603 -- one installation has one rule
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = sorted(content["tolerance"], key=lambda row: row["scale"])
    rule = content["rule"]
    _rule = _Rule(
        np.array([row["scale"] for row in rows]),
        np.array([row["metres"] for row in rows]),
        np.array([row.get("wide_metres", row["metres"]) for row in rows]),
        frozenset(content.get("uses", {}).get("wide", [])),
        label_of(rule),
        rule["since"],
        rule.get("until", datetime.date.max),
    )


def of(scales: Sequence[int | None], uses: Sequence[str | None]) -> np.ndarray:
    """The tolerance (m) of boundaries drawn at these scales; that of the next smaller map where a scale is between."""
    known = np.array([scale or 0 for scale in scales])
    if not _rule.scales.size:
        return np.full(len(known), PLAY_M)
    at = np.minimum(np.searchsorted(_rule.scales, known), len(_rule.scales) - 1)
    is_wide = np.array([use in _rule.wide_uses for use in uses], dtype=bool)
    metres = np.where(is_wide, _rule.wide_metres[at], _rule.metres[at])
    return np.where(known > 0, metres, PLAY_M)


def area_m2(shapes: Sequence[shapely.Geometry], play_m: float, unit_m: float = 1.0) -> float:
    """How far off (m²) the area of boundaries may be, together, whose corners lie off by so much.

    The propagation of the errors of corners: the play times the root of an eighth of the sum of the squares of the
    lines from the corner before each to the one behind it. The shapes lie in a plane of that unit.
    """
    squares = 0.0
    for ring in shapely.get_rings(shapely.get_parts(np.array(shapes, dtype=object))):
        corners = shapely.get_coordinates(ring)[:-1] * (unit_m or DEGREE_M)
        chords = np.roll(corners, -1, axis=0) - np.roll(corners, 1, axis=0)
        squares += float((chords**2).sum())
    return float(play_m * np.sqrt(squares / 8))


def by_rule(scale: int | None, use: str | None, surveyed_on: datetime.date | None) -> tuple[float, Label] | None:
    """How far (m) a boundary may lie off, and the rule that says so.

    None unless the rule held on the day of the survey and names the scale: of other maps it says nothing.
    """
    if surveyed_on is None or not _rule.since <= surveyed_on <= _rule.until or scale not in _rule.scales:
        return None
    return float(of([scale], [use])[0]), _rule.name
