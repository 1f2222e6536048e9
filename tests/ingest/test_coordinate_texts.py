"""Coordinates in tables: one reader of numbers and angles, and never a thousand times wrong."""

import re

import pytest

from landgis.ingest import shapes
from landgis.ingest.formats import Shape, coordinate_texts
from landgis.lib.numerals import HELD_AS_NUMBER


@pytest.mark.parametrize(
    ("x", "y", "east", "north"),
    [
        (["1.147.500", "1.147.600"], ["429.500", "429.600"], 429_500, 1_147_500),  # what one column says holds for both
        (["1147500,25"], ["429500,5"], 429_500.5, 1_147_500.25),
        (["1.147.500,25"], ["429.500,5"], 429_500.5, 1_147_500.25),
        (["1 147 500,25"], ["429 500,5"], 429_500.5, 1_147_500.25),
        (["1\u202f147\u00a0500.25"], ["429\u00a0500.5"], 429_500.5, 1_147_500.25),
        (["1'147’500.25"], ["429'500.5"], 429_500.5, 1_147_500.25),
        (["1147500.25 m"], ["429,5005 km"], 429_500.5, 1_147_500.25),
        (["1147500.25N"], ["429500.5E"], 429_500.5, 1_147_500.25),
        (["429.500"], ["948.500"], 429_500, 948_500),  # as decimals they would be no place
        (["107.250"], ["10.500"], 107.25, 10.5),  # as decimals they are degrees
        (["107,250"], ["10,5"], 107.25, 10.5),
        (["107°15'00\"E"], ["10°30'00\"N"], 107.25, 10.5),
        (["107 15 00"], ["10 30 00"], 107.25, 10.5),
        (["107°15′00″E".encode().decode("latin-1")], ["10°30′N".encode().decode("latin-1")], 107.25, 10.5),  # of a CSV
        (["1 147 500,25".encode().decode("latin-1")], ["429500,5"], 429_500.5, 1_147_500.25),
        ([f"429500.5{HELD_AS_NUMBER}"], [f"1147500.125{HELD_AS_NUMBER}"], 429_500.5, 1_147_500.125),
        ([f"429.125{HELD_AS_NUMBER}"], [f"948.125{HELD_AS_NUMBER}"], 429.125, 948.125),
    ],
)
def test_the_notation_of_coordinates(x: list[str], y: list[str], east: float, north: float) -> None:
    found = shapes.find(["X", "Y"], [x, y])
    assert found is not None
    first = {"X": x[0], "Y": y[0]}
    point = coordinate_texts.point([first[name] for name in found.shape.columns], found.shape)
    assert point == pytest.approx([east, north])


def test_a_number_with_two_readings_in_a_column_written_both_ways_is_none() -> None:
    found = shapes.find(["E", "N"], [["429.500", "1.429.500", "429500.5"], ["1147500.5", "1147500.5", "1147500.5"]])
    assert found is not None and found.shape.groups[0] == coordinate_texts.IN_DOUBT
    with pytest.raises(ValueError, match="429"):
        coordinate_texts.number("429.500", found.shape, 0)
    assert coordinate_texts.number("429500.5", found.shape, 0) == 429_500.5


@pytest.mark.parametrize("text", ["", "nan", "inf", "1e", "12 m2", "5 ha", "x"])
def test_what_is_no_coordinate_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(text)):
        coordinate_texts.number(text, Shape("points", ("X", "Y")), 0)
