"""Zones of land-use plans."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from landgis.catalog.dataset.attributes import OnlyWhen
from landgis.catalog.models import InForce, WithBoundary, boundary_index, required
from landgis.changes.models import Proposed


class PlanState(models.TextChoices):
    IN_FORCE = "in-force", pgettext_lazy("plan", "In force")
    DRAFTING = "drafting", _("Being drawn up")
    SUBMITTED = "submitted", _("Awaiting approval")
    APPROVED = "approved", _("Approved, not in force yet")


DECIDED = OnlyWhen("plan_state", (PlanState.IN_FORCE, PlanState.APPROVED))
PENDING = (PlanState.DRAFTING.value, PlanState.SUBMITTED.value, PlanState.APPROVED.value)
COLOURS = {PlanState.IN_FORCE.value: "#bfb0ff"} | dict.fromkeys(PENDING, "#f4dafa")


class ZoneFields(WithBoundary):
    zone_code = models.CharField(_("zone code"), max_length=40, null=True)
    name = models.CharField(_("name"), max_length=200, null=True)
    plan_name = models.CharField(_("plan"), max_length=250, null=True)
    plan_state = models.CharField(_("standing of the plan"), max_length=12, null=True, default=PlanState.IN_FORCE)
    valid_from = models.DateField(_("in force from"), null=True)
    decision_no = models.CharField(_("decision number"), max_length=60, null=True)
    decision_on = models.DateField(_("decision date"), null=True)
    land_use = models.CharField(_("planned land use"), max_length=10, null=True)
    planned_use = models.CharField(_("purpose in the plan"), max_length=200, null=True)
    period = models.CharField(_("plan period"), max_length=20, null=True)
    area_legal_m2 = models.DecimalField(_("area in the plan"), max_digits=14, decimal_places=1, null=True)

    class Meta:
        abstract = True


class Zone(ZoneFields, InForce):
    class Meta(InForce.Meta):
        abstract = False
        verbose_name = _("planning zone")
        verbose_name_plural = _("planning zones")
        constraints = [
            *InForce.Meta.constraints,
            required("zone_required", "zone_code", "plan_name", "boundary", "area_m2", "legal_srid"),
        ]
        indexes = [*InForce.Meta.indexes, boundary_index("zone_boundary")]


class ZoneItem(ZoneFields, Proposed):
    class Meta(Proposed.Meta):
        abstract = False
