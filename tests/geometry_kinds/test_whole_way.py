"""Points and lines go the whole way: from a file to every exit, as areas do."""

import csv
import io
from pathlib import Path
from typing import Any
from urllib.parse import quote

import mapbox_vector_tile
import openpyxl
import pytest
import shapely
from django.db import connections
from django.test import Client
from PIL import Image, ImageColor
from shapely.geometry import shape

from landgis.analysis import open_dataset
from landgis.catalog import lineage, queries, registry
from landgis.catalog.subject import subject_of
from landgis.catalog.surroundings import TOUCHES, surroundings
from landgis.lib import geometry
from tests.geometry_kinds.conftest import SRID, Ground
from tests.geometry_kinds.declared import MARK_COLOUR, ROAD_COLOUR
from tests.ingest.test_load import codes, load
from tests.tiles.test_tiles import tile_of

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture
def client() -> Client:
    return Client()


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


# In


def test_both_files_come_in_whole(loaded: dict[str, Any]) -> None:
    assert [(report["status"], report["add"], codes(report)) for report in loaded.values()] == [(0, 3, {}), (0, 2, {})]


def test_rows_are_measured_and_keep_their_place(ground: Ground) -> None:
    mark = subject_of(registry.get("survey-marks"), "M1")
    assert mark and mark.boundary and mark.row["legal_srid"] == 4326
    assert mark.boundary.geom_type == "Point" and mark.boundary.distance(ground.place) < 1e-8
    road = subject_of(registry.get("road-lines"), "R1")
    assert road and road.boundary and road.boundary.geom_type == "MultiLineString" and road.row["legal_srid"] == SRID
    row = queries.feature(registry.get("road-lines"), "R1")
    assert row["length_m"] == pytest.approx(ground.road.length, abs=0.001)
    # The place to go to lies on the line.
    place = geometry.from_wgs84(shapely.Point(queries.place_of(row)), SRID)
    assert place.distance(ground.road) < 0.01


def test_what_is_no_point_is_said_with_its_row(tmp_path: Path, ground: Ground) -> None:
    here = f"{ground.place.x:.9f} {ground.place.y:.9f}"
    path = tmp_path / "wrong.csv"
    path.write_text(
        "\n".join(
            [
                "CODE;NAME;HEIGHT;WKT",
                f"X1;Line;1;LINESTRING ({here}, 107.2 10.5)",
                "X2;Empty;1;POINT EMPTY",
                f"X3;Twice;1;MULTIPOINT (({here}), (107.2 10.5))",
                f"X4;Good;1;MULTIPOINT (({here}))",
                f"X5;Same;1;POINT ({here})",
                "X6;None;1;",
            ]
        ),
        encoding="utf-8",
    )
    report = load(path, dataset="survey-marks")
    assert codes(report) == {"geometry-kind": 2, "geometry-empty": 1, "geometry-missing": 1, "same-place": 2}
    said = {group["code"]: group["examples"] for group in report["issues"]}
    assert said["geometry-kind"][0]["message"] == "The geometry is a line; a point is needed."
    assert said["geometry-missing"][0]["remedy"].startswith("Give the coordinates of the point")
    # X4 lies on M1, which stays in force; X5 lies on X4.
    assert [(one["row"], one["message"].split()[4]) for one in said["same-place"]] == [(5, "M1"), (6, "X4")]


def test_lines_may_cross_themselves_and_must_have_a_length(tmp_path: Path, ground: Ground) -> None:
    x, y = ground.place.coords[0]
    path = tmp_path / "wrong.csv"
    path.write_text(
        "\n".join(
            [
                "CODE;NAME;WIDTH;WKT",
                f"X1;Cross;1;LINESTRING ({x} {y}, {x + 0.001} {y + 0.001}, {x + 0.001} {y}, {x} {y + 0.001})",
                f"X2;None;1;LINESTRING ({x} {y}, {x} {y})",
                f"X3;Area;1;POLYGON (({x} {y}, {x + 0.001} {y}, {x} {y + 0.001}, {x} {y}))",
            ]
        ),
        encoding="utf-8",
    )
    report = load(path, dataset="road-lines")
    assert codes(report) == {"geometry-no-length": 1, "geometry-kind": 1}
    said = {group["code"]: group["examples"][0] for group in report["issues"]}
    assert said["geometry-kind"]["message"] == "The geometry is a polygon; a line is needed."
    assert (said["geometry-no-length"]["row"], report["add"]) == (3, 3)


# Out


def features(client: Client, name: str, zoom: int, point: shapely.Point) -> dict[str, Any]:
    x, y = tile_of(point.x, point.y, zoom)
    return mapbox_vector_tile.decode(client.get(f"/tiles/{name}/{zoom}/{x}/{y}.mvt").content)


def test_tiles_hold_points_lines_and_their_labels(client: Client, ground: Ground) -> None:
    near = features(client, "survey-marks", 16, ground.place)
    assert {one["properties"]["ref"] for one in near["survey-marks"]["features"]} >= {"M1"}
    assert {one["geometry"]["type"] for one in near["survey-marks"]["features"]} == {"Point"}
    assert near["survey-marks-labels"]["features"][0]["properties"]["name"].startswith("Mốc")
    lines = features(client, "road-lines", 16, ground.place)
    assert {one["geometry"]["type"] for one in lines["road-lines"]["features"]} <= {"LineString", "MultiLineString"}


def test_a_short_line_is_still_a_line_far_away(client: Client, ground: Ground) -> None:
    far = features(client, "road-lines", 8, ground.place)["road-lines"]["features"]
    assert {one["properties"]["ref"] for one in far} == {"R1", "R2"}
    assert {one["geometry"]["type"] for one in far} <= {"LineString", "MultiLineString"}


@pytest.mark.parametrize(("name", "kinds"), [("survey-marks", {"circle"}), ("road-lines", {"line"})])
def test_the_map_draws_circles_and_lines(client: Client, name: str, kinds: set[str]) -> None:
    style = client.get(f"/styles/{name}.json").json()
    drawn = {layer["type"] for layer in style["layers"] if layer["source-layer"] == name}
    assert drawn - {"circle"} == kinds - {"circle"} and kinds <= drawn
    assert any(layer["type"] == "symbol" and layer["source-layer"] == f"{name}-labels" for layer in style["layers"])


@pytest.mark.parametrize(("name", "colour"), [("survey-marks", MARK_COLOUR), ("road-lines", ROAD_COLOUR)])
def test_the_picture_shows_them_where_they_lie(client: Client, ground: Ground, name: str, colour: str) -> None:
    view = f"17/{ground.place.y:.6f}/{ground.place.x:.6f}"
    asked = {"view": view, "size": "200x200", "scene": "none", "layers": name}
    image = Image.open(io.BytesIO(client.get("/pictures/still.png", asked).content)).convert("RGB")
    seen = {image.getpixel((image.width // 2 + dx, image.height // 2)) for dx in range(-4, 5)}
    assert ImageColor.getrgb(colour) in seen


def test_lists_speak_of_lengths_and_of_nothing_for_points(client: Client, ground: Ground) -> None:
    page = text_of(client, "/en/roads/")
    assert "total length" in page and "Length" in page and "km" in page and "total area" not in page
    marks = text_of(client, "/en/marks/")
    assert "Mốc một" in marks and "total length" not in marks and "total area" not in marks
    total = client.get("/roads.json").json()["totals"][""][0]
    assert total["length"] == pytest.approx(ground.road.length + 1, abs=0.01) and total["area"] is None


def test_pages_of_features_say_what_their_kind_has(client: Client, ground: Ground) -> None:
    mark = text_of(client, "/en/marks/M1/")
    assert "<h2>Coordinates</h2>" in mark and "<h2>Corners of the boundary</h2>" not in mark
    assert "computed area" not in mark and "computed length" not in mark
    assert "12.345" in mark and "120.0 m<" in mark  # the mark beside it
    road = text_of(client, "/en/roads/R1/")
    assert "Computed from the line in EPSG:9210" in road
    assert "<h2>Corners of the boundary</h2>" not in road and "<h2>Coordinates</h2>" not in road


def test_surroundings_and_lineage_know_the_kind(ground: Ground) -> None:
    around = surroundings(registry.get("survey-marks"), "M1")
    assert [(hit.ref, hit.share) for hit in around.ground if hit.dataset.name == "public-land"] == [(ground.plot, None)]
    assert [(hit.ref, round(hit.distance_m or 0)) for hit in around.neighbours] == [("M2", 120)]
    plot = surroundings(registry.get("public-land"), ground.plot)
    roads = next(theme for theme in plot.themes if theme.dataset.name == "road-lines")
    assert roads.state == TOUCHES and [(hit.ref, hit.share) for hit in roads.hits] == [("R1", None)]
    along = next(hit for hit in surroundings(registry.get("road-lines"), "R1").ground if hit.ref == ground.plot)
    plot_itself = subject_of(registry.get("public-land"), ground.plot)
    assert plot_itself
    there = geometry.from_wgs84(plot_itself.boundary, SRID).intersection(ground.road).length
    assert along.size == pytest.approx(there, rel=0.01)
    assert lineage.lineage(registry.get("road-lines"), "R1").predecessors == []


@pytest.mark.parametrize("path", ["marks/M1", "roads/R1"])
def test_papers_json_and_geojson(client: Client, path: str) -> None:
    paper = client.get(f"/{path}.pdf")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    row = client.get(f"/{path}.json").json()
    assert "area_m2" not in row and ("length_m" in row) == path.startswith("roads")
    drawn = shape(client.get(f"/{path}.geojson").json()["geometry"])
    assert drawn.geom_type == ("MultiLineString" if path.startswith("roads") else "Point")


def test_tables_name_the_measure_of_the_kind(client: Client) -> None:
    body = b"".join(client.get("/en/roads.csv").streaming_content).decode("utf-8-sig")
    headings, *rows = csv.reader(io.StringIO(body))
    assert "computed length (m)" in headings and len(rows) == 2
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/en/marks.xlsx").streaming_content)))
    headings = [cell.value for cell in book.active[1]]
    assert "height (m)" in headings and not any("area" in str(one) or "length" in str(one) for one in headings)


def test_search_finds_them_and_the_place_lies_on_them(client: Client, ground: Ground) -> None:
    found = client.get("/api/search", {"q": "Đường Một"}).json()["features"]
    [road] = [one for one in found if one["properties"]["ref"] == "R1"]
    assert geometry.from_wgs84(shape(road["geometry"]), SRID).distance(ground.road) < 0.5
    assert "Mốc một" in text_of(client, "/search?q=M%E1%BB%91c+m%E1%BB%99t")


def test_pages_about_the_datasets(client: Client) -> None:
    listed = text_of(client, "/en/datasets/")
    assert "Survey marks" in listed and "Roads" in listed
    told = client.get("/datasets/road-lines.json").json()
    assert told["geometry"] == {"name": "line", "type": "MultiLineString", "crs": "EPSG:4326"} and told["length_m"] > 0
    assert client.get("/datasets/survey-marks.json").json()["geometry"]["type"] == "Point"
    assert "length_m" in text_of(client, "/en/datasets/road-lines/")
    assert client.get("/tiles/survey-marks.json").json()["bounds"]


def test_notebooks_get_the_right_types() -> None:
    told = connections["public"].settings_dict
    source = f"postgresql://{told['USER']}:{quote(told['PASSWORD'])}@/{told['NAME']}?host={quote(str(told['HOST']), safe='')}&port={told['PORT']}"
    marks = open_dataset("survey-marks", source=source)
    roads = open_dataset("road-lines", source=source)
    assert set(marks.geom_type) == {"Point"} and marks.geometry.name == "point" and str(marks.crs) == "EPSG:4326"
    assert set(roads.geom_type) == {"MultiLineString"}
    assert (str(marks["height_m"].dtype), str(roads["length_m"].dtype)) == ("float64", "float64")
    assert roads.attrs["units"]["length_m"] == "m"


def test_the_map_of_a_page_flies_to_a_point(client: Client) -> None:
    row = queries.feature(registry.get("survey-marks"), "M1")
    assert (row["west"], row["south"]) == (row["east"], row["north"])
    assert "still.webp" in text_of(client, "/marks/") or "map-config" in text_of(client, "/marks/")
