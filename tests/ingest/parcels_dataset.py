"""A dataset of parcels that no app declares: tests load the files of other countries into it."""

from django.db import models

from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.models import InForce, WithBoundary
from landgis.changes.models import Proposed


class ParcelFields(WithBoundary):
    parcel_id = models.CharField("parcel", max_length=60, null=True)
    number = models.CharField("number", max_length=60, null=True)

    class Meta:
        abstract = True
        app_label = "catalog"


class ForeignParcel(ParcelFields, InForce):
    class Meta(InForce.Meta):
        abstract = False
        app_label = "catalog"
        db_table = "test_parcel"


class ForeignParcelItem(ParcelFields, Proposed):
    class Meta(Proposed.Meta):
        abstract = False
        app_label = "catalog"
        db_table = "test_parcel_item"


class TestParcels(Dataset):
    __test__ = False
    name = "test-parcels"
    path = "test-parcels"
    title = "Parcel"
    title_plural = "Parcels"
    counted = "parcels"
    description = "Parcels of the tests"
    in_force = ForeignParcel
    proposed = ForeignParcelItem
    identity = ("parcel_id",)
    title_field = "parcel_id"
    fields = (
        Field("parcel_id", required=True, in_list=True, filters=True, tile_from=14),
        Field("number", in_list=True, groups=True),
    )
