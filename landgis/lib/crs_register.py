"""Coordinate systems that nobody registered here, from PROJ's own register: their ways to WGS 84 as pipeline texts.

PROJ offers a way (an operation) for each datum and area. None is used through a pair of codes, for which PROJ chooses per
point: the ways are listed, those that need a grid file left out, and whoever reads a file chooses one of them for all of it.
"""

import functools
import itertools
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyproj
from pyproj.aoi import AreaOfInterest
from pyproj.exceptions import CRSError
from pyproj.transformer import Transformer, TransformerGroup

WGS84 = 4326
RIVAL = 2.0  # an operation that is so many times less exact than the best is no rival
Bounds = tuple[float, float, float, float]  # west, south, east, north in degrees
TRUE_AREA = 0.01  # a plane measures areas where its scale of areas is off by no more


@dataclass(frozen=True)
class Operation:
    """A way to WGS 84: its number in the register, its name, its text, and how exact it is said to be (metres)."""

    code: str
    name: str
    pipeline: str
    accuracy_m: float


@dataclass(frozen=True)
class RegisteredSystem:
    """What a system of the register is: as `geometry.CRS` without a choice of the way."""

    name: str
    unit_m: float
    area: str
    operations: tuple[Operation, ...]


class NotInRegister(LookupError):
    """No system of places on the map has that number."""


class NeedsGrid(LookupError):
    """All ways from the system to WGS 84 need grid files; `name` is its name, `grids` are those."""

    def __init__(self, name: str, grids: list[str]):
        super().__init__(name, grids)
        self.name, self.grids = name, grids


def system(srid: int, pinned: Mapping[int, str]) -> RegisteredSystem:
    """A system by its EPSG number; `pinned` are the ways of datums that are registered here: they come before PROJ's."""
    crs = horizontal(srid)
    unit, in_degrees = crs.axis_info[0].unit_conversion_factor, crs.axis_info[0].unit_name == "degree"
    return RegisteredSystem(
        name=crs.name,
        unit_m=0.0 if in_degrees else unit if crs.is_projected else 1.0,
        area="planar" if crs.is_projected and _measures_areas(crs) else "geodesic",
        operations=operations(srid, pinned),
    )


@functools.lru_cache(256)
def horizontal(srid: int) -> pyproj.CRS:
    """The system of places on the map of an EPSG number. Raises NotInRegister."""
    try:
        crs = pyproj.CRS.from_epsg(srid)
    except CRSError as error:
        raise NotInRegister(srid) from error
    crs = (crs.sub_crs_list[0] if crs.is_compound else crs).to_2d()
    if not (crs.is_projected or crs.is_geographic):
        raise NotInRegister(srid)
    return crs


def operations(srid: int, pinned: Mapping[int, str], bounds: Bounds | None = None) -> tuple[Operation, ...]:
    """The ways from a system to WGS 84 without a grid, the best first: those made for the bounds, and no worse ones."""
    crs = horizontal(srid)
    base = (crs.geodetic_crs.to_epsg() if crs.geodetic_crs is not None else None) or 0
    if base in pinned:
        return (Operation("", "", through_datum(crs, base, pinned[base]), 0.0),)
    group = _group(crs, pyproj.CRS.from_epsg(WGS84), bounds)
    if bounds and not group.transformers and not group.unavailable_operations:
        group = _group(crs, pyproj.CRS.from_epsg(WGS84), None)  # none was made for that place
    if not group.transformers and not group.unavailable_operations and (of_datum := _of_datum(crs)):
        return of_datum
    found = [one for one in group.transformers if one.accuracy >= 0 and not _grids(one)]
    if not found:
        lacking = [grid for one in (*group.transformers, *group.unavailable_operations) for grid in _grids(one)]
        raise NeedsGrid(crs.name, list(dict.fromkeys(lacking)))
    if bounds:
        found = [one for one in found if _covers(one, bounds)] or found
    least = min(one.accuracy for one in found)
    best = sorted((one for one in found if one.accuracy <= RIVAL * least), key=lambda one: one.accuracy)
    return tuple(_operation(one) for one in (best if bounds else found))


def _of_datum(crs: pyproj.CRS) -> tuple[Operation, ...]:
    """The ways of a datum that were made for another part of its country: of a zone beside there is none."""
    base = crs.geodetic_crs
    if base is None or not crs.is_projected:
        return ()
    [projection] = _group(crs, base, None).transformers[:1]
    ways = [one for one in _group(base, pyproj.CRS.from_epsg(WGS84), None).transformers if not _grids(one)]
    found = [_operation(one) for one in sorted(ways, key=lambda one: one.accuracy) if one.accuracy >= 0]
    return tuple(replace(one, pipeline=joined(plus(projection.definition), one.pipeline)) for one in found)


def through_datum(crs: pyproj.CRS, base: int, datum: str) -> str:
    """The way from a system to WGS 84 by way of the degrees of its datum, whose own way is given."""
    [projection] = _group(crs, pyproj.CRS.from_epsg(base), None).transformers[:1]
    return joined(plus(projection.definition), datum)


def _group(crs: pyproj.CRS, to: pyproj.CRS, bounds: Bounds | None) -> TransformerGroup:
    area: Any = AreaOfInterest(*bounds) if bounds else None
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # that a better one needs a grid
        return TransformerGroup(crs, to, always_xy=True, area_of_interest=area, allow_ballpark=False)


def _operation(one: Transformer) -> Operation:
    shifts = [step for step in one.operations or () if step.type_name == "Transformation"]
    codes = [str((step.to_json_dict().get("id") or {}).get("code", step.name)) for step in shifts]
    return Operation(
        "-".join(codes), " + ".join(step.name for step in shifts), plus(one.definition), round(one.accuracy, 2)
    )


def _grids(one: Any) -> list[str]:
    return [grid.short_name for step in one.operations or () for grid in step.grids]


def _covers(one: Transformer, bounds: Bounds) -> bool:
    area: Any = one.area_of_use
    if area is None:
        return True
    west, south, east, north = bounds
    return bool(area.west <= west and area.south <= south and area.east >= east and area.north >= north)


def _measures_areas(crs: pyproj.CRS) -> bool:
    """Whether areas in the plane are those on the ground, all over the area for which the system was made."""
    area = crs.area_of_use
    if area is None or area.east < area.west:
        return False
    places = itertools.product((area.west, area.east), (area.south, area.north))
    middle = ((area.west + area.east) / 2, (area.south + area.north) / 2)
    proj = pyproj.Proj(crs)
    scales = [proj.get_factors(*place).areal_scale for place in (middle, *places)]
    return all(abs(scale - 1) <= TRUE_AREA for scale in scales)


def plus(definition: str) -> str:
    """PROJ's own text of an operation in the form that is kept: a plus before each word."""
    return " ".join(f"+{word.lstrip('+')}" for word in definition.split())


def joined(*pipelines: str) -> str:
    """One pipeline after the other."""
    steps = [one.removeprefix("+proj=pipeline ") for one in pipelines if not one.startswith("+proj=noop")]
    steps = [one if one.startswith("+step ") else f"+step {one}" for one in steps]
    return " ".join(["+proj=pipeline", *steps]) if steps else "+proj=noop"
