"""Columns that hold the boundaries of a table: which could be asked for, and what somebody says of them."""

import pytest

from landgis.ingest import coordinate_columns
from landgis.ingest.errors import FileError
from landgis.ingest.fields import must_be_said_once

EAST, NORTH = ["426514.8", "426614.8"], ["1144053.1", "1144153.1"]


@pytest.mark.parametrize(
    ("columns", "likely"),
    [
        ({"a": NORTH, "b": EAST, "c": ["1", "2"]}, {"east": "b", "north": "a"}),
        ({"a": ["107.25", "107.26"], "b": ["10.57", "10.58"]}, {"east": "a", "north": "b"}),
        ({"a": ["1.144.053,1", "1.144.153"], "b": ["426.514,8", "426.614"]}, {"east": "b", "north": "a"}),
        ({"a": ["10°34'12.5\"", "10°34'13.5\""], "b": ["107°15'1.5\"", "107°15'2.5\""]}, {"east": "b", "north": "a"}),
        ({"a": NORTH, "b": EAST, "c": EAST}, {}),  # two could be the easting
        ({"a": ["2.35", "2.36"], "b": ["48.85", "48.86"]}, {}),  # either could be the latitude
        ({"a": [*NORTH, "Tổng"], "b": EAST}, {}),
        ({"a": ["850000", "900000"], "b": ["1200000", "1350000"]}, {}),  # beyond the width of a zone
        ({"a": ["", ""], "b": []}, {}),
    ],
)
def test_only_what_looks_like_one_pair_is_proposed(columns: dict[str, list[str]], likely: dict[str, str]) -> None:
    assert coordinate_columns.proposed(columns) == likely


def test_what_is_named_is_taken_in_metres_or_degrees() -> None:
    shape = coordinate_columns.shape({"east": "b", "north": "a"}, {"a": NORTH, "b": EAST})
    assert shape and (shape.shape.kind, shape.shape.columns, shape.srid) == ("points", ("b", "a"), None)
    degrees = coordinate_columns.shape({"east": "x", "north": "y"}, {"x": ["107.2"], "y": ["10.5"]})
    assert degrees and degrees.srid == 4326
    marks = coordinate_columns.shape({"east": "b", "north": "a"}, {"a": ["1.144.053"], "b": ["426.514"]})
    assert marks and (marks.shape.groups[0], marks.srid) == (".", None)  # as the northing says
    angles = coordinate_columns.shape({"east": "x", "north": "y"}, {"x": ["107°15' Đ"], "y": ["10°34' B"]})
    assert angles and angles.srid == 4326 and angles.shape.letters
    text = coordinate_columns.shape({"wkt": "w"}, {"w": ["POINT(107.2 10.5)"], "b": EAST})
    assert text and (text.shape.kind, text.shape.columns, text.srid) == ("wkt", ("w",), 4326)


def test_too_few_columns_and_columns_without_coordinates_are_none() -> None:
    assert coordinate_columns.shape({"east": "b"}, {"b": EAST}) is None
    assert coordinate_columns.shape({"east": "b", "north": "a"}, {"b": ["một"], "a": ["hai"]}) is None
    assert coordinate_columns.shape({"wkt": "w"}, {"w": ["không"]}) is None


def test_one_field_is_said_once() -> None:
    must_be_said_once({"a": "name", "b": "", "c": ""}, {"map_sheet": "12"})
    with pytest.raises(FileError, match="a, b"):
        must_be_said_once({"a": "name", "b": "name"}, {})
    with pytest.raises(FileError, match="“a”"):
        must_be_said_once({"a": "map_sheet"}, {"map_sheet": "12"})
