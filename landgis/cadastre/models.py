"""Parcels and what belongs to them: the masks that withhold some, and the table of land prices."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from landgis.catalog.models import InForce, WithBoundary, boundary_index, required
from landgis.changes.models import Proposed


class UseOrigin(models.TextChoices):
    """How the land user came by the right."""

    ALLOCATED_FREE = "allocated-free", _("Allocated by the State without levy")
    ALLOCATED_PAID = "allocated-paid", _("Allocated by the State with levy")
    LEASED_ONCE = "leased-once", _("Leased by the State, rent paid once")
    LEASED_YEARLY = "leased-yearly", _("Leased by the State, rent paid yearly")
    RECOGNISED = "recognised", _("Right recognised by the State")
    TRANSFERRED = "transferred", _("Right received from another land user")


class LandUserKind(models.TextChoices):
    INDIVIDUAL = "individual", _("Individual or household")
    ORGANISATION = "organisation", _("Organisation")
    STATE = "state", _("State body")
    COMMUNITY = "community", _("Community or religious establishment")


class ParcelFields(WithBoundary):
    """A commune stands twice: as the map sheet names it, and as it is called today."""

    parcel_code = models.CharField(
        _("parcel code"),
        max_length=60,
        null=True,
    )
    commune_code = models.CharField(_("code of the commune of today"), max_length=10, null=True)
    commune_name = models.CharField(_("commune of today"), max_length=80, null=True)
    old_commune_code = models.CharField(_("commune code of the sheet"), max_length=10, null=True)
    old_commune_name = models.CharField(
        _("commune of the sheet"),
        max_length=80,
        null=True,
    )
    map_sheet = models.CharField(_("map sheet"), max_length=20, null=True)
    parcel_no = models.CharField(_("parcel number"), max_length=20, null=True)
    twin = models.CharField(
        _("letter of a double number"),
        max_length=4,
        null=True,
    )
    land_use = models.CharField(_("main land use"), max_length=10, null=True)
    land_uses = models.JSONField(_("land uses"), null=True)
    area_legal_m2 = models.DecimalField(
        _("legal area"),
        max_digits=14,
        decimal_places=1,
        null=True,
    )
    address = models.CharField(_("address"), max_length=250, null=True)
    map_scale = models.IntegerField(
        _("scale of the map"),
        null=True,
    )
    surveyed_on = models.DateField(_("surveyed on"), null=True)
    land_user_kind = models.CharField(_("kind of land user"), max_length=20, null=True)
    land_user = models.CharField(_("land user"), max_length=200, null=True)
    land_user_id_no = models.CharField(_("identity number of the land user"), max_length=20, null=True)
    certificate_no = models.CharField(_("certificate number"), max_length=40, null=True)
    is_public = models.BooleanField(_("public"), null=True, default=True)

    class Meta:
        abstract = True


class Parcel(ParcelFields, InForce):
    class Meta(InForce.Meta):
        abstract = False
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        constraints = [
            *InForce.Meta.constraints,
            required("parcel_required", "boundary", "area_m2", "legal_srid", "is_public"),
            models.CheckConstraint(
                condition=Q(area_legal_m2=None) | Q(area_legal_m2__gt=0), name="parcel_legal_area_positive"
            ),
            models.UniqueConstraint(
                fields=["parcel_code"],
                condition=Q(until_revision=None, parcel_code__isnull=False),
                name="parcel_one_code_in_force",
            ),
        ]
        indexes = [
            *InForce.Meta.indexes,
            boundary_index("parcel_boundary"),
            models.Index(fields=["map_sheet", "parcel_no"], name="parcel_number", condition=Q(until_revision=None)),
            models.Index(fields=["commune_name", "ref"], name="parcel_commune", condition=Q(until_revision=None)),
        ]


class ParcelItem(ParcelFields, Proposed):
    class Meta(Proposed.Meta):
        abstract = False


class MaskFields(WithBoundary):
    """An area drawn to the block, so that what is in it cannot be told from what is round it."""

    mask_code = models.CharField(_("mask code"), max_length=40, null=True)
    name = models.CharField(_("name"), max_length=200, null=True)
    note = models.TextField(_("internal note"), null=True)

    class Meta:
        abstract = True


class Mask(MaskFields, InForce):
    class Meta(InForce.Meta):
        abstract = False
        verbose_name = _("parcel mask")
        verbose_name_plural = _("parcel masks")
        constraints = [*InForce.Meta.constraints, required("mask_required", "mask_code", "boundary")]
        indexes = [*InForce.Meta.indexes, boundary_index("mask_boundary")]


class MaskItem(MaskFields, Proposed):
    class Meta(Proposed.Meta):
        abstract = False


class LandPriceFields(models.Model):
    """A line of the table by which the State reckons the price of land."""

    price_code = models.CharField(_("line of the table"), max_length=40, null=True)
    commune_name = models.CharField(_("commune in the documents"), max_length=80, null=True)
    street = models.CharField(_("street or area"), max_length=200, null=True)
    segment = models.CharField(_("section of the street"), max_length=250, null=True)
    position = models.IntegerField(
        pgettext_lazy("land price", "position"),
        null=True,
    )
    land_use = models.CharField(_("land use"), max_length=10, null=True)
    price_vnd_m2 = models.BigIntegerField(_("price per m²"), null=True)
    valid_from = models.DateField(_("in effect from"), null=True)
    decision_no = models.CharField(_("decision number"), max_length=60, null=True)
    decision_on = models.DateField(_("decision date"), null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.price_code}"


class LandPrice(LandPriceFields, InForce):
    class Meta(InForce.Meta):
        abstract = False
        verbose_name = _("land price")
        verbose_name_plural = _("land prices")
        constraints = [
            *InForce.Meta.constraints,
            required("landprice_required", "price_code", "commune_name", "land_use", "price_vnd_m2"),
            models.CheckConstraint(condition=Q(price_vnd_m2__gt=0), name="landprice_positive"),
        ]
        indexes = [
            *InForce.Meta.indexes,
            models.Index(fields=["commune_name", "ref"], name="landprice_commune", condition=Q(until_revision=None)),
        ]


class LandPriceItem(LandPriceFields, Proposed):
    class Meta(Proposed.Meta):
        abstract = False
