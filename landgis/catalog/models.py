"""The shape in which features are kept: immutable rows between two revisions."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Q
from django.db.models.functions import Collate
from django.utils.translation import gettext_lazy as _

from landgis.lib.order import NATURAL

SRID = 4326


class Revision(models.Model):
    """One applied change set, as readers may know it: the clock of everything published.

    The numbers have no gaps: they are drawn under the apply lock, inside the transaction.
    """

    number = models.BigIntegerField(_("revision"), primary_key=True)
    applied_at = models.DateTimeField(_("published at"))
    dataset = models.CharField(_("dataset"), max_length=64)
    source = models.CharField(_("source"), max_length=200, blank=True)
    source_as_of = models.DateField(_("source as of"), null=True, blank=True)
    is_made_up = models.BooleanField(_("made up"), default=False)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        indexes = [
            models.Index(fields=["dataset", "-number"], name="revision_dataset"),
            models.Index(fields=["applied_at"], name="revision_applied_at"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Withheld(models.Model):
    """A feature that is not published because it reaches into an area that withholds others; derived from both."""

    dataset = models.CharField(_("dataset"), max_length=64)
    ref = models.CharField(_("reference"), max_length=64)

    class Meta:
        verbose_name = _("withheld feature")
        verbose_name_plural = _("withheld features")
        constraints = [models.UniqueConstraint(fields=["dataset", "ref"], name="withheld_once")]

    def __str__(self) -> str:
        return f"{self.dataset} {self.ref}"


class LocationFields(models.Model):
    """In which unit of administration a row in force lies, as of the revision `since`; derived from it and the units.

    `unit` is the ref of that unit, empty where it is not known.
    """

    dataset = models.CharField(_("dataset"), max_length=64)
    ref = models.CharField(_("reference"), max_length=64)
    from_revision = models.BigIntegerField(_("from revision"))
    since = models.BigIntegerField(_("said since revision"))
    unit = models.CharField(_("unit reference"), max_length=64, null=True)
    commune_today = models.CharField(_("commune of today"), max_length=80, null=True)
    commune_today_code = models.CharField(_("code of the commune of today"), max_length=10, null=True)
    commune_today_by = models.CharField(_("how the commune of today is known"), max_length=20, null=True)
    commune_today_also = models.CharField(_("reaches into"), max_length=4000, null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.dataset} {self.ref}"


class Location(LocationFields):
    """What is said now; of rows that are no longer in force what was said last."""

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        constraints = [models.UniqueConstraint(fields=["dataset", "ref", "from_revision"], name="location_once")]
        indexes = [
            models.Index(fields=["dataset", "commune_today", "ref"], name="location_commune"),
            models.Index(fields=["dataset", "commune_today_code", "ref"], name="location_commune_code"),
        ]


class PastLocation(LocationFields):
    """What was said of the same row before, until the revision `until`."""

    until = models.BigIntegerField(_("said until revision"))

    class Meta:
        verbose_name = _("past location")
        verbose_name_plural = _("past locations")
        indexes = [models.Index(fields=["dataset", "ref", "from_revision"], name="past_location")]


class WithBoundary(models.Model):
    """The geometry of an areal feature.

    `boundary` is EPSG:4326, valid, 2D, exterior rings counter-clockwise. `area_m2` is computed in the
    legal CRS (`legal_srid`) when the feature comes in; what the document says is a field of the dataset.
    """

    boundary = models.MultiPolygonField(_("boundary"), srid=SRID, null=True, spatial_index=False)
    area_m2 = models.FloatField(_("computed area"), null=True)
    legal_srid = models.IntegerField(_("legal coordinate system"), null=True)

    class Meta:
        abstract = True


class WithLine(models.Model):
    """The geometry of a linear feature.

    `line` is EPSG:4326, 2D, and may cross itself. `length_m` is computed in the legal CRS (`legal_srid`) when the
    feature comes in.
    """

    line = models.MultiLineStringField(_("line"), srid=SRID, null=True, spatial_index=False)
    length_m = models.FloatField(_("computed length"), null=True)
    legal_srid = models.IntegerField(_("legal coordinate system"), null=True)

    class Meta:
        abstract = True


class WithPoint(models.Model):
    """The geometry of a feature that is a point: EPSG:4326, 2D. A height is a field of the dataset."""

    point = models.PointField(_("point"), srid=SRID, null=True, spatial_index=False)
    legal_srid = models.IntegerField(_("legal coordinate system"), null=True)

    class Meta:
        abstract = True


class InForce(models.Model):
    """A row that was or is in force: from `from_revision` until before `until_revision`.

    Rows are never changed but for `until_revision`, which is set once. So the past is the same table.
    """

    ref = models.CharField(_("reference"), max_length=64)
    from_revision = models.BigIntegerField(_("from revision"))
    until_revision = models.BigIntegerField(_("until revision"), null=True, blank=True)
    source_row = models.BigIntegerField(_("row of the source"), null=True, blank=True)
    checksum = models.BigIntegerField(_("checksum"), null=True, blank=True)  # of all but the end, by the apply

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["ref"], condition=Q(until_revision=None), name="%(class)s_one_in_force"),
            models.CheckConstraint(
                condition=Q(until_revision=None) | Q(until_revision__gt=models.F("from_revision")),
                name="%(class)s_until_after_from",
            ),
            models.CheckConstraint(condition=Q(ref__regex=r"^[A-Za-z0-9-]{1,64}$"), name="%(class)s_ref_form"),
        ]
        indexes = [
            models.Index(fields=["ref", "-from_revision"], name="%(class)s_history"),
            models.Index(Collate("ref", NATURAL), F("until_revision"), name="%(class)s_natural"),
            models.Index(fields=["from_revision"], name="%(class)s_from"),
            models.Index(fields=["until_revision"], name="%(class)s_until", condition=~Q(until_revision=None)),
        ]

    def __str__(self) -> str:
        return self.ref


class ChecksumForm(models.Model):
    """Of which columns of a dataset, and how, the checksums of its rows are made."""

    dataset = models.CharField(_("dataset"), max_length=64, primary_key=True)
    form = models.TextField(_("made of"))

    class Meta:
        verbose_name = _("form of checksums")
        verbose_name_plural = _("forms of checksums")

    def __str__(self) -> str:
        return self.dataset


class Instant(models.Model):
    """A moment at which the state of some public feature of a dataset changes by the clock (see `catalog.published.states`).

    When it has passed it gets a number, its `tick`, in the order in which followers read them (see `changes.ticks`).
    Those of no dataset are midnights.
    """

    dataset = models.CharField(_("dataset"), max_length=64, blank=True)
    at = models.DateTimeField(_("at"))
    tick = models.BigIntegerField(_("tick"), null=True, unique=True)

    class Meta:
        verbose_name = _("moment of change")
        verbose_name_plural = _("moments of change")
        constraints = [models.UniqueConstraint(fields=["dataset", "at"], name="instant_once")]

    def __str__(self) -> str:
        return f"{self.dataset} {self.at}"


def boundary_index(name: str) -> GistIndex:
    """The spatial index of an in-force table of areas, past rows included."""
    return GistIndex(fields=["boundary"], name=name)


def line_index(name: str) -> GistIndex:
    """The same of a table of lines."""
    return GistIndex(fields=["line"], name=name)


def point_index(name: str) -> GistIndex:
    """The same of a table of points."""
    return GistIndex(fields=["point"], name=name)


def required(name: str, *fields: str) -> models.CheckConstraint:
    """In force these may not be missing; while proposed they may (the check names the row)."""
    return models.CheckConstraint(condition=Q(**{f"{field}__isnull": False for field in fields}), name=name)
