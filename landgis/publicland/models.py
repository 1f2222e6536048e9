"""The inventory of public land: plots that the State has given nobody a right to use."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from landgis.catalog.models import InForce, WithBoundary, boundary_index, required
from landgis.changes.models import Proposed


class CurrentUse(models.TextChoices):
    VACANT = "vacant", _("Vacant, not in use")
    SELF_USED = "self-used", _("Used by the managing unit")
    SHORT_LEASE = "short-lease", _("Short lease")
    LENT = "lent", _("Lent")


class ManagerKind(models.TextChoices):
    LAND_FUND = "land-fund", _("Land Fund Development Centre")
    COMMUNE = "commune", _("Commune People's Committee")
    DISTRICT = "district", _("District People's Committee and its offices")
    AGENCY = "agency", _("Department or public service unit")
    ENTERPRISE = "enterprise", _("State-owned enterprise")


class Origin(models.TextChoices):
    RECOVERED = "recovered", _("Recovered by the State")
    FORMER_AGENCY = "former-agency", _("Former premises of an agency")
    HANDED_OVER = "handed-over", _("Handed over by a project")
    ACCRETION = "accretion", _("River or coastal accretion")
    UNUSED = "unused", _("Unused land")
    PUBLIC_BENEFIT = "public-benefit", _("Commune public-benefit land")


class CertificateState(models.TextChoices):
    ISSUED = "issued", _("Certificate issued")
    IN_PROGRESS = "in-progress", _("Dossier in progress")
    NOT_ISSUED = "not-issued", pgettext_lazy("certificate", "Not issued")


class Handling(models.TextChoices):
    KEEP = "keep", _("Keep in use")
    RECOVER = "recover", _("Recover")
    TRANSFER = "transfer", _("Transfer to another unit")
    HAND_OVER = "hand-over", _("Hand over to the locality")
    AUCTION = "auction", _("Auction of the land-use right")
    ADJOINING = "adjoining", _("Narrow plot: to adjoining users")
    UNDECIDED = "undecided", _("Not decided yet")


class InventoryFinding(models.TextChoices):
    AS_RECORDED = "as-recorded", _("As recorded")
    ENCROACHED = "encroached", _("Signs of encroachment")
    DISPUTED = "disputed", _("Disputed")
    MISUSED = "misused", _("Used for another purpose")
    MARKS_LOST = "marks-lost", _("Boundary marks lost")


class PlotFields(WithBoundary):
    plot_code = models.CharField(_("plot code"), max_length=40, null=True)
    name = models.CharField(_("name"), max_length=200, null=True)
    district_name = models.CharField(_("district (former)"), max_length=80, null=True)
    commune_code = models.CharField(_("commune code in the documents"), max_length=10, null=True)
    commune_name = models.CharField(_("commune in the documents"), max_length=80, null=True)
    address = models.CharField(_("address"), max_length=250, null=True)
    map_sheet = models.CharField(_("map sheet"), max_length=20, null=True)
    parcel_nos = models.CharField(_("parcel numbers"), max_length=60, null=True)
    land_use = models.CharField(_("land use"), max_length=10, null=True)
    current_use = models.CharField(_("current use"), max_length=20, null=True)
    area_legal_m2 = models.DecimalField(
        _("legal area"),
        max_digits=14,
        decimal_places=1,
        null=True,
    )
    manager_kind = models.CharField(_("kind of manager"), max_length=20, null=True)
    manager = models.CharField(_("managed by"), max_length=200, null=True)
    origin = models.CharField(_("origin"), max_length=20, null=True)
    decision_no = models.CharField(_("decision number"), max_length=60, null=True)
    decision_on = models.DateField(_("decision date"), null=True)
    decision_issuer = models.CharField(_("issued by"), max_length=120, null=True)
    certificate_state = models.CharField(_("certificate"), max_length=20, null=True)
    planned_handling = models.CharField(_("planned handling"), max_length=20, null=True)
    planned_use = models.CharField(_("planned land use"), max_length=10, null=True)
    lease_ends_on = models.DateField(_("lease ends on"), null=True)
    inspected_on = models.DateField(_("last inspected on"), null=True)
    finding = models.CharField(_("finding"), max_length=20, null=True)
    note = models.TextField(_("internal note"), null=True)
    is_public = models.BooleanField(_("public"), null=True, default=True)

    class Meta:
        abstract = True


class Plot(PlotFields, InForce):
    class Meta(InForce.Meta):
        abstract = False
        verbose_name = _("public-land plot")
        verbose_name_plural = _("public-land plots")
        constraints = [
            *InForce.Meta.constraints,
            required(
                "plot_required", "plot_code", "name", "area_legal_m2", "boundary", "area_m2", "legal_srid", "is_public"
            ),
            models.CheckConstraint(condition=models.Q(area_legal_m2__gt=0), name="plot_legal_area_positive"),
        ]
        indexes = [
            *InForce.Meta.indexes,
            boundary_index("plot_boundary"),
            models.Index(fields=["commune_code", "ref"], name="plot_commune", condition=models.Q(until_revision=None)),
            models.Index(
                fields=["map_sheet", "parcel_nos"], name="plot_number", condition=models.Q(until_revision=None)
            ),
            models.Index(
                fields=["land_use", "commune_name", "is_public"],
                name="plot_use_in_commune",
                condition=models.Q(until_revision=None),
            ),
        ]


class PlotItem(PlotFields, Proposed):
    class Meta(Proposed.Meta):
        abstract = False
