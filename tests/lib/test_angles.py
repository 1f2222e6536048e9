"""One angle, as a column of coordinates holds it."""

import re

import pytest

from landgis.lib import angles


@pytest.mark.parametrize(
    "text",
    [
        "107°10'12\"",
        "107° 10' 12\"",
        "107°10′12″E",
        "107 10 12",
        "107-10-12",
        "107:10:12",
        "107°10'12,0\"Đ",
        "E 107°10.2'",
    ],
)
def test_an_angle_is_read_in_every_usual_form(text: str) -> None:
    assert angles.read(text, angles.letters())[0] == pytest.approx(107.17)


def test_its_letter_says_which_it_is_and_its_sign() -> None:
    assert angles.read("33°52'S", angles.letters()) == (pytest.approx(-33.8666667), "lat")
    assert angles.read("10,5 B", angles.letters()) == (10.5, "lat")
    assert angles.read("-74°30'", angles.letters()) == (-74.5, "")


@pytest.mark.parametrize(
    "text", ["", "10", "10.5", "10°61'", "10°29'75\"", "10° m", "10 29 45 30", "N10°E", "10 500 000"]
)
def test_what_is_no_angle_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(text)):
        angles.read(text, angles.letters())
