"""Repairs are proposed with the change of the area, and done only when they are accepted."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.management import CommandError
from django.utils import translation

from landgis.catalog import queries, registry
from landgis.ingest import repairs
from landgis.lib import canonical_forms
from landgis.planning.models import ZoneItem
from tests.ingest.test_load import codes, load, write, zone

BOW_TIE = "POLYGON((0 0, 100 100, 100 0, 0 100, 0 0))"


def proposed(wkt: str) -> repairs.Repair | None:
    drawn = np.array([shapely.from_wkt(wkt)], dtype=object)
    return repairs.proposed(drawn, canonical_forms.AREA.faults(drawn), 5899).get(0)


@pytest.mark.parametrize(
    ("wkt", "area", "change", "kind"),
    [
        (BOW_TIE, 5000, 5000, "crossings"),  # crosses itself: its two halves cancelled each other
        ("POLYGON((0 0, 100 0, 100 100, 50 100, 50 150, 50 100, 0 100, 0 0))", 10_000, 0, "crossings"),  # a spike
        (
            "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (200 200, 210 200, 210 210, 200 200))",
            10_000,
            50,
            "holes",
        ),  # hole outside
        (
            "MULTIPOLYGON(((0 0, 10 0, 10 10, 0 10, 0 0)), ((5 0, 15 0, 15 10, 5 10, 5 0)))",
            150,
            -50,
            "parts",
        ),  # parts overlap
        ("LINESTRING(0 0, 100 0, 100 100, 0 100, 0 0)", 10_000, 10_000, "lines"),  # closed line
        ("MULTILINESTRING((0 0, 9 0, 9 9, 0 0), (20 0, 29 0, 29 9, 20 0))", 81, 81, "lines"),
        ("MULTILINESTRING((0 0, 9 0, 9 9, 0 9, 0 0), (3 3, 6 3, 6 6, 3 6, 3 3))", 72, 72, "lines"),  # one in the other
        ("GEOMETRYCOLLECTION(LINESTRING(0 0, 100 0, 100 100, 0 100, 0 0))", 10_000, 10_000, "lines"),
        ("GEOMETRYCOLLECTION(POLYGON((0 0, 10 0, 10 10, 0 0)), POINT(5 5))", 50, 50, "collections"),
        ("POLYGON Z((0 0 1, 100 100 1, 100 0 1, 0 100 1, 0 0 1))", 5000, 5000, "crossings"),
    ],
)
def test_a_repair_is_proposed_with_the_change_of_the_area(wkt: str, area: float, change: float, kind: str) -> None:
    found = proposed(wkt)
    assert found is not None
    assert (found.boundary.is_valid, found.boundary.area) == (True, pytest.approx(area))
    assert (found.change_m2, found.kind) == (pytest.approx(change), kind)


@pytest.mark.parametrize(
    "wkt",
    [
        "POINT(5 5)",
        "LINESTRING(0 0, 100 0, 100 100)",  # not closed
        "LINESTRING(0 0, 0 0, 0 0, 0 0)",  # one point, drawn four times
        "LINESTRING(0 0, 9 0, 0 0, 0 0)",  # there and back
        "MULTILINESTRING((0 0, 9 0, 9 9, 0 0), (20 0, 29 0))",  # one of them is not closed
        "GEOMETRYCOLLECTION(LINESTRING(0 0, 9 0, 9 9, 0 0), POINT(5 5))",
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
    assert "--repair crossings" in remedy and "m²" in remedy
    [raw] = ZoneItem.objects.exclude(raw=None).values_list("raw", flat=True)
    assert raw["boundary"].startswith("POLYGON") and raw["repaired"].startswith("MULTIPOLYGON")
    report = load(path, commit=True, repair="crossings")
    assert (report["status"], codes(report), report["repairs"]) == (0, {"geometry-repaired": 1}, 1)
    feature = queries.geojson_feature(registry.get("planning-zones"), "B")
    assert feature is not None
    assert shapely.geometry.shape(feature["geometry"]).is_valid
    assert report["repairs_change_m2"] == pytest.approx(feature["properties"]["area_m2"], abs=0.01)


def closed_line(code: str, column: int) -> dict[str, Any]:
    drawn = zone(code, column)
    drawn["geometry"] = {"type": "LineString", "coordinates": drawn["geometry"]["coordinates"][0]}
    return drawn


@pytest.mark.usefixtures("empty_world")
def test_each_kind_is_told_and_accepted_apart(tmp_path: Path) -> None:
    """A line never becomes an area with the rings that are mended."""
    path = write(tmp_path / "a.geojson", zone("A", 0), bow_tie("B", 2), closed_line("C", 4), closed_line("D", 6))
    report = load(path)
    assert [(one["kind"], one["count"]) for one in report["repair_kinds"]] == [("crossings", 1), ("lines", 2)]
    assert sum(one["change_m2"] for one in report["repair_kinds"]) == pytest.approx(report["repairs_change_m2"])
    report = load(path, repair="crossings")
    assert codes(report) == {"geometry-kind": 2, "geometry-repaired": 1}
    report = load(path, repair="crossings, lines", commit=True)
    assert (report["status"], codes(report)) == (0, {"geometry-repaired": 3})


@pytest.mark.parametrize("said", ["", "all", "rings,lins"])
def test_kinds_that_are_not_named_are_asked_for(tmp_path: Path, said: str) -> None:
    with pytest.raises(CommandError, match="crossings") as refused, translation.override("en"):
        load(write(tmp_path / "a.geojson", zone("A")), repair=said)
    assert refused.value.returncode == 2


@pytest.mark.usefixtures("empty_world")
def test_an_open_ring_of_wkt_is_closed_when_accepted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'ma_vung,ten_qh,wkt\nA,QH,"POLYGON((107.1 10.4, 107.101 10.4, 107.101 10.401))"\n', encoding="utf-8"
    )
    assert codes(load(path, crs="4326")) == {"geometry-unclosed": 1}
    report = load(path, crs="4326", repair="rings", commit=True)
    assert (report["status"], codes(report)) == (0, {"geometry-repaired": 1})
    assert json.dumps(report["issues"]).count("+0.00") == 1
