"""The picture of a feature: where its outline lies, what is not shown, and the seam by which pages ask for it."""

import math

import numpy as np
from shapely.geometry import Point

from landgis.catalog import registry
from landgis.lib import geometry
from tests import samples
from tests.imagery.conftest import GREY, add, image
from tests.imagery.test_scenes import around, pixels_of


def place_plots(tmp_path) -> None:
    """Two plots, the second not public, and an image of both."""
    samples.the_whole_state([samples.plot(1), samples.plot(2, is_public=False)])
    middle = geometry.from_wgs84(Point(samples.WEST + 2 * samples.STEP, samples.SOUTH + samples.SIDE / 2), 5899)
    add(image(tmp_path / "ground.tif", **around(1.0, 800, (middle.x, middle.y))), name="ground")


def test_the_date_in_the_picture_is_in_the_language_that_is_asked_for(client, tmp_path):
    place_plots(tmp_path)
    address = "/pictures/outline/public-land/P-00001.webp"
    vietnamese, english = (pixels_of(client.get(f"{address}?lang={code}")).astype(int) for code in ("vi", "en"))
    rows, columns = np.nonzero(np.abs(vietnamese - english).max(axis=2) > 60)
    height, width = vietnamese.shape[:2]
    assert rows.size > 50 and rows.min() > height * 0.8 and columns.min() > width * 0.5
    page = client.get("/en/public-land/P-00001/").content.decode()
    assert f"{address}?scene=" in page and "lang=en" in page.partition(address)[2][:60]


def test_the_outline_lies_on_its_place(client, tmp_path):
    place_plots(tmp_path)
    dataset = registry.get("public-land")
    west, south, east, north = samples.plot(1)["box"]
    picture = pixels_of(client.get("/pictures/outline/public-land/P-00001.webp?width=640"))
    assert picture.shape == (480, 640, 3)
    colour = np.array([int(dataset.map.colour[k : k + 2], 16) for k in (1, 3, 5)])
    outline = np.abs(picture - colour).max(axis=2) < 40
    rows, columns = np.nonzero(outline[40:440, 40:600])
    centre = (columns.min() + columns.max()) / 2 + 40, (rows.min() + rows.max()) / 2 + 40
    assert abs(centre[0] - 320) < 2 and abs(centre[1] - 240) < 2
    # Width to height on the picture is that of the ground.
    ratio = (east - west) * math.cos(math.radians(south)) / (north - south)
    assert abs((np.ptp(columns) + 1) / (np.ptp(rows) + 1) - ratio) < 0.03
    row, left, right = int(centre[1]), columns.min() + 40, columns.max() + 40
    light = picture.min(axis=2)[row] > 170
    assert light[left - 5 : left].any() and light[right + 1 : right + 6].any()  # the white casing
    assert np.abs(picture[row, 320] - GREY).max() < 15  # the image shows inside


def test_the_picture_of_a_hidden_plot_answers_like_one_that_never_was(client, tmp_path):
    place_plots(tmp_path)
    hidden = client.get("/pictures/outline/public-land/P-00002.webp")
    never = client.get("/pictures/outline/public-land/P-99999.webp")
    assert hidden.status_code == never.status_code == 404
    assert hidden.content.replace(b"P-00002", b"P-99999") == never.content
    shown = client.get("/pictures/outline/public-land/P-00001.webp")
    assert shown.status_code == 200


def test_a_picture_needs_an_image_of_its_place_and_a_sensible_size(client, tmp_path):
    samples.the_whole_state([samples.plot(1)])
    assert client.get("/pictures/outline/public-land/P-00001.webp").status_code == 404
    add(image(tmp_path / "elsewhere.tif", **around(1.0, 300)), name="elsewhere")
    assert client.get("/pictures/outline/public-land/P-00001.webp").status_code == 404
    for wrong in ("width=10", "width=99999", "width=wide"):
        assert client.get(f"/pictures/outline/public-land/P-00001.webp?{wrong}").status_code == 400
    assert client.get("/pictures/outline/nothing/P-00001.webp").status_code == 404


def test_a_small_picture_has_the_outline_and_no_letters(client, tmp_path):
    place_plots(tmp_path)
    address = "/pictures/outline/public-land/P-00001.webp?width=192&height=144"
    vietnamese, english = (pixels_of(client.get(f"{address}&lang={code}")).astype(int) for code in ("vi", "en"))
    assert vietnamese.shape == (144, 192, 3) and (vietnamese == english).all()
    colour = registry.get("public-land").map.colour
    edge = np.abs(vietnamese - [int(colour[k : k + 2], 16) for k in (1, 3, 5)]).max(axis=2) < 60
    rows, columns = np.nonzero(edge)
    assert abs((rows.min() + rows.max()) / 2 - 72) < 3 and abs((columns.min() + columns.max()) / 2 - 96) < 3
    hidden = client.get("/pictures/outline/public-land/P-00002.webp?width=192&height=144")
    assert hidden.status_code == 404


def test_a_small_picture_has_no_gap_where_no_image_lies(client, tmp_path):
    samples.the_whole_state([samples.plot(1)])
    add(image(tmp_path / "elsewhere.tif", **around(1.0, 300)), name="elsewhere")
    assert pixels_of(client.get("/pictures/outline/public-land/P-00001.webp?width=192&height=144")).shape == (
        144,
        192,
        3,
    )
