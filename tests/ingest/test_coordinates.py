"""Every trap of coordinates is told by where the data land, named with its size, and taken back by one confirmation."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.management import CommandError
from pyproj import Transformer

from landgis.catalog import queries, registry
from landgis.ingest import coordinates, mistakes
from landgis.ingest.areas import Areas
from landgis.ingest.placements import Placement, Sample
from landgis.lib import geometry
from tests.ingest import office_files
from tests.ingest.conftest import EAST_SIDE, WEST_SIDE
from tests.ingest.office_files import COLUMNS, EAST, NAMES, NORTH
from tests.ingest.test_load import codes, load

VN2000 = [5896, 5897, 5898, 5899, *range(9205, 9219)]
AREAS = Areas(np.array([shapely.box(*WEST_SIDE), shapely.box(*EAST_SIDE)], dtype=object), {"26506": {0}, "26512": {1}})
# Points all over two communes, up to their edges, and the commune of each.
GRID = [(107.0556 + 0.0022 * column, 10.3355 + 0.0024 * row) for column in range(21) for row in range(11)]
TRUE = shapely.points(np.array(GRID))
BELONGS: list[set[int] | None] = [{0} if lon < 107.0775 else {1} for lon, _lat in GRID]
KNOWN = dict(enumerate(GRID))

UNSHIFTED = "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=tmerc +lon_0=107.75 +k={k} +x_0=500000 +ellps=WGS84"
HELMERT = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart +ellps=WGS84"
    " +step +proj=helmert {shift} +step +inv +proj=cart +ellps=WGS84 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)
OTHER_PARAMETERS = (
    "+x=-192.873 +y=-39.382 +z=-111.202 +rx=0.00205 +ry=0.0005 +rz=-0.00335 +s=0.0188 +convention=coordinate_frame"
)
OTHER_SIGNS = (
    "+x=-191.90441429 +y=-39.30318279 +z=-111.45032835 +rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372"
    " +s=0.252906278 +convention=position_vector"
)


def through(shapes: Any, pipeline: str) -> np.ndarray:
    x, y = Transformer.from_pipeline(pipeline).transform(*shapely.get_coordinates(shapes).T)
    return shapely.points(x, y)


def swapped(shapes: Any) -> np.ndarray:
    return shapely.points(shapely.get_coordinates(shapes)[:, ::-1])


def vn2000(srid: int = 5899) -> np.ndarray:
    return geometry.from_wgs84(TRUE, srid)


def confirmed_by(srid: int, fix: str) -> str:
    return f"--crs EPSG:{srid}" + (f" --fix {fix}" if fix else "")


def decide(
    points: np.ndarray, said: int | Placement | None, *, belongs: Any = None, known: Any = None, explicit: bool = False
) -> tuple[str, str, dict[str, Any]]:
    """(option that confirms the placement, code of the finding, its params)."""
    sample = Sample(points, belongs or [None] * len(points), known or {})
    reading = Placement(said) if isinstance(said, int) else said
    decision = coordinates.decide(reading, coordinates.SAID if explicit else coordinates.OF_FILE, sample, AREAS)
    [finding] = decision.findings or [None]
    option = confirmed_by(**decision.placement.as_params) if decision.placement else ""
    return option, finding.code if finding else "", dict(finding.params) if finding else {}


@pytest.mark.parametrize("srid", [*VN2000, 3405, 3406, 4326, 3857])
def test_a_file_that_says_nothing_is_recognised(srid: int) -> None:
    points = TRUE if srid == 4326 else vn2000(srid)
    option, code, params = decide(points, None)
    assert (option, code) == (f"--crs EPSG:{srid}", "crs-missing")
    assert (params["srid"], params["fix"]) == (srid, "")
    assert params["name"] == geometry.crs(srid).name


@pytest.mark.parametrize("srid", [*VN2000, 3405, 4326])
def test_what_is_right_is_left_alone(srid: int) -> None:
    points = TRUE if srid == 4326 else vn2000(srid)
    for known in ({}, KNOWN):
        assert decide(points, srid, belongs=BELONGS, known=known) == (f"--crs EPSG:{srid}", "", {})


@pytest.mark.parametrize(("truth", "said"), [(5899, 9210), (9210, 5899), (3405, 5899), (5899, 32648), (5899, 4326)])
def test_a_lying_prj_is_named(truth: int, said: int) -> None:
    option, code, params = decide(vn2000(truth), said)
    assert (option, code) == (f"--crs EPSG:{truth}", "crs-doubtful")
    assert f"EPSG:{said}" in params["said"] and f"EPSG:{truth}" in params["meant"]
    # 107°45' read as 105°45' is two degrees off; metres are no degrees at all.
    if (truth, said) == (9210, 5899):
        assert 210_000 < float(params["metres"]) < 230_000
    if said == 4326:
        assert params["metres"] == "∞"


@pytest.mark.parametrize("said", [5899, None])
def test_swapped_x_and_y_are_put_back(said: int | None) -> None:
    option, code, _params = decide(swapped(vn2000()), said)
    assert option == "--crs EPSG:5899 --fix axes-swapped"
    assert code == ("crs-doubtful" if said else "crs-missing")


def test_longitude_and_latitude_may_be_swapped_or_of_the_wrong_sign() -> None:
    assert decide(swapped(TRUE), 4326)[0] == "--crs EPSG:4326 --fix axes-swapped"
    lon, lat = np.array(GRID).T
    assert decide(shapely.points(-lon, lat), 4326)[0] == "--crs EPSG:4326 --fix sign-east"
    assert decide(shapely.points(lon, -lat), 4326)[0] == "--crs EPSG:4326 --fix sign-north"


def test_metres_in_a_geojson_are_no_degrees() -> None:
    assert decide(vn2000(), 4326)[:2] == ("--crs EPSG:5899", "crs-doubtful")


SMALL = {
    "scale-0.9996": (lambda: through(geometry_of_datum(), UNSHIFTED.format(k=0.9996)), 5899, 343, 2),
    "datum-forgotten": (lambda: through(TRUE, UNSHIFTED.format(k=0.9999)), 5899, 225, 2),
    "datum-vn2000-degrees": (lambda: geometry.from_wgs84(TRUE, 4756), 4326, 225, 2),
    "datum-5194": (lambda: through(geometry_of_datum(), HELMERT.format(shift=OTHER_PARAMETERS)), 4326, 0.80, 0.05),
    "datum-signs": (lambda: through(geometry_of_datum(), HELMERT.format(shift=OTHER_SIGNS)), 4326, 0.53, 0.05),
}


def geometry_of_datum() -> np.ndarray:
    """The true points in degrees of VN-2000."""
    return geometry.from_wgs84(TRUE, 4756)


@pytest.mark.parametrize("code", SMALL)
def test_a_small_shift_is_told_by_features_that_are_in_force(code: str) -> None:
    make, srid, metres, play = SMALL[code]
    option, found, params = decide(make(), srid, known=KNOWN)
    assert (option, found) == (f"--crs EPSG:{srid} --fix {code}", "crs-doubtful")
    assert float(params["metres"]) == pytest.approx(metres, abs=play)
    # Taken back, the points are where they were, to the millimetre.
    mistake = mistakes.by_code(code, srid)
    assert mistake is not None
    back = shapely.get_coordinates(geometry.to_wgs84(mistake.corrected(make(), srid), srid))
    assert np.abs(back - np.array(GRID)).max() < 2e-8


@pytest.mark.parametrize("code", ["scale-0.9996", "datum-forgotten", "datum-vn2000-degrees"])
def test_a_shift_of_hundreds_of_metres_is_told_by_the_communes_that_rows_name(code: str) -> None:
    make, srid, _metres, _play = SMALL[code]
    assert decide(make(), srid, belongs=BELONGS)[0] == f"--crs EPSG:{srid} --fix {code}"


def test_features_that_moved_each_their_own_way_are_no_mistake() -> None:
    places = np.random.default_rng(7).normal(np.array(GRID), 0.0001)
    assert decide(shapely.points(places), 4326, known=KNOWN)[1] == ""


def test_what_is_said_by_the_operator_holds_and_what_lies_elsewhere_is_warned_of() -> None:
    assert decide(vn2000(9210), 5899, explicit=True)[:2] == ("--crs EPSG:5899", "crs-elsewhere")
    assert decide(vn2000(), 5899, explicit=True)[1] == ""
    far = shapely.points(np.array(GRID) + (20, 20))
    assert decide(far, 4326)[1] == "crs-elsewhere"


# --- Through the load command


def lies_right(ref: str) -> bool:
    """Whether a corner of the feature is the first vector of the datum, to the millimetre."""
    feature = queries.geojson_feature(registry.get("planning-zones"), ref)
    assert feature is not None
    ring = np.array(feature["geometry"]["coordinates"][0][0])
    return bool((np.abs(ring - (107.07299999904, 10.34600000017)) < 1e-8).all(axis=1).any())


@pytest.mark.usefixtures("places")
def test_a_shapefile_without_prj_is_staged_and_waits_for_one_confirmation(tmp_path: Path) -> None:
    path = office_files.shapefile(tmp_path / "vung.zip", office_files.frame(office_files.squares()), encoding="tcvn3")
    report = load(path, map=COLUMNS, commit=True)
    assert (report["status"], codes(report), report["add"]) == (1, {"crs-missing": 1}, len(NAMES))
    [example] = report["issues"][0]["examples"]
    assert "107-45" in example["message"] and "--crs EPSG:5899" in example["remedy"]
    report = load(path, map=COLUMNS, commit=True, crs="EPSG:5899")
    assert (report["status"], codes(report)) == (0, {})
    assert lies_right("QH-1")


@pytest.mark.usefixtures("places")
def test_what_a_profile_says_is_looked_at_again_for_each_file(tmp_path: Path) -> None:
    first = office_files.shapefile(tmp_path / "a.zip", office_files.frame(office_files.squares()))
    load(first, map=COLUMNS, crs="EPSG:5899", save_profile="Phòng TNMT")
    assert codes(load(first, profile="Phòng TNMT")) == {}
    # The same supplier sends a sheet of another meridian.
    shapes = [geometry.from_wgs84(geometry.to_wgs84(one, 5899), 9210) for one in office_files.squares()]
    other = office_files.shapefile(tmp_path / "b.zip", office_files.frame(shapes))
    assert codes(load(other, profile="Phòng TNMT")) == {"crs-doubtful": 1}
    assert codes(load(other, profile="Phòng TNMT", crs="EPSG:9210")) == {}


@pytest.mark.usefixtures("places")
def test_swapped_coordinates_are_put_back_after_a_confirmation(tmp_path: Path) -> None:
    shapes = [shapely.box(NORTH, EAST + 200 * n, NORTH + 100, EAST + 200 * n + 100) for n in range(len(NAMES))]
    path = tmp_path / "vung.gpkg"
    office_files.frame(shapes, crs="EPSG:5899").to_file(path)
    report = load(path, map=COLUMNS, commit=True)
    assert codes(report) == {"crs-doubtful": 1}
    assert "--fix axes-swapped" in report["issues"][0]["examples"][0]["remedy"]
    report = load(path, map=COLUMNS, commit=True, fix="axes-swapped")
    assert (report["status"], report["understood"]["fix"]) == (0, "axes-swapped")
    assert lies_right("QH-1")
    row = queries.feature(registry.get("planning-zones"), "QH-1")
    assert row is not None and row["area_m2"] == pytest.approx(10_000, abs=0.01)


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("north_first", [True, False])
@pytest.mark.parametrize("options", [{}, {"crs": "EPSG:5896"}])
def test_x_and_y_far_from_their_meridian_are_told_apart_by_the_places(
    tmp_path: Path, north_first: bool, options: dict[str, Any]
) -> None:
    """Five degrees from its meridian an easting is as large as a northing: no number tells which of the two it is."""
    lines = ["MA;TEN;QH;X;Y"]
    for number, square in enumerate(office_files.squares()):
        far = geometry.from_wgs84(geometry.to_wgs84(square, 5899), 5896)
        for east, north in far.exterior.coords[:-1]:
            first, second = (north, east) if north_first else (east, north)
            lines.append(f"QH-{number + 1};{NAMES[number]};Quy hoạch 2030;{first};{second}")
    path = tmp_path / "vung.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    report = load(path, map=COLUMNS, commit=True, **options)
    assert codes(report) == {"corners-joined": 1} | ({} if options else {"crs-missing": 1})
    assert (report["understood"]["srid"], report["understood"]["fix"]) == (5896, None)


def test_meridians_that_place_cannot_tell_apart_are_told_by_features_in_force() -> None:
    """TM-3 and UTM of one meridian differ by their scale alone: 343 m here."""
    option, code, params = decide(vn2000(3405)[100:106], None)
    assert [reading["srid"] for reading in params["readings"]] == [3405, 32648, 3148]
    assert [reading["metres"] for reading in params["readings"]] == ["0.0", "226", "753"] and not params["best"]
    known = dict(enumerate(GRID[100:106]))
    option, code, params = decide(vn2000(3405)[100:106], None, known=known)
    assert (option, code, params["because"]) == ("--crs EPSG:3405", "crs-told", ["in-force", "published"])
    option, code, params = decide(vn2000(5897)[100:106], None, known=known)
    assert (option, code, params["because"]) == ("--crs EPSG:5897", "crs-told", ["in-force", "published"])


@pytest.mark.usefixtures("places")
def test_an_update_that_is_shifted_as_a_whole_is_stopped(tmp_path: Path) -> None:
    right, wrong = tmp_path / "a.gpkg", tmp_path / "b.gpkg"
    names = [f"Vùng {n}" for n in range(8)]
    office_files.frame(office_files.squares(8), names, "EPSG:5899").to_file(right)
    load(right, map=COLUMNS, commit=True)
    unshifted = Transformer.from_pipeline(UNSHIFTED.format(k=0.9999))
    shapes = [
        shapely.transform(geometry.to_wgs84(shape, 5899), unshifted.transform, interleaved=False)
        for shape in office_files.squares(8)
    ]
    office_files.frame(shapes, names, "EPSG:5899").to_file(wrong)
    report = load(wrong, map=COLUMNS, commit=True)
    assert codes(report) == {"crs-doubtful": 1}
    assert "226 m" in report["issues"][0]["examples"][0]["message"]
    report = load(wrong, map=COLUMNS, commit=True, fix="datum-forgotten")
    assert report["status"] == 0
    assert lies_right("QH-1")


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(
    ("options", "said"),
    [({"fix": "nothing"}, "axes-swapped"), ({"crs": "6959"}, "EPSG:5899"), ({"crs": "99999"}, "99999")],
)
def test_what_is_not_known_is_refused_with_what_is(tmp_path: Path, options: dict[str, Any], said: str) -> None:
    path = tmp_path / "vung.gpkg"
    office_files.frame(office_files.squares(), crs="EPSG:5899").to_file(path)
    with pytest.raises(CommandError, match=said):
        load(path, map=COLUMNS, **options)
