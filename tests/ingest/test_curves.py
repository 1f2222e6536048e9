"""Arcs become straight pieces that stay within the tolerance of any scale."""

import json
import math
import struct
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from landgis.ingest import files
from landgis.ingest.formats import FAULTS, WKB, Shape

RADIUS = 100.0
CIRCLE = [(-RADIUS, 0.0), (0.0, RADIUS), (RADIUS, 0.0), (0.0, -RADIUS), (-RADIUS, 0.0)]
HALF = [(-RADIUS, 0.0), (0.0, RADIUS), (RADIUS, 0.0)]


def wkb(kind: int, *parts: bytes) -> bytes:
    return struct.pack("<BII", 1, kind, len(parts)) + b"".join(parts)


def points(places: list[tuple[float, float]]) -> list[bytes]:
    return [struct.pack("<dd", *place) for place in places]


DISC = wkb(10, wkb(8, *points(CIRCLE)))  # a surface of one circular string
HALF_DISC = wkb(10, wkb(9, wkb(8, *points(HALF)), wkb(2, *points([HALF[2], HALF[0]]))))  # an arc and a line
SURFACES = wkb(12, DISC, shapely.to_wkb(shapely.box(200, 0, 210, 10)))
WRITTEN = {
    "CurvePolygon": (DISC, math.pi * RADIUS**2),
    "CompoundCurve": (HALF_DISC, math.pi * RADIUS**2 / 2),
    "MultiSurface": (SURFACES, math.pi * RADIUS**2 + 100),
}
TEXTS = {
    "WKT": "CURVEPOLYGON(CIRCULARSTRING(-100 0,0 100,100 0,0 -100,-100 0))",
    "WKB": DISC.hex(),
    "EWKT": "SRID=5899;CURVEPOLYGON (CIRCULARSTRING (-100 0,0 100,100 0,0 -100,-100 0))",
}


def drawn(path: Path, shape: Shape | None = None) -> shapely.Geometry:
    with files.open_file(path) as source:
        [batch] = files.batches(source, shape)
    assert [json.loads(one) for one in batch.column(FAULTS).to_pylist() if one] == []
    return shapely.from_wkb(batch.column(WKB)[0].as_py())


def parquet(path: Path, *written: bytes) -> Path:
    about = {"version": "1.0.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB", "geometry_types": []}}}
    table = pa.table({"MA": [str(at) for at in range(len(written))], "g": pa.array(written, pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(about)}), path)
    return path


@pytest.mark.parametrize("name", WRITTEN)
def test_surfaces_with_arcs_keep_their_area(tmp_path: Path, name: str) -> None:
    raw, area = WRITTEN[name]
    found = drawn(parquet(tmp_path / "a.parquet", raw))
    assert found.area == pytest.approx(area, rel=1e-4)
    arc = shapely.Point(0, 0).buffer(RADIUS, 2000)
    assert (
        shapely.difference(arc if name != "CompoundCurve" else arc & shapely.box(-200, 0, 200, 200), found).area < 0.5
    )


@pytest.mark.parametrize("name", TEXTS)
def test_so_do_those_in_a_column(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.csv").write_text(f'ma;wkt\nA;"{TEXTS[name]}"\n', encoding="utf-8")
    assert drawn(tmp_path / "a.csv", Shape("wkt", ("wkt",))).area == pytest.approx(math.pi * RADIUS**2, rel=1e-4)


def test_so_do_bulges_of_a_drawing(tmp_path: Path) -> None:
    """Two corners of a closed line with a bulge of one: two half circles."""
    corners = [(10, 425_600.0, 20, 1_144_200.0), (10, 425_800.0, 20, 1_144_200.0)]
    line = ["0", "LWPOLYLINE", "8", "10", "90", "2", "70", "1"]
    for corner in corners:
        line += [*map(str, corner), "42", "1.0"]
    lines = ["0", "SECTION", "2", "ENTITIES", *line, "0", "ENDSEC", "0", "EOF", ""]
    (tmp_path / "a.dxf").write_text("\n".join(lines), "ascii")
    assert drawn(tmp_path / "a.dxf").area == pytest.approx(math.pi * RADIUS**2, rel=1e-4)


def test_so_do_those_of_a_file_geodatabase(tmp_path: Path) -> None:
    folder = tmp_path / "a.gdb"
    table = pa.table({"MA": ["A"], "shape": pa.array([DISC], pa.binary())})
    about = {"driver": "OpenFileGDB", "geometry_type": "MultiPolygon", "geometry_name": "shape", "crs": "EPSG:5899"}
    pyogrio.write_arrow(table, folder, **about)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in folder.rglob("*"):
            archive.write(part, part.relative_to(tmp_path))
    found = drawn(tmp_path / "a.zip")
    assert found.area == pytest.approx(math.pi * RADIUS**2, rel=1e-4)
    assert shapely.get_num_coordinates(found) > 700  # the file holds the arcs, and we draw them


def test_an_arc_that_is_none_is_a_fault_of_its_row(tmp_path: Path) -> None:
    two_points, mixture = wkb(10, wkb(8, *points(CIRCLE[:2]))), wkb(7, DISC)
    path = parquet(tmp_path / "a.parquet", DISC, two_points, DISC[:40], mixture, DISC)
    with files.open_file(path) as source:
        [batch] = files.batches(source)
    assert [one.is_valid for one in batch.column(WKB)] == [True, False, False, False, True]
    assert [bool(one) for one in batch.column(FAULTS).to_pylist()] == [False, True, True, True, False]
