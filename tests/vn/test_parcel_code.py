"""The parcel code: published places, there and back, and texts that are none."""

import numpy as np
import pytest

from landgis.vn import parcel_code

# places of the datum's test vectors (tests/vn/test_datum.py) and their codes
PLACES = {
    "w3u4ue2jvdpt": (107.07299999904, 10.34600000017),
    "w3u4utk81d36": (107.07899999752, 10.35600000105),
    "w3u5mn25wm5y": (107.09500000346, 10.44999999741),
    "w3uh5xue0r0d": (107.03499999655, 10.58999999674),
    "w3u5wwwz9upy": (107.16999999627, 10.49600000353),
    "w3u5xsezw1dj": (107.20999999964, 10.48500000029),
    "w3u78vxssjtr": (107.27000000387, 10.49000000244),
    "w3uk867vp50d": (107.24300000070, 10.64800000275),
    "w3u7gyj8dhf8": (107.39900000211, 10.53599999857),
    "w3ec3v53u937": (106.60499999729, 8.68500000418),
}


@pytest.mark.parametrize("code", PLACES)
def test_known_places_have_their_codes(code):
    assert parcel_code.encode(*PLACES[code]) == code


def test_arrays_are_encoded_like_single_places():
    assert parcel_code.encode_all(*np.array(list(PLACES.values())).T).tolist() == list(PLACES)
    places = np.random.default_rng(3).uniform((-180, -90), (180, 90), (2000, 2))
    codes = parcel_code.encode_all(*places.T)
    assert codes.tolist() == [parcel_code.encode(*place) for place in places]


def test_a_code_decodes_to_a_cell_that_holds_the_place():
    for code, (lon, lat) in PLACES.items():
        middle_lon, middle_lat, (west, south, east, north) = parcel_code.decode(code)
        assert west <= lon < east and south <= lat < north
        assert parcel_code.encode(middle_lon, middle_lat) == code
        metres = (east - west) * 111_320 * np.cos(np.radians(lat)), (north - south) * 110_600
        assert metres == pytest.approx((0.0367, 0.0185), abs=0.0005)


def test_the_ends_of_the_world_have_codes():
    assert parcel_code.encode(-180, -90) == "0" * 12
    assert parcel_code.encode(180, 90) == "z" * 12 == parcel_code.encode_all([180], [90])[0]


def test_capitals_are_read():
    assert parcel_code.decode("W3U4UE2JVDPT") == parcel_code.decode("w3u4ue2jvdpt")


@pytest.mark.parametrize("text", ["", "w3u4ue2jvdp", "w3u4ue2jvdpta", "w3u4ue2jvdpa", "w3u4ue2jvdp ", "w3u4ue2jvdpỉ"])
def test_other_texts_are_refused(text):
    with pytest.raises(ValueError, match="not a parcel code"):
        parcel_code.decode(text)


@pytest.mark.parametrize("place", [(181, 0), (0, 90.1), (float("nan"), 0)])
def test_places_that_do_not_exist_are_refused(place):
    with pytest.raises(ValueError, match="no place"):
        parcel_code.encode(*place)
    with pytest.raises(ValueError, match=r"no place.*row 1"):
        parcel_code.encode_all([0, place[0]], [0, place[1]])
