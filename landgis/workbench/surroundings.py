"""The ground round a feature for whoever draws on it: what is in force there, as the person's own drafts leave it.

Everything is found by the index of places, the nearest to the middle of the box first.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import FloatField, Func, QuerySet, Value
from django.utils.translation import gettext as _

from landgis.accounts.models import User
from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes.models import ChangeSet
from landgis.lib import geometry
from landgis.lib.filters import FilterError
from landgis.lib.webmap import DEGREE_M
from landgis.workbench import change_sets, drafts, edits
from landgis.workbench.models import Edit, EditKind

MOST, MOST_OTHERS = 600, 300
WIDEST_M = 4000
DECIMALS, DEGREE_DECIMALS = 4, 10
Found = dict[str, Any]


@dataclass(frozen=True)
class Box:
    """A piece of the plane of a coordinate system; `degrees` is the same in EPSG:4326."""

    srid: int
    plane: shapely.Geometry
    degrees: shapely.Geometry


def box(srid: str, text: str) -> Box:
    """Of the parameters of an address. Raises FilterError."""
    try:
        system = geometry.crs(srid)
    except (LookupError, ValueError):
        raise FilterError("srid", _("Write the EPSG number of a coordinate system.")) from None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
        sides = (east - west, north - south)
        is_box = bool(np.isfinite(sides).all()) and min(sides) > 0
    except ValueError:
        is_box = False
    if not is_box:
        raise FilterError("box", _("Write west, south, east and north of the box, with commas between them."))
    if max(sides) * (system.unit_m or DEGREE_M) > WIDEST_M:
        raise FilterError(
            "box", _("The box may be %(most)s km wide at most: come nearer.") % {"most": WIDEST_M // 1000}
        )
    plane = shapely.box(west, south, east, north)
    degrees = geometry.to_wgs84(plane, system.srid)
    if not np.isfinite(shapely.get_coordinates(degrees)).all():
        raise FilterError("box", _("The box lies outside of what the coordinate system maps."))
    return Box(system.srid, plane, degrees)


class _Away(Func):
    """How far a geometry lies from a place, in degrees, as an index of places can order by it."""

    template, arg_joiner, arity = "(%(expressions)s)", " <-> ", 2
    output_field = FloatField()


def collection(
    dataset: Dataset, where: Box, person: User, *, ref: str, into: ChangeSet | None, with_others: bool
) -> Found:
    """What the map of an editor draws in the box; `ref` is the feature that is edited, and never left out."""
    own = list(edits.of_person(person, dataset, into))
    rows = list(_nearest(dataset, where)[: MOST + 1])
    is_cut, rows = len(rows) > MOST, rows[:MOST]
    if ref and ref not in {row["ref"] for row in rows}:
        rows += _rows(dataset).filter(ref=ref)
    found: Found = {
        "srid": where.srid,
        "features": _drawn(where, _features(dataset, where, rows, own, person)),
        "is_cut": is_cut,
    }
    if with_others:
        found["others"] = _drawn(where, list(_others(dataset, where)))
    return found


def _rows(dataset: Dataset) -> QuerySet[Any, Found]:
    names = dict.fromkeys(("ref", "from_revision", *(field.name for field in dataset.stated_fields)))
    column = str(dataset.geometry)
    in_force = change_sets.in_force_of(dataset).filter(until_revision=None).exclude(**{column: None})
    found: QuerySet[Any, Found] = in_force.annotate(drawn=AsWKB(column)).values("drawn", *names)
    return found


def _nearest(dataset: Dataset, where: Box) -> QuerySet[Any, Found]:
    """Those in the box, the nearest to its middle first: index alone, however many there are beside them."""
    column = str(dataset.geometry)
    box, middle = (GEOSGeometry(one.wkt, srid=4326) for one in (where.degrees, where.degrees.centroid))
    away = _Away(column, Value(middle, output_field=GeometryField(srid=4326)))
    return _rows(dataset).filter(**{f"{column}__intersects": box}).order_by(away)


def _features(dataset: Dataset, where: Box, rows: Sequence[Found], own: Sequence[Edit], person: User) -> list[Found]:
    """In force or drafted; not what the person's drafts retire."""
    edited, gone = {edit.ref: edit for edit in own}, drafts.retired(own)
    strangers = _elsewhere(dataset, [row["ref"] for row in rows], person)
    found = []
    for row in rows:
        if row["ref"] in gone:
            continue
        edit = edited.get(row["ref"])
        drawn = drafts.shape_of(dataset, edit) if edit else None
        told = {"is_draft": edit is not None, "is_elsewhere": row["ref"] in strangers}
        found.append(
            _told(dataset, row) | {"revision": row["from_revision"]} | told | ({"shape": drawn} if drawn else {})
        )
    return [*found, *_added(dataset, where, own, {row["ref"] for row in rows})]


def _added(dataset: Dataset, where: Box, own: Sequence[Edit], known: Collection[str]) -> Iterator[Found]:
    """What is not in force yet, or was drawn into the box."""
    for edit in own:
        shape = drafts.shape_of(dataset, edit) if not edit.ref or edit.ref not in known else None
        if shape is not None and shape.intersects(where.degrees):
            title = (
                _("New: %(title)s") % {"title": edit.ref or dataset.title} if edit.kind == EditKind.ADD else edit.ref
            )
            about = {"ref": edit.ref, "title": title, "revision": edit.base_revision, "shape": shape}
            yield about | {"is_draft": True, "is_elsewhere": False}


def _told(dataset: Dataset, row: Found) -> Found:
    return {"ref": row["ref"], "title": dataset.title_of(row), "shape": shapely.from_wkb(bytes(row["drawn"]))}


def _elsewhere(dataset: Dataset, refs: Sequence[str], person: User) -> set[str]:
    """Those that an open change set of somebody else touches."""
    others = ChangeSet.objects.filter(dataset=dataset.name, state__in=edits.OPEN).exclude(author=person)
    numbers = list(others.values_list("pk", flat=True))
    if not numbers or not refs:
        return set()
    typed = Edit.objects.filter(change_set__in=numbers, ref__in=refs, refused_by=None)
    staged = dataset.proposed._default_manager.filter(change_set__in=numbers, ref__in=refs).exclude(action="unchanged")
    return {*typed.values_list("ref", flat=True), *staged.values_list("ref", flat=True)}


def _others(dataset: Dataset, where: Box) -> Iterator[Found]:
    """Features of the other datasets that have a place and that the public knows of, the nearest of each."""
    left = MOST_OTHERS
    for other in registry.all_datasets():
        if other.name == dataset.name or not other.geometry or other.is_internal or not left:
            continue
        rows = list(_nearest(other, where)[:left])
        left -= len(rows)
        yield from ({"dataset": other.name} | _told(other, row) for row in rows)


def _drawn(where: Box, found: list[Found]) -> list[Found]:
    """With shapes as GeoJSON in the system of the box."""
    shapes = np.array([one["shape"] for one in found], dtype=object)
    written = shapely.to_geojson(rounded(geometry.from_wgs84(shapes, where.srid), where.srid))
    return [one | {"shape": json.loads(text)} for one, text in zip(found, written, strict=True)]


def rounded(shapes: Any, srid: int) -> Any:
    """Shapes in the plane of a system as programs get them: to a tenth of a millimetre."""
    decimals = DEGREE_DECIMALS if geometry.crs(srid).in_degrees else DECIMALS
    return shapely.transform(shapes, lambda xy: xy.round(decimals))
