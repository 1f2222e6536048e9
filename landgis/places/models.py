"""Administrative units in time: each row is one unit for as long as it kept its name, kind and extent.

And the territories that are made of them, with who holds which.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from landgis.accounts.models import Role
from landgis.catalog.models import InForce, WithBoundary, boundary_index, required
from landgis.changes.models import Proposed


class UnitKind(models.TextChoices):
    WARD = "ward", _("Ward")
    COMMUNE = "commune", pgettext_lazy("kind of unit", "Commune")
    TOWNSHIP = "township", _("Township")
    DISTRICT = "district", _("District")
    SPECIAL_ZONE = "special-zone", _("Special zone")


class Succession(models.TextChoices):
    """How a unit went over into the one that followed it."""

    UNCHANGED = "unchanged", _("Unchanged")
    RENAMED = "renamed", _("Renamed or of another kind")
    MERGED = "merged", _("Merged")


class UnitFields(WithBoundary):
    """A code is used again for other units, so a unit is named by `unit_ref`, and a code needs a date.

    `valid_from` is empty where the first day is not known; `valid_to` is the last day, empty while the unit
    lasts. `successors` and `predecessors` hold refs separated by blanks.
    """

    unit_ref = models.CharField(_("unit reference"), max_length=20, null=True)
    code = models.CharField(
        _("unit code"),
        max_length=10,
        null=True,
    )
    name = models.CharField(_("name"), max_length=80, null=True)
    kind = models.CharField(_("kind of unit"), max_length=20, null=True)
    district_code = models.CharField(_("district code"), max_length=10, null=True)
    district_name = models.CharField(_("district (former)"), max_length=80, null=True)
    province_code = models.CharField(_("province code"), max_length=10, null=True)
    province_name = models.CharField(_("province or city"), max_length=80, null=True)
    valid_from = models.DateField(_("in effect from"), null=True)
    valid_to = models.DateField(_("in effect to"), null=True)
    is_current = models.BooleanField(_("in effect today"), null=True)
    legal_doc = models.CharField(_("legal document"), max_length=200, null=True)
    successors = models.CharField(_("followed by"), max_length=200, null=True)
    succession_kind = models.CharField(_("kind of succession"), max_length=20, null=True)
    predecessors = models.CharField(_("formed from"), max_length=400, null=True)
    origin_note = models.CharField(_("where this is known from"), max_length=250, null=True)

    class Meta:
        abstract = True


class Unit(UnitFields, InForce):
    class Meta(InForce.Meta):
        abstract = False
        verbose_name = _("administrative unit")
        verbose_name_plural = _("administrative units")
        constraints = [
            *InForce.Meta.constraints,
            required(
                "unit_required", "unit_ref", "code", "name", "kind", "is_current", "boundary", "area_m2", "legal_srid"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None)
                | models.Q(valid_from=None)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="unit_valid_in_order",
            ),
        ]
        indexes = [
            *InForce.Meta.indexes,
            boundary_index("unit_boundary"),
            models.Index(fields=["code"], name="unit_code", condition=models.Q(until_revision=None)),
        ]


class UnitItem(UnitFields, Proposed):
    class Meta(Proposed.Meta):
        abstract = False


class Lasting(models.Model):
    """What holds from a moment until before another, by the clock of the database; without an end where that is empty."""

    since = models.DateTimeField(_("from"), db_default=Now())
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="%(class)s_until_after_since"
            )
        ]

    @staticmethod
    def now(beside: str = "") -> Q:
        """What holds at this moment; `beside` leads there from another model."""
        return Q(**{f"{beside}since__lte": Now()}) & (
            Q(**{f"{beside}until": None}) | Q(**{f"{beside}until__gt": Now()})
        )


class Territory(Lasting):
    """A named set of units of administration, by their refs; they may be of any time. Without units: the whole office."""

    WHOLE = "office"  # the ref of the one without units

    ref = models.SlugField(_("reference"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    units = ArrayField(models.CharField(max_length=64), verbose_name=_("units of administration"), default=list)

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        ordering = ["name"]
        constraints = [
            *Lasting.Meta.constraints,
            # So that a territory that loses its units does not become the whole office.
            models.CheckConstraint(
                condition=Q(ref="office", units=[]) | (~Q(ref="office") & ~Q(units=[])), name="territory_whole_is_one"
            ),
        ]

    def __str__(self) -> str:
        return gettext("the whole office") if self.ref == self.WHOLE else self.name


class Holding(Lasting):
    """That a person has a role in a territory; as a stand-in only with an end, and while the other holds it too."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="holdings", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="holdings", verbose_name=_("territory"))
    stands_in_for = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="stand_ins", verbose_name=_("stands in for")
    )
    given_by = models.CharField(_("given by"), max_length=150)

    class Meta:
        verbose_name = _("holding of a territory")
        verbose_name_plural = _("holdings of territories")
        ordering = ["id"]
        constraints = [
            *Lasting.Meta.constraints,
            models.CheckConstraint(
                condition=Q(stands_in_for=None) | Q(until__isnull=False), name="holding_stand_in_ends"
            ),
        ]
        indexes = [models.Index(fields=["role", "territory"], name="holding_of_role")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.territory_id}"
