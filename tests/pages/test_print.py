"""The printed sheet: what is 1:5000 on paper is 1:5000, and all that a sheet must say stands on it."""

import re
from dataclasses import replace

import numpy as np
import pytest
from django.test import Client
from pyproj import Geod
from shapely.geometry import shape

from landgis.catalog import office, queries, registry
from landgis.lib.webmap import metres
from landgis.pages.sheets import PAPERS, SCALES, Sheet, stretch
from tests import pdf
from tests.members import some_of
from tests.pdf import Pdf

pytestmark = pytest.mark.usefixtures("world")


def made(**asked: object) -> Pdf:
    response = Client().get("/print.pdf", {"scene": "none", **asked})
    assert response.status_code == 200, response.content[:300]
    assert response["Content-Type"] == "application/pdf"
    return pdf.read(response.content)


@pytest.mark.parametrize(("paper", "size"), [("A4-landscape", (297, 210)), ("A3-portrait", (297, 420))])
def test_the_sheet_has_the_size_of_the_paper(paper: str, size: tuple[int, int]) -> None:
    sheet = made(view="14/10.5/107.17", scale=10000, paper=paper, layers="admin-units")
    assert sheet.sheet_mm == pytest.approx(size, abs=0.1)


def test_what_is_far_apart_on_the_ground_is_as_far_on_paper_to_scale() -> None:
    """A large plot: width and height of its drawn outline in millimetres against geodesic metres over the scale."""
    dataset = registry.get("public-land")
    largest = max(queries.rows(dataset), key=lambda row: row["area_legal_m2"])
    feature = queries.geojson_feature(dataset, largest["ref"])
    outline = shape(feature["geometry"])
    west, south, east, north = outline.bounds
    middle = ((south + north) / 2, (west + east) / 2)
    alone = {"layers": "public-land", "area_legal_m2_min": largest["area_legal_m2"]}
    sheet = made(view=f"14/{middle[0]}/{middle[1]}", scale=10000, paper="A3-landscape", **alone)
    [(picture, *printed_mm)] = sheet.photographs
    assert printed_mm == pytest.approx(PAPERS["A3-landscape"], abs=0.1)
    pixels = np.asarray(picture.convert("RGB"), dtype=int)
    wide_mm, high_mm = printed_mm
    view = Sheet("A3-landscape", 10000, middle[1], middle[0]).view
    near = np.zeros(pixels.shape[:2], dtype=bool)
    left, top = view.pixel(*metres(west, north))
    right, bottom = view.pixel(*metres(east, south))
    near[int(top) - 25 : int(bottom) + 25, int(left) - 25 : int(right) + 25] = True
    seen = near & (np.abs(pixels - np.array((248, 243, 38))).max(axis=2) < 70)
    rows, columns = np.where(seen.any(axis=1))[0], np.where(seen.any(axis=0))[0]
    across_mm = (columns[-1] - columns[0] + 1) / pixels.shape[1] * wide_mm
    along_mm = (rows[-1] - rows[0] + 1) / pixels.shape[0] * high_mm
    geod = Geod(ellps="WGS84")
    across_m = geod.inv(west, middle[0], east, middle[0])[2]
    along_m = geod.inv(middle[1], south, middle[1], north)[2]
    # The line is drawn half outside: some 0.4 mm on either side.
    assert across_mm == pytest.approx(across_m / 10, abs=0.9)
    assert along_mm == pytest.approx(along_m / 10, abs=0.9)


@pytest.mark.parametrize("latitude", [0.0, 8.7, 21.0, 48.8])
def test_the_plane_is_stretched_as_the_ellipsoid_says(latitude: float) -> None:
    geod, step = Geod(ellps="WGS84"), 0.001
    beside, above = stretch(latitude)
    x0, y0 = metres(107, latitude - step)
    x1, y1 = metres(107 + 2 * step, latitude + step)
    assert (x1 - x0) / geod.inv(107, latitude, 107 + 2 * step, latitude)[2] == pytest.approx(beside, rel=1e-6)
    assert (y1 - y0) / geod.inv(107, latitude - step, 107, latitude + step)[2] == pytest.approx(above, rel=1e-6)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("paper", PAPERS)
def test_every_sheet_can_be_drawn_and_its_bar_is_true(paper: str, scale: int) -> None:
    sheet = Sheet(paper, scale, 107.17, 10.5)
    length, bar_mm = sheet.bar
    assert bar_mm * scale / 1000 == pytest.approx(length)
    assert 15 <= bar_mm <= 50
    assert sheet.view.width * sheet.view.height < 16_000_000


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(
    ("path", "words"),
    [
        (
            "/print.pdf",
            ["1:25.000", "Chú giải", "Đất công", "dữ liệu minh họa", "VN-2000", "Điều 24", "tham khảo", "1 km"],
        ),
        pytest.param(
            "/en/print.pdf",
            ["1:25,000", "Legend", "Public land", "made-up data", "VN-2000", "Article 24", "reference", "1 km"],
            marks=pytest.mark.prove,
        ),
    ],
)
def test_all_that_a_sheet_must_say_stands_on_it(path: str, words: list[str], paper: str) -> None:
    response = Client().get(path, {"view": "13/10.5/107.17", "scale": 25000, "scene": "none", "paper": paper})
    sheet = pdf.read(response.content)
    missing = [word for word in words if re.sub(r"\s", "", word).lower() not in sheet.letters.lower()]
    assert missing == [], sheet.letters
    assert len(sheet.pages) == 1


@pytest.mark.parametrize("paper", some_of(PAPERS, every=2))
def test_what_finds_no_room_goes_on_to_another_sheet(paper: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office with much to say."""
    current = office.current()
    profile = replace(current.profile, disclaimer="Chỉ để tham khảo. " * 400 + "Hết.")
    monkeypatch.setattr(office, "current", lambda: replace(current, profiles={"vi": profile}))
    sheet = made(view="13/10.5/107.17", scale=25000, paper=paper, layers="admin-units")
    assert len(sheet.pages) > 1 and sheet.letters.count("Chỉđểthamkhảo.") == 400
    assert "Hết." in sheet.letters


@pytest.mark.parametrize("wrong", [{"scale": 3}, {"scale": "x"}, {"paper": "A0"}, {"view": "1/2"}, {"view": ""}])
def test_a_wrong_question_is_named(wrong: dict[str, object]) -> None:
    response = Client().get("/print.pdf", {"view": "13/10.5/107.17", "scale": 25000, **wrong})
    assert response.status_code == 400
    assert next(iter(wrong)).encode() in response.content
