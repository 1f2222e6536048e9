"""The parcel code ("mã thửa đất") of Circular 19/2026/TT-BNNMT: a GeoHash of 12 characters of a point inside the parcel.

A code names a cell, 3.7 by 1.9 cm at 10 degrees north. The circular fixes no tolerance for the search of the point, so
that a code cannot be worked out again: it is kept as it was assigned, and all that can be checked is that it decodes to
a place in the parcel. Longitudes and latitudes are degrees of WGS 84.
"""

from typing import Any

import numpy as np

ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"  # without a, i, l and o
LENGTH = 12
BITS = LENGTH * 5 // 2  # of each of the two numbers, longitude first
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_LETTERS = np.array(list(ALPHABET))


def encode(lon: float, lat: float) -> str:
    """The code of a place. Raises ValueError where there is no such place."""
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"There is no place at longitude {lon}, latitude {lat}.")
    east, north = _cell(lon, 360.0), _cell(lat, 180.0)
    bits = "".join(f"{east >> k & 1}{north >> k & 1}" for k in reversed(range(BITS)))
    return "".join(ALPHABET[int(bits[k : k + 5], 2)] for k in range(0, len(bits), 5))


def _cell(degrees: float, whole: float) -> int:
    """Number of the cell in [0, 2**BITS) on a circle or half circle of `whole` degrees."""
    return min(int((degrees + whole / 2) / whole * 2**BITS), 2**BITS - 1)


def encode_all(lon: Any, lat: Any) -> np.ndarray:
    """The codes of places as an array of text; lon, lat: arrays of one shape (n,). Raises ValueError as encode()."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    wrong = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    if wrong.any():
        k = int(np.argmax(wrong))
        raise ValueError(f"There is no place at longitude {lon[k]}, latitude {lat[k]} (row {k}).")
    last = 2**BITS - 1
    east = np.minimum((lon + 180) / 360 * 2**BITS, last).astype(np.uint64)
    north = np.minimum((lat + 90) / 180 * 2**BITS, last).astype(np.uint64)
    mixed = (_spread(east) << np.uint64(1)) | _spread(north)
    steps = np.arange(5 * (LENGTH - 1), -1, -5, dtype=np.uint64)
    letters = _LETTERS[(mixed[:, None] >> steps) & np.uint64(31)]
    return np.ascontiguousarray(letters).view(f"<U{LENGTH}").ravel()


def _spread(value: np.ndarray) -> np.ndarray:
    """The lower 32 bits with a zero before each."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        value = (value | (value << np.uint64(shift))) & np.uint64(mask)
    return value


def decode(code: str) -> tuple[float, float, tuple[float, float, float, float]]:
    """(longitude, latitude, (west, south, east, north)): the middle of the code's cell and the cell.

    Raises ValueError where the text is no code; capitals are read, as people write them.
    """
    letters = code.lower()
    if len(letters) != LENGTH or any(letter not in _VALUES for letter in letters):
        raise ValueError(f"{code!r} is not a parcel code: {LENGTH} of the characters {ALPHABET} are.")
    bits = "".join(f"{_VALUES[letter]:05b}" for letter in letters)
    east, north = int(bits[0::2], 2), int(bits[1::2], 2)
    wide, high = 360 / 2**BITS, 180 / 2**BITS
    west, south = east * wide - 180, north * high - 90
    return west + wide / 2, south + high / 2, (west, south, west + wide, south + high)
