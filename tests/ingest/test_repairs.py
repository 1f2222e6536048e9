"""Repairs are proposed with the change of the area, and done only when they are accepted."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from landgis.catalog import queries, registry
from landgis.ingest import repairs
from landgis.lib import canonical_forms
from landgis.planning.models import ZoneItem
from tests.ingest.test_load import codes, load, write, zone

BOW_TIE = "POLYGON((0 0, 100 100, 100 0, 0 100, 0 0))"


def proposed(wkt: str) -> tuple[shapely.Geometry, float] | None:
    drawn = np.array([shapely.from_wkt(wkt)], dtype=object)
    return repairs.proposed(drawn, canonical_forms.AREA.faults(drawn), 5899).get(0)


@pytest.mark.parametrize(
    ("wkt", "area", "change"),
    [
        (BOW_TIE, 5000, 5000),  # crosses itself: its two halves cancelled each other
        ("POLYGON((0 0, 100 0, 100 100, 50 100, 50 150, 50 100, 0 100, 0 0))", 10_000, 0),  # a spike
        (
            "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (200 200, 210 200, 210 210, 200 200))",
            10_000,
            50,
        ),  # hole outside
        ("MULTIPOLYGON(((0 0, 10 0, 10 10, 0 10, 0 0)), ((5 0, 15 0, 15 10, 5 10, 5 0)))", 150, -50),  # parts overlap
        ("LINESTRING(0 0, 100 0, 100 100, 0 100, 0 0)", 10_000, 10_000),  # closed line
        ("GEOMETRYCOLLECTION(POLYGON((0 0, 10 0, 10 10, 0 0)), POINT(5 5))", 50, 50),
        ("POLYGON Z((0 0 1, 100 100 1, 100 0 1, 0 100 1, 0 0 1))", 5000, 5000),
    ],
)
def test_a_repair_is_proposed_with_the_change_of_the_area(wkt: str, area: float, change: float) -> None:
    found = proposed(wkt)
    assert found is not None
    assert (found[0].is_valid, found[0].area, found[1]) == (True, pytest.approx(area), pytest.approx(change))


@pytest.mark.parametrize(
    "wkt",
    [
        "POINT(5 5)",
        "LINESTRING(0 0, 100 0, 100 100)",  # not closed
        "POLYGON((0 0, 100 0, 50 0, 0 0))",  # no area at all
        "GEOMETRYCOLLECTION EMPTY",
        "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0))",  # nothing to repair
    ],
)
def test_what_cannot_become_an_area_has_no_proposal(wkt: str) -> None:
    assert proposed(wkt) is None


def bow_tie(code: str, column: int) -> dict[str, Any]:
    drawn = zone(code, column)
    ring = drawn["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    return drawn


@pytest.mark.usefixtures("empty_world")
def test_the_report_counts_proposals_and_a_choice_accepts_them(tmp_path: Path) -> None:
    path = write(tmp_path / "a.geojson", zone("A", 0), bow_tie("B", 2))
    report = load(path, commit=True)
    assert (report["status"], codes(report), report["repairs"]) == (1, {"geometry-invalid": 1}, 1)
    remedy = report["issues"][0]["examples"][0]["remedy"]
    assert "--repair" in remedy and "m²" in remedy
    [raw] = ZoneItem.objects.exclude(raw=None).values_list("raw", flat=True)
    assert raw["boundary"].startswith("POLYGON") and raw["repaired"].startswith("MULTIPOLYGON")
    report = load(path, commit=True, repair=True)
    assert (report["status"], codes(report), report["repairs"]) == (0, {"geometry-repaired": 1}, 1)
    feature = queries.geojson_feature(registry.get("planning-zones"), "B")
    assert feature is not None
    assert shapely.geometry.shape(feature["geometry"]).is_valid
    assert report["repairs_change_m2"] == pytest.approx(feature["properties"]["area_m2"], abs=0.01)


@pytest.mark.usefixtures("empty_world")
def test_an_open_ring_of_wkt_is_closed_when_accepted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'ma_vung,ten_qh,wkt\nA,QH,"POLYGON((107.1 10.4, 107.101 10.4, 107.101 10.401))"\n', encoding="utf-8"
    )
    assert codes(load(path, crs="4326")) == {"geometry-unclosed": 1}
    report = load(path, crs="4326", repair=True, commit=True)
    assert (report["status"], codes(report)) == (0, {"geometry-repaired": 1})
    assert json.dumps(report["issues"]).count("+0.00") == 1
