"""What a .prj describes is compared whole: like is not equal."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import CRS

from landgis.ingest import coordinates, crs_text, files, mistakes, roads
from landgis.ingest.coordinates import Decision
from landgis.ingest.placements import Placement, Sample
from landgis.lib import geometry
from tests.ingest import office_files
from tests.ingest.test_coordinate_questions import AREAS, KNOWN, TRUE

WGS84, KRASSOVSKY, EVEREST = "6378137.0,298.257223563", "6378245.0,298.3", "6377276.345,300.8017"
NUMBERS = {"easting": 500000.0, "northing": 0.0, "meridian": 107.75, "scale": 0.9999, "unit": 1.0}


def prj(datum: str = "D_Vietnam_2000", ellipsoid: str = WGS84, **numbers: float) -> str:
    """A .prj as Esri's programs write it."""
    said = NUMBERS | numbers
    return (
        f'PROJCS["Local",GEOGCS["GCS",DATUM["{datum}",SPHEROID["S",{ellipsoid}]],PRIMEM["Greenwich",0.0],'
        'UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
        f'PARAMETER["False_Easting",{said["easting"]}],PARAMETER["False_Northing",{said["northing"]}],'
        f'PARAMETER["Central_Meridian",{said["meridian"]}],PARAMETER["Scale_Factor",{said["scale"]}],'
        f'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",{said["unit"]}]]'
    )


def decided(text: str, points: np.ndarray, **more: Any) -> Decision:
    sample = Sample(points, [None] * len(points), more.get("known", {}))
    srid = crs_text.srid_of(text)
    said = Placement(srid) if srid else crs_text.as_written(text)
    alike = () if srid else crs_text.alike(text, points)
    return coordinates.decide(said, coordinates.OF_FILE, sample, AREAS, alike)


def offered(decision: Decision) -> list[tuple[str, str]]:
    """(what confirms a reading, metres from the first)."""
    [finding] = decision.findings
    assert finding.code == "crs-alike"
    return [(f"{one['srid']} {one['fix']}".strip(), one["metres"]) for one in finding.params["readings"]]


@pytest.mark.parametrize(
    ("text", "srid"),
    [
        (prj(), 5899),
        (prj("Vietnam_2000"), 5899),
        (prj("D_WGS_1984", meridian=105.0, scale=0.9996), 32648),
        (prj("D_Indian_1960", EVEREST, meridian=105.0, scale=0.9996), 3148),
        (prj("D_SIRGAS_2000", "6378137.0,298.257222101", meridian=-45.0, scale=0.9996, northing=1e7), 31983),
        (prj("D_ETRS_1989", "6378137.0,298.257222101", meridian=9.0, scale=0.9996), 25832),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
        ("EPSG:7415", 28992),  # with heights
        ("EPSG:5773", None),
        ("LOCAL_CS[]", None),
        ("", None),
    ],
)
def test_what_is_equal_but_for_its_name_is_known(text: str, srid: int | None) -> None:
    assert crs_text.srid_of(text) == srid


def test_another_datum_with_the_meridian_of_the_office_is_a_question() -> None:
    points = geometry.from_wgs84(TRUE, 5899)
    decision = decided(prj("D_WGS_1984"), points)
    assert offered(decision) == [("5899", "0.0"), ("5899 datum-forgotten", "226")]
    readings = decision.findings[0].params["readings"]
    assert readings[0]["differences"] == [["datum", "World Geodetic System 1984", "Vietnam 2000"]]
    assert not decision.findings[0].params["best"]  # the office works in both
    # An unnamed datum is no other one, and not this one either.
    assert offered(decided(prj("unknown"), points)) == offered(decision)
    # Features in force are a witness.
    wgs = mistakes.by_code("datum-forgotten", 5899)
    assert wgs is not None
    decision = decided(prj("D_WGS_1984"), points, known=KNOWN)
    assert decision.placement == Placement(5899) and decision.findings[0].params["best"]


def test_another_scale_factor_is_a_question() -> None:
    decision = decided(prj(scale=0.9996), geometry.from_wgs84(TRUE, 5899))
    assert offered(decision) == [("5899", "0.0"), ("5899 scale-0.9996", "354")]


def test_what_proj_does_not_recognise_is_compared_all_the_same() -> None:
    text = prj("D_Hanoi_1972", KRASSOVSKY, meridian=105.0, scale=1.0, easting=18500000.0)
    decision = decided(text, geometry.from_wgs84(TRUE, 2044))
    assert (decision.placement, decision.findings) == (Placement(2044), ())


def test_a_zone_left_out_of_the_easting_is_named_and_read_as_no_other_system() -> None:
    text = prj("D_Unknown_based_on_Krassovsky_1942", KRASSOVSKY, meridian=105.0, scale=1.0)
    points = shapely.transform(geometry.from_wgs84(TRUE, 2044), lambda at: at - (18e6, 0))
    decision = decided(text, points)
    assert offered(decision) == [("2044 zone-prefix-missing", "0.0")]
    differences = decision.findings[0].params["readings"][0]["differences"]
    assert differences[1] == ["easting", "500000", "18500000"]
    assert decision.placement is not None
    assert np.allclose(shapely.get_coordinates(decision.placement.degrees(points)), shapely.get_coordinates(TRUE))


def test_a_system_of_nobody_is_read_as_it_is_written_and_kept_in_wgs84() -> None:
    crs = CRS.from_wkt(prj("D_WGS_1984", meridian=107.3, scale=1.0))
    points = shapely.points(np.column_stack(_projected(crs)))
    decision = decided(crs.to_wkt("WKT1_ESRI"), points)
    assert decision.findings == () and decision.placement is not None
    assert decision.placement.as_params == {"srid": 4326, "fix": crs_text.AS_WRITTEN}
    assert np.allclose(shapely.get_coordinates(decision.placement.degrees(points)), shapely.get_coordinates(TRUE))


def _projected(crs: CRS) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs(4326, crs, always_xy=True).transform(*shapely.get_coordinates(TRUE).T)


@pytest.mark.parametrize("unit", [1000.0, 0.3048])
def test_another_unit_is_read_in_that_unit(unit: float) -> None:
    points = shapely.transform(geometry.from_wgs84(TRUE, 5899), lambda at: at / unit)
    decision = decided(prj(unit=unit, easting=500_000 / unit), points)
    assert decision.placement is not None
    assert np.allclose(shapely.get_coordinates(decision.placement.degrees(points)), shapely.get_coordinates(TRUE))


def test_ways_that_differ_are_a_question_with_the_metres_between_them() -> None:
    place = shapely.points([(20.0 + 0.001 * n, 54.0) for n in range(5)])
    points = geometry.from_wgs84(place, 28404)
    sample = Sample(points, [None] * 5, {})
    decision = roads.settled(Decision(Placement(28404)), coordinates.OF_FILE, sample, None)
    [finding] = decision.findings
    assert finding.code == "crs-operations"
    fixes = [one["fix"] for one in finding.params["readings"]]
    assert len(fixes) == 2 and float(finding.params["readings"][1]["metres"]) > 1
    # Each can be said, and is then told with how exact it is.
    for fix in fixes:
        chosen = Placement(28404, mistakes.by_code(fix, 28404) if fix else None)
        told = roads.settled(Decision(chosen), coordinates.CONFIRMED, sample, None)
        assert [one.code for one in told.findings] == ["crs-operation"]
        assert roads.as_report(chosen)["accuracy_m"] in (3.0, 4.5)
        assert roads.as_report(chosen)["pipeline"].startswith("+proj=pipeline")


def test_features_in_force_tell_the_way() -> None:
    place = shapely.points([(20.0 + 0.001 * n, 54.0) for n in range(6)])
    first, second = (mistakes.of_operation(one) for one in geometry.operations(28404, (20.0, 54.0, 20.1, 54.1)))
    points = geometry.from_wgs84(place, 28404)
    known = {at: (p.x, p.y) for at, p in enumerate(Placement(28404, second).degrees(points))}
    decision = roads.settled(Decision(Placement(28404)), coordinates.OF_FILE, Sample(points, [None] * 6, known), None)
    assert [one.code for one in decision.findings] == ["crs-operation"]
    assert first != second and np.allclose(
        shapely.get_coordinates(decision.placement.degrees(points)), list(known.values()), atol=1e-9
    )


@pytest.mark.parametrize("text", [CRS.from_epsg(5899).to_wkt("WKT2_2019"), "EPSG:5899"])
def test_a_prj_of_newer_wkt_is_read(tmp_path: Path, text: str) -> None:
    """GDAL reads none but the old form beside a Shapefile."""
    path = office_files.shapefile(tmp_path / "a.shp", office_files.frame(office_files.squares()), zipped=False)
    path.with_suffix(".prj").write_text(text, "ascii", "replace")
    with files.open_file(path) as source:
        assert source.srid == 5899
