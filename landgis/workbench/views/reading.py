"""The one page on which people of the office read what the public does not see of a feature."""

from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from landgis.accounts.models import User
from landgis.catalog import registry
from landgis.catalog.addresses import feature_address
from landgis.catalog.dataset import REF
from landgis.lib.parameters import knows
from landgis.workbench import choices, people, reading
from landgis.workbench.people import READ, OfficerRequest, signed_in


@require_safe
@signed_in(*READ)
@knows("dataset", "ref", is_page=True)
def find(request: OfficerRequest) -> HttpResponse:
    """GET /officer/read/?dataset=&ref=: to the page of that feature."""
    dataset, ref = request.GET.get("dataset", ""), request.GET.get("ref", "").strip()
    if not REF.fullmatch(ref) or dataset not in {one.name for one in registry.all_datasets()}:
        raise BadRequest("ref")
    return HttpResponseRedirect(reverse("workbench:feature", args=[dataset, ref]))


@sensitive_post_parameters("reason", "case")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*READ)
@knows(is_page=True)
def feature(request: OfficerRequest, name: str, ref: str) -> HttpResponse:
    """GET /officer/<dataset>/<ref>/ asks for the reason; POST notes it and shows what there is."""
    known = {one.name: one for one in registry.all_datasets()}
    found = reading.feature(known[name], ref) if name in known else None
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "found": found,
        "labels": [found.dataset.label(column) for column in found.columns()],
        "public_url": feature_address(name, ref) if found.row else None,
        "edit_url": edit_address(request.user, found),
        "most": settings.READINGS_A_DAY,
        "shortest": reading.SHORTEST,
        "longest": reading.LONGEST,
        "is_own": reading.is_own(found, request.user),
    }
    status = 200
    if request.method == "POST":
        context |= {name: choices.written(request.POST.get(name, "")) for name in ("reason", "case")}
        try:
            context["sights"] = reading.read(found, context["reason"], by=request.user, case=context["case"])
            context["reports"] = reading.reports(found)
        except reading.ReasonMissing:
            context["error"], status = "reason", 400
        except reading.CaseMissing:
            context["error"], status = "case", 400
        except reading.TooMany:
            context["error"], status = "most", 429
    context["today"] = reading.read_today(request.user)
    return render(request, "workbench/feature.html", context, status=status)


def edit_address(user: User, found: reading.OfficersView) -> str:
    """Where the feature is edited; empty for whom it may not be."""
    return (
        reverse("workbench:edit", args=[found.dataset.name, found.ref]) if people.may_edit(user) and found.row else ""
    )
