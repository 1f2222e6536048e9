"""Where pictures stand: their former addresses lead on, and what needs their bytes gets them without a request."""

import pytest
from django.http import Http404
from django.test import Client

from landgis.catalog import pictures
from landgis.lib.filters import FilterError
from tests import samples
from tests.imagery.conftest import add, image
from tests.imagery.test_scenes import PHU_MY, around
from tests.pictures.test_outline import place_plots

STILL = "still.png?land_use=ODT&land_use=ONT&scene=none&size=60x40&view=9/10.5/107.17"


@pytest.mark.parametrize(
    "picture",
    [STILL, "still.gif", "outline/public-land/P-00001.webp?lang=en&width=300", "outline/public-land/P-1.jpg"],
)
def test_the_former_address_leads_to_the_new_one_with_all_that_is_asked(client: Client, picture: str) -> None:
    answer = client.get(f"/imagery/{picture}")
    assert answer.status_code == 301
    assert answer["Location"] == f"/pictures/{picture}"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_the_bytes_of_a_picture_are_those_that_its_address_answers(client: Client, tmp_path) -> None:
    place_plots(tmp_path)
    for picture in (STILL, "outline/public-land/P-00001.webp?lang=en&width=300", "outline/public-land/P-00001.jpg"):
        answer = client.get(f"/pictures/{picture}")
        assert answer.status_code == 200
        assert pictures.content(f"/pictures/{picture}") == (answer.content, answer["Content-Type"])


def test_where_no_picture_stands_there_are_no_bytes(client: Client, tmp_path) -> None:
    place_plots(tmp_path)
    for path in ("/", "/pictures/still.gif", "/pictures/outline/public-land/P-00002.webp", "/imagery/map.json", "/no"):
        with pytest.raises(Http404):
            pictures.content(path)
    with pytest.raises(FilterError):
        pictures.content("/pictures/still.png?view=9/10.5/107&size=x")


def test_without_an_image_nothing_is_told_of_the_ground(client: Client, tmp_path) -> None:
    samples.the_whole_state([samples.plot(1)])
    place = (*PHU_MY, *PHU_MY)
    assert pictures.sight(None, place) is None
    add(image(tmp_path / "ground.tif", **around(1.0, 300)), name="ground")
    about = pictures.sight(None, place)
    assert about is not None and about.attribution == "Sample & Co"
    assert pictures.sight("never-was", place) is None
