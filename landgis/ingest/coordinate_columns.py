"""Columns of a table of which somebody says that they hold its boundaries, and which could be asked for."""

from collections.abc import Mapping, Sequence

import numpy as np

from landgis.catalog.dataset import Dataset
from landgis.ingest import shapes
from landgis.ingest.errors import marked as _
from landgis.ingest.headings import EAST, NORTH
from landgis.ingest.shapes import TableGeometry

WKT = "wkt"
# What a column may be said to be beside the fields; whether a pair is in metres or in degrees its values tell.
LABELS = {EAST: _("easting or longitude"), NORTH: _("northing or latitude"), WKT: _("the whole boundary as WKT")}

Columns = Mapping[str, Sequence[str]]  # heading -> its first values


def divided(said: Mapping[str, str], dataset: Dataset) -> tuple[dict[str, str], dict[str, str]]:
    """What is said of columns: heading -> field, and coordinate -> heading; a field that is called so goes before."""
    declared = {field.name for field in dataset.fields}
    drawn = {name: heading for heading, name in said.items() if name in LABELS and name not in declared}
    return {heading: "" if heading in drawn.values() else name for heading, name in said.items()}, drawn


def shape(drawn: Mapping[str, str], columns: Columns) -> TableGeometry | None:
    """The geometry by the columns that are named; None where they are too few or hold no coordinates."""
    if WKT in drawn:
        return shapes.find([drawn[WKT]], [columns[drawn[WKT]]])
    if not {EAST, NORTH} <= drawn.keys():
        return None
    pair = drawn[EAST], drawn[NORTH]
    points = shapes.points(pair, columns[pair[0]], columns[pair[1]])
    east, north = (shapes.numbers(columns[heading], points, place) for place, heading in enumerate(pair))
    if not (east.size and north.size):
        return None
    return TableGeometry(points, 4326 if shapes.in_degrees(east, north) else None)


def proposed(columns: Columns) -> dict[str, str]:
    """Coordinate -> heading where just one column looks like each of the two, in metres or in degrees."""
    figures = {heading: found for heading, values in columns.items() if (found := _figures(values)) is not None}
    for looks_like in (_in_metres, _in_degrees):
        alike = {one: [name for name, values in figures.items() if looks_like(one, values)] for one in (EAST, NORTH)}
        if all(len(names) == 1 for names in alike.values()):
            return {one: names[0] for one, names in alike.items()}
    return {}


def _figures(values: Sequence[str]) -> np.ndarray | None:
    """The values of a column that holds nothing else than coordinates, read as it alone says."""
    given = [value for value in values if value.strip()]
    found = shapes.numbers(given, shapes.points(("", ""), given, ()), 0)
    return found if found.size and found.size == len(given) else None


def _in_metres(name: str, values: np.ndarray) -> bool:
    is_easting = shapes.is_easting(values)
    beyond = bool(((values >= shapes.EASTINGS[1]) & (values < 1e7)).all())
    return is_easting if name == EAST else beyond and name == NORTH


def _in_degrees(name: str, values: np.ndarray) -> bool:
    """Fractions of degrees; beyond 90 it is a longitude, and only beside such a one the other is surely a latitude."""
    size = float(np.abs(values).max())
    is_broken = bool((values % 1 != 0).any())
    return is_broken and (90 < size <= 180 if name == EAST else name == NORTH and size <= 90)
