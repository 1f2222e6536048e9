"""Every published unit of the demo in which several systems fit: a question, never the wrong place for certain."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import shapely

from demo import admin_units
from landgis.ingest import areas, coordinates
from landgis.ingest.areas import Areas
from landgis.ingest.placements import Placement, Sample
from landgis.lib import geometry

OFFICE, OTHER = 5899, 5898
ZONE = 18_000_000.0  # a zone's number before the easting
POINTS = 6


@cache
def units() -> tuple[Areas, dict[str, int]]:
    """The units as they are published, and the place of each by its ref."""
    published = admin_units.units()
    named: dict[str, set[int]] = {}
    for at, names in enumerate(zip(published.ma_dvhc, published.ten, strict=True)):
        for name in names:
            for spoken in areas.spoken(name):
                named.setdefault(spoken, set()).add(at)
    shapes = geometry.to_wgs84(np.array(published.geometry, dtype=object), OFFICE)
    return Areas(shapes, named, list(published.ten)), {ref: at for at, ref in enumerate(published.ma_ref)}


@cache
def inside(ref: str) -> np.ndarray:
    """Some points of a unit, in degrees."""
    published, places = units()
    shape = published.shapes[places[ref]]
    west, south, east, north = shape.bounds
    random = np.random.default_rng(places[ref])
    found: list[Any] = []
    while len(found) < POINTS:
        tried = shapely.points(random.uniform(west, east, 50), random.uniform(south, north, 50))
        found += tried[shapely.contains(shape, tried)].tolist()
    return np.array(found[:POINTS], dtype=object)


def fits(ref: str, srid: int) -> bool:
    """Whether the coordinates of a unit in the office's system lie in a published place in another one, too."""
    published, _places = units()
    elsewhere = geometry.to_wgs84(geometry.from_wgs84(inside(ref), OFFICE), srid)
    return bool(published.hits(elsewhere, [None] * POINTS).mean() >= 0.9)


@cache
def ambiguous() -> list[str]:
    return [ref for ref in admin_units.places() if fits(ref, OTHER)]


def decided(points: np.ndarray, *, named: str = "", file: str = "") -> tuple[str, coordinates.Decision]:
    published, _places = units()
    belongs = published.belonging([[named] * len(points)]) if named else [None] * len(points)
    sample = Sample(points, belongs, {}, file_names=published.of_file_name(file))
    decision = coordinates.decide(None, coordinates.OF_FILE, sample, published)
    return next((finding.code for finding in decision.findings), ""), decision


def title_of(ref: str) -> str:
    published, places = units()
    return str(published.titles[places[ref]])


def prefixed(points: np.ndarray) -> np.ndarray:
    return shapely.transform(points, lambda at: at + (ZONE, 0))


def swapped(points: np.ndarray) -> np.ndarray:
    return shapely.transform(points, lambda at: at[:, ::-1])


def as_they_are(points: np.ndarray) -> np.ndarray:
    return points


def test_without_a_witness_each_is_a_question_between_the_two() -> None:
    assert len(admin_units.places()) == 191
    refs = ambiguous()
    assert len(refs) >= 60
    wrong = []
    for ref in refs:
        code, decision = decided(geometry.from_wgs84(inside(ref), OFFICE))
        readings = [one["srid"] for one in decision.findings[0].params["readings"]]
        if code != "crs-missing" or readings[0] != OFFICE or OTHER not in readings:
            wrong.append((ref, code, readings))
    assert wrong == []


def test_another_system_that_leads_to_the_place_that_rows_name_is_asked() -> None:
    for ref in ambiguous()[::8]:
        code, _decision = decided(geometry.from_wgs84(inside(ref), OTHER), named=title_of(ref))
        assert code == "crs-missing", ref


@pytest.mark.parametrize("change", [as_they_are, prefixed, swapped], ids=lambda change: change.__name__)
def test_what_is_certain_is_right(change: Callable[[np.ndarray], np.ndarray]) -> None:
    """Rows that name the place, and a zone's number before the easting or swapped coordinates: asked, or right."""
    for ref in ambiguous()[::16]:
        points = change(geometry.from_wgs84(inside(ref), OFFICE))
        for told in ({"named": title_of(ref)}, {"file": f"qh {title_of(ref)}"}, {}):
            code, decision = decided(points, **told)
            is_certain = code == "crs-told" and change is as_they_are
            assert code == "crs-missing" or (is_certain and decision.placement == Placement(OFFICE)), (ref, told, code)
