"""The view of a web map: what fits, what is seen, and how addresses write it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.webmap import EQUATOR_M, Padding, View, degrees, fit, metres, parse_view

PROVINCE = (106.97, 10.3, 107.6, 10.8)


@given(st.floats(-180, 180), st.floats(-85, 85))
def test_degrees_and_metres_lead_back(longitude: float, latitude: float) -> None:
    back = degrees(*metres(longitude, latitude))
    assert back == pytest.approx((longitude, latitude), abs=1e-9)


def test_the_world_is_512_pixels_wide_at_zoom_0() -> None:
    assert View(0, 0, 0, 512, 512).box_3857 == pytest.approx(
        (-EQUATOR_M / 2, -EQUATOR_M / 2, EQUATOR_M / 2, EQUATOR_M / 2)
    )


@given(st.floats(0, 200), st.floats(0, 200), st.floats(0, 200), st.floats(0, 200))
def test_a_box_fits_beside_what_is_covered_and_touches_two_of_its_sides(
    top: float, right: float, bottom: float, left: float
) -> None:
    view = fit(PROVINCE, 700, 600, Padding(top, right, bottom, left))
    west, north = view.pixel(*metres(PROVINCE[0], PROVINCE[3]))
    east, south = view.pixel(*metres(PROVINCE[2], PROVINCE[1]))
    room = (west - left, north - top, 700 - right - east, 600 - bottom - south)
    assert min(room) == pytest.approx(0, abs=1e-3)
    assert all(side > -1e-3 for side in room)


def test_a_point_is_shown_no_nearer_than_said() -> None:
    assert fit((107.1, 10.4, 107.1, 10.4), 400, 400, nearest=17).zoom == 17


def test_the_ground_is_smaller_than_the_plane_by_the_latitude() -> None:
    view = View(107, 60, 10, 100, 100)
    assert view.ground_m == pytest.approx(view.pixel_m * math.cos(math.radians(60)))


def test_a_view_is_written_as_it_is_read() -> None:
    view = View(107.123456, 10.654321, 12.25, 300, 200)
    assert parse_view(view.text, 300, 200) == view


@pytest.mark.parametrize("text", ["", "12", "12/10", "12/10/107/1", "x/10/107", "12/89/107", "12/10/181", "nan/1/1"])
def test_what_is_no_view_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_view(text, 100, 100)
