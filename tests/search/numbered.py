"""A dataset of numbered parcels that no app declares: found by sheet and number, by code and by address only."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import shapely
from django.db import connection, models

from landgis.catalog import published, registry
from landgis.catalog.dataset import OFFICER, Dataset, Field, NumberFields, Search
from landgis.catalog.models import InForce, WithBoundary, boundary_index
from landgis.changes import actions as changes
from landgis.changes.models import Door, Proposed
from landgis.lib import geometry
from landgis.operations.ownership import as_owner

WEST, SOUTH, SIDE = 107.2, 10.48, 0.0002


class NumberedFields(WithBoundary):
    parcel_code = models.CharField("code", max_length=20, null=True)
    commune_name = models.CharField("commune", max_length=80, null=True)
    old_commune_code = models.CharField("old commune code", max_length=10, null=True)
    old_commune_name = models.CharField("old commune", max_length=80, null=True)
    map_sheet = models.CharField("map sheet", max_length=20, null=True)
    parcel_no = models.CharField("parcel number", max_length=20, null=True)
    land_use = models.CharField("use", max_length=10, null=True)
    address = models.CharField("address", max_length=200, null=True)
    is_public = models.BooleanField("public", null=True)

    class Meta:
        abstract = True
        app_label = "catalog"


class Numbered(NumberedFields, InForce):
    class Meta(InForce.Meta):
        abstract = False
        app_label = "catalog"
        db_table = "test_numbered"
        indexes = [
            *InForce.Meta.indexes,
            boundary_index("numbered_boundary"),
            models.Index(fields=["map_sheet", "parcel_no"], name="numbered_numbers"),
            models.Index(fields=["parcel_code"], name="numbered_code"),
        ]


class NumberedItem(NumberedFields, Proposed):
    class Meta(Proposed.Meta):
        abstract = False
        app_label = "catalog"
        db_table = "test_numbered_item"


class TestNumbered(Dataset):
    __test__ = False
    name = "test-numbered"
    path = "test-numbered"
    title = "Parcel"
    title_plural = "Parcels"
    counted = "parcels"
    description = "Parcels of the tests"
    in_force = Numbered
    proposed = NumberedItem
    identity = ("old_commune_code", "map_sheet", "parcel_no")
    title_field = "parcel_no"
    detail_fields = ("address", "commune_name")
    public_when = "is_public"
    numbers = NumberFields("map_sheet", "parcel_no", are_own=True)
    search = Search(
        keeps_words=False,
        counts_lists=False,
        codes=("parcel_code",),
        places=("commune_name", "old_commune_name"),
        address="address",
    )
    fields = (
        Field("parcel_code", in_list=True),
        Field("commune_name", filters=True),
        Field("old_commune_code", required=True),
        Field("old_commune_name", in_list=True),
        Field("map_sheet", required=True, filters=True),
        Field("parcel_no", required=True, tile_from=14),
        Field("land_use", codes="land-use", filters=True),
        Field("address"),
        Field("is_public", OFFICER, required=True),
    )


@contextmanager
def declared() -> Iterator[TestNumbered]:
    """The dataset with its two tables, the only one that is found by numbers, codes and addresses, in the database in use."""
    others = [one for one in registry.all_datasets() if one.numbers.fields]
    for other in others:
        other.numbers, other.search = NumberFields(), replace(other.search, codes=(), address="")
    dataset = TestNumbered()
    registry.register(dataset)
    with as_owner():
        with connection.schema_editor() as editor:
            editor.create_model(Numbered)
            editor.create_model(NumberedItem)
        published.rebuild()
    try:
        yield dataset
    finally:
        registry.unregister(dataset.name)
        for other in others:
            del other.numbers, other.search


def parcel(code: str, today: str, issued: str, sheet: str, number: str, at: int, **more: Any) -> dict[str, Any]:
    """A parcel of one square of a row of squares; `width` of them where it is wider."""
    west = WEST + at * SIDE
    box = (west, SOUTH, west + more.pop("width", 1) * SIDE, SOUTH + SIDE)
    return {
        "parcel_code": f"w3u{int(code) % 1000:03d}{int(sheet) % 100:02d}{number:0>4}",
        "commune_name": today,
        "old_commune_code": code,
        "old_commune_name": issued,
        "map_sheet": sheet,
        "parcel_no": number,
        "land_use": "ODT",
        "address": "",
        "is_public": True,
        "box": box,
        **more,
    }


def apply(dataset: Dataset, parcels: Iterable[dict[str, Any]]) -> int:
    """Make exactly these parcels the ones in force; returns the revision."""
    parcels = list(parcels)
    names = [field.name for field in dataset.fields]
    change_set = changes.draft(dataset, by=None, door=Door.COMMAND_LINE, is_complete=True)
    rows = [_record(dataset, row, one, names) for row, one in enumerate(parcels, 1)]
    changes.stage(change_set, [*names, "boundary", "area_m2", "legal_srid"], rows)
    changes.check(change_set)
    changes.submit(change_set, by=change_set.author)
    changes.approve(change_set, by=None)
    return changes.apply(change_set, by=None)


def _record(dataset: Dataset, row: int, one: dict[str, Any], names: list[str]) -> tuple[Any, ...]:
    drawn = shapely.MultiPolygon([shapely.box(*one["box"])])
    area = float(geometry.area_m2(drawn, 4326))
    written = shapely.to_wkb(shapely.set_srid(drawn, 4326), hex=True, include_srid=True)
    return (row, dataset.ref(one), None, *(one.get(name) for name in names), written, area, 4326)
