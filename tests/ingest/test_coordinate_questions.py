"""Where only one of several readings of coordinates is right, nothing is certain without a witness."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from landgis.ingest import coordinates, mistakes
from landgis.ingest.areas import Areas
from landgis.ingest.coordinates import Decision
from landgis.ingest.placements import Placement, Sample
from landgis.lib import geometry
from tests.ingest import office_files
from tests.ingest.office_files import COLUMNS
from tests.ingest.test_load import codes, load

# Two communes of one height, 27 km apart: what lies in the one by 107°45' lies in the other by 108°00'.
HERE, THERE = (107.19, 10.61, 107.29, 10.68), (107.44, 10.61, 107.54, 10.68)
BOXES = np.array([shapely.box(*HERE), shapely.box(*THERE)], dtype=object)
AREAS = Areas(BOXES, {"26575": {0}, "xa ngai giao": {0}, "ngai giao": {0}, "hoa hiep": {1}}, ["Ngãi Giao", "Hòa Hiệp"])
TRUE = shapely.points([(107.22 + 0.002 * n, 10.64) for n in range(25)])
POINTS = geometry.from_wgs84(TRUE, 5899)
KNOWN = {at: (point.x, point.y) for at, point in enumerate(TRUE)}


def sample(points: np.ndarray = POINTS, *, named: Any = None, file: str = "", known: Any = None) -> Sample:
    belongs = AREAS.belonging([[named] * len(points)]) if named else [None] * len(points)
    return Sample(points, belongs, known or {}, file_names=AREAS.of_file_name(file))


def decided(of: Sample, said: int | None = None, how: str = coordinates.OF_FILE) -> tuple[str, Decision]:
    decision = coordinates.decide(None if said is None else Placement(said), how, of, AREAS)
    return next((finding.code for finding in decision.findings), ""), decision


def readings(decision: Decision) -> list[tuple[int, str]]:
    return [(one["srid"], one["because"][0]) for one in decision.findings[0].params["readings"]]


def test_the_systems_of_the_office_come_before_lower_numbers() -> None:
    code, decision = decided(sample())
    both = [(5899, "office"), (5898, "published")]
    # A map of HN-72 may have its zones of 3 degrees, which have no number of their own.
    assert (code, readings(decision)) == ("crs-missing", [*both, (2045, "published")])
    params = decision.findings[0].params
    assert params["best"] and params["readings"][0]["metres"] == "0.0"
    assert float(params["readings"][1]["metres"]) == pytest.approx(27_350, abs=100)
    assert [one["places"] for one in params["readings"]] == [["Ngãi Giao"], ["Hòa Hiệp"], ["Hòa Hiệp"]]
    assert all(len(one["points"]) == len(TRUE) for one in params["readings"])


def test_without_a_witness_no_reading_is_the_first() -> None:
    """Both land in a published place, and neither is the office's: none is a primary button."""
    code, decision = decided(sample(geometry.from_wgs84(TRUE, 9217)))
    assert (code, readings(decision)) == ("crs-missing", [(9217, "published"), (9218, "published")])
    assert not decision.findings[0].params["best"]


@pytest.mark.parametrize(
    "said", ["Xã Ngãi Giao", "X. Ngãi Giao", "xa ngai giao", "NGÃI GIAO", 26575.0, "Ngãi Giao, Châu Đức"]
)
def test_the_place_that_rows_name_decides(said: Any) -> None:
    code, decision = decided(sample(named=said))
    assert (code, decision.placement) == ("crs-told", Placement(5899))
    # The place is 11 km wide: another scale factor would not be seen, and that is said.
    assert float(decision.findings[0].params["beside"]) == pytest.approx(353, abs=2)
    code, decision = decided(sample(named="Hòa Hiệp"))
    assert (code, readings(decision)[0]) == ("crs-missing", (5898, "named"))  # not the office's: asked


@pytest.mark.parametrize("name", ["khong_prj_ngai_giao", "NgaiGiao2024", "26575-qh", "QH Ngãi Giao (2)", "ngaigiao_02"])
def test_the_name_of_the_file_counts_and_is_asked(name: str) -> None:
    code, decision = decided(sample(file=name))
    assert (code, readings(decision)[0]) == ("crs-missing", (5899, "file-name"))
    assert decision.findings[0].params["best"]


@pytest.mark.parametrize("name", ["giao_thong", "ngai", "2024", "phuong", "n"])
def test_a_name_that_is_no_place_names_none(name: str) -> None:
    assert not AREAS.of_file_name(name)


def test_a_description_holds_and_it_is_said_where_the_system_of_the_office_fits_as_well() -> None:
    """A .prj of the meridian beside, in a place where both lead to published land: 27 km apart."""
    code, decision = decided(sample(), 5898)
    assert (code, decision.placement) == ("crs-also", Placement(5898))
    assert float(decision.findings[0].params["metres"]) == pytest.approx(27_350, abs=100)
    right = geometry.from_wgs84(TRUE, 5898)
    assert decided(sample(right, named="Ngãi Giao"), 5898)[0] == ""  # the rows say so, too
    assert decided(sample(right, known=KNOWN), 5898)[0] == ""
    assert decided(sample(right), 5898)[0] == ""  # ours would lead to no published place
    assert decided(sample(TRUE), 4326)[0] == ""  # degrees are no metres of ours
    assert decided(sample(), 5898, coordinates.CONFIRMED)[0] == ""


def test_data_in_another_place_than_their_rows_name_are_said() -> None:
    code, decision = decided(sample(named="Hòa Hiệp"), 5899, coordinates.CONFIRMED)
    assert (code, decision.findings[0].params) == ("crs-other-place", {"percent": "0%", "at": "Ngãi Giao"})
    far = geometry.from_wgs84(shapely.transform(TRUE, lambda at: at + (3, 3)), 5899)
    code, decision = decided(sample(far, named="Hòa Hiệp"), 5899, coordinates.CONFIRMED)
    assert code == "crs-elsewhere"


def test_features_in_force_decide_before_all_else() -> None:
    there = {at: (point.x, point.y) for at, point in enumerate(geometry.to_wgs84(POINTS, 5898))}
    code, decision = decided(sample(known=there, named="Ngãi Giao"))
    assert (code, decision.placement) == ("crs-told", Placement(5898))
    assert "beside" not in decision.findings[0].params


FRAMES = [
    *((srid, "") for srid in (3405, 32648, 3148, 2044, 5896, 5898, 5899, 9210)),
    (2044, "zone-prefix-missing"),
    (2045, "hn72-108"),
    (2045, "hn72-108-zone-36"),
    (2044, "hn72-105-zone-35"),
    (2044, "hn72-102"),
    (2044, "hn72-102-zone-34"),
]


@pytest.mark.parametrize("named", [None, "Ngãi Giao"])
@pytest.mark.parametrize(("srid", "fix"), FRAMES)
def test_every_frame_that_an_office_may_hold_is_among_the_choices(srid: int, fix: str, named: Any) -> None:
    """Nothing is said of it, and nothing is in force: never another one as a fact, and the right one to choose."""
    meant = Placement(srid, mistakes.by_code(fix, srid) if fix else None)
    points = written(meant)
    code, decision = decided(sample(points, named=named))
    if code == "crs-told":
        assert decision.placement == meant == Placement(5899)
        return
    offered = decision.findings[0].params["readings"]
    assert code == "crs-missing" and len(offered) < 8
    right = [one for one in offered if (one["srid"], one["fix"]) == (srid, fix)]
    assert right, [(one["srid"], one["fix"]) for one in offered]
    if named and right[0]["because"][0] != "named":
        raise AssertionError(right)


def written(meant: Placement) -> np.ndarray:
    """TRUE as the coordinates of a reading."""
    if meant.mistake is None:
        return geometry.from_wgs84(TRUE, meant.srid)
    if meant.mistake.step:
        ours = geometry.from_wgs84(TRUE, meant.srid)
        return geometry.through(ours, f"+proj=pipeline +step +inv {meant.mistake.step}")
    way = Transformer.from_pipeline(meant.mistake.to_wgs84)
    return shapely.points(*way.transform(*shapely.get_coordinates(TRUE).T, direction="INVERSE"))


@pytest.mark.parametrize("how", [coordinates.SAID, coordinates.ASSUMED, coordinates.OF_FILE])
def test_what_anybody_says_meets_what_is_in_force(how: str) -> None:
    code, decision = decided(sample(known=KNOWN), 5898, how)
    assert (code, readings(decision)) == ("crs-doubtful", [(5899, "in-force"), (5898, "published")])
    assert decision.findings[0].params["keep"] == {"srid": 5898, "fix": "none"}
    code, decision = decided(sample(known=KNOWN), 5898, coordinates.CONFIRMED)
    assert (code, decision.placement) == ("crs-kept", Placement(5898))


def test_one_feature_in_force_is_enough_for_a_way_of_kilometres() -> None:
    code, _decision = decided(sample(POINTS[:1], known={0: KNOWN[0]}), 5898, coordinates.SAID)
    assert code == "crs-doubtful"


def test_a_way_that_nothing_explains_is_stopped_too() -> None:
    moved = geometry.from_wgs84(shapely.transform(TRUE, lambda at: at + (0.001, 0)), 5899)
    code, decision = decided(sample(moved, known=KNOWN), 5899, coordinates.SAID)
    assert (code, decision.placement) == ("crs-moved", Placement(5899))
    assert decision.findings[0].params["metres"] == "109"
    better = geometry.from_wgs84(shapely.transform(TRUE, lambda at: at + (0.00001, 0)), 5899)
    assert decided(sample(better, known=KNOWN), 5899)[0] == ""  # a better survey


def test_a_right_file_of_the_neighbour_is_warned_of_and_not_moved() -> None:
    """106°00' and 106°15' would lead it into a published place, as one meridian of twenty nearly always does."""
    neighbour = shapely.transform(TRUE, lambda at: at - (0.25, 0))
    points = geometry.from_wgs84(neighbour, 9210)
    assert readings(decided(sample(points))[1]) == [(9211, "published"), (9212, "published")]
    for how in (coordinates.OF_FILE, coordinates.SAID):
        code, decision = decided(sample(points), 9210, how)
        assert (code, decision.placement) == ("crs-elsewhere", Placement(9210))
    # Two degrees farther west no neighbour lies.
    code, decision = decided(sample(points), 9207)
    assert (code, decision.findings[0].params["best"]) == ("crs-doubtful", False)
    code, decision = decided(sample(points, named="Hòa Hiệp"), 9210)
    assert (code, decision.placement) == ("crs-doubtful", Placement(9212))


@pytest.mark.usefixtures("places")
def test_a_file_that_was_right_before_is_told_by_it(tmp_path: Path) -> None:
    """The same features come again without a .prj, and the operator says another meridian."""
    names = [f"Vùng {n}" for n in range(8)]
    path = office_files.shapefile(tmp_path / "vung.zip", office_files.frame(office_files.squares(8), names))
    load(path, map=COLUMNS, crs="EPSG:5899", commit=True)
    report = load(path, map=COLUMNS)
    assert (report["status"], codes(report), report["unchanged"]) == (0, {"crs-told": 1}, 8)
    report = load(path, map=COLUMNS, crs="EPSG:5898", commit=True)
    assert (report["status"], codes(report)) == (1, {"crs-doubtful": 1})
    assert "--crs EPSG:5898 --fix none" in report["issues"][0]["examples"][0]["remedy"]
    report = load(path, map=COLUMNS, crs="EPSG:5898", fix="none")
    assert (report["status"], codes(report)["crs-kept"], report["change"]) == (0, 1, 8)
