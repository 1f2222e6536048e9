"""The administrator's pages of territories, /officer/people/territories/."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from landgis.lib.parameters import knows
from landgis.operations.people import territory_form
from landgis.operations.people.territory_form import TerritoryForm
from landgis.operations.people.views import NOT_OVER, administrators
from landgis.places import holdings, queries
from landgis.places.models import Holding, Territory
from landgis.workbench.people import OfficerRequest


def _lasting() -> QuerySet[Territory]:
    held = Holding.objects.filter(NOT_OVER).select_related("person").order_by("person__username", "role")
    return Territory.objects.filter(Territory.now()).prefetch_related(Prefetch("holdings", held, "held"))


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
@knows(is_page=True)
def listed(request: OfficerRequest) -> HttpResponse:
    """GET /officer/people/territories/: those that last, with who holds roles in them. POST makes one, or finds units for it."""
    units = queries.all_units()
    form = _posted(request, units, None)
    if form is not None and form.is_valid():
        made = holdings.make_new(form.cleaned_data["name"], form.cleaned_data["units"], by=request.user)
        messages.success(request, _("Made. Roles in it are given on the pages of people."))
        return HttpResponseRedirect(reverse("people:territory", args=[made.pk]))
    territories = sorted(_lasting(), key=lambda one: (bool(one.units), one.name))
    lines = [
        {"one": one, "units": [words for _ref, words in territory_form.in_words(units, one.units)]}
        for one in territories
    ]
    context = _context(request, units, form, None) | {"lines": lines}
    return render(request, "operations/territories.html", context, status=400 if form is not None else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
@knows(is_page=True)
def one(request: OfficerRequest, number: int) -> HttpResponse:
    """GET /officer/people/territories/<id>/: its name and units, to be changed by POST, and to be ended while nobody holds it."""
    territory = get_object_or_404(_lasting().exclude(ref=Territory.WHOLE), pk=number)
    if request.POST.get("step") == "end":
        return _end(request, territory)
    units = queries.all_units()
    form = _posted(request, units, territory)
    if form is not None and form.is_valid():
        holdings.change(territory, form.cleaned_data["name"], form.cleaned_data["units"], by=request.user)
        messages.success(request, _("Changed."))
        return HttpResponseRedirect(reverse("people:territory", args=[number]))
    context = _context(request, units, form, territory)
    return render(request, "operations/territory.html", context, status=400 if form is not None else 200)


def _posted(request: OfficerRequest, units: territory_form.Units, territory: Territory | None) -> TerritoryForm | None:
    """What is to be kept; None while units are only being looked for."""
    step = request.POST.get("step")
    if request.method != "POST" or step == "find":
        return None
    if step != "keep":
        raise Http404
    return TerritoryForm(units, territory, request.POST)


def _context(
    request: OfficerRequest, units: territory_form.Units, form: TerritoryForm | None, territory: Territory | None
) -> dict[str, Any]:
    """What stands in the form: as it was posted, else as the territory is."""
    is_posted = request.method == "POST"
    chosen = request.POST.getlist("units") if is_posted else territory.units if territory else []
    known = [ref for ref in chosen if ref in units or (territory and ref in territory.units)]
    return {
        "territory": territory,
        "form": form,
        "name": request.POST.get("name", "") if is_posted else territory.name if territory else "",
        "offer": territory_form.offer(units, known, request.POST.get("find", "")),
    }


def _end(request: OfficerRequest, territory: Territory) -> HttpResponse:
    try:
        holdings.close(territory, by=request.user)
    except holdings.StillUsed as used:
        messages.error(request, _why_not(used))
        return HttpResponseRedirect(reverse("people:territory", args=[territory.pk]))
    messages.success(request, _("The territory “%(name)s” has ended.") % {"name": territory.name})
    return HttpResponseRedirect(reverse("people:territories"))


def _why_not(used: holdings.StillUsed) -> str:
    if used.people:
        text = _("It cannot end while somebody holds it: %(people)s. End their roles first.")
        return text % {"people": ", ".join(used.people)}
    numbers = ", ".join(f"#{number}" for number in used.change_sets)
    return _("It cannot end while open change sets were handed over to it: %(numbers)s.") % {"numbers": numbers}
