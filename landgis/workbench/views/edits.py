"""The form of one feature: typed, saved, read back, and put into the person's open change set."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from landgis.accounts.models import Role
from landgis.catalog import registry
from landgis.catalog.addresses import feature_address
from landgis.catalog.dataset import REF, Dataset
from landgis.changes.models import State
from landgis.lib.parameters import knows
from landgis.workbench import edit_forms, edits
from landgis.workbench.edits import Feature
from landgis.workbench.models import Edit, EditKind
from landgis.workbench.people import OfficerRequest, signed_in

LONGEST_REASON = 500


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OFFICER)
@knows(is_page=True)
def edit(request: OfficerRequest, name: str, ref: str) -> HttpResponse:
    """GET, POST /officer/edit/<dataset>/<ref>/: the form of a feature that is in force or that the person edits."""
    found = edits.feature(_dataset(name), ref, request.user)
    if not REF.fullmatch(ref) or (found.row is None and found.edit is None):
        raise Http404
    return _answer(request, found)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OFFICER)
@knows("draft", is_page=True)
def new(request: OfficerRequest, name: str) -> HttpResponse:
    """GET, POST /officer/edit/<dataset>/new/: the form of a feature that is not there yet; `draft` is one begun before."""
    dataset, number = _dataset(name), request.GET.get("draft", "")
    begun = edits.of_person(request.user, dataset).filter(kind=EditKind.ADD)
    own = get_object_or_404(begun, pk=int(number)) if number.isascii() and number.isdecimal() else None
    return _answer(request, Feature(dataset, own.ref if own else "", None, own))


def _dataset(name: str) -> Dataset:
    known = {one.name: one for one in registry.all_datasets()}
    if name not in known:
        raise Http404
    return known[name]


def _answer(request: OfficerRequest, found: Feature) -> HttpResponse:
    if request.method != "POST":
        return _page(request, found)
    if request.POST.get("step") == "count":
        return _counted(request, found)
    own = _saved(request, found)
    found = Feature(found.dataset, own.ref, found.row, own)
    if request.POST.get("step") == "save":
        messages.info(request, _("Saved. It does not count yet."))
        return HttpResponseRedirect(edit_forms.address(found))
    return _page(request, found, is_asked=True)


def _saved(request: OfficerRequest, found: Feature) -> Edit:
    said = request.POST
    base = said.get("base", "")
    seen = int(base) if base.isascii() and base.isdecimal() else None
    if found.edit is None and seen != found.revision:
        found = _as_seen(found, seen)
    kind = EditKind.ADD if found.row is None and seen is None else EditKind.CHANGE
    facts = edit_forms.facts_of(found, said)
    ref = found.ref or edits.ref_of(found.dataset, facts)
    return edits.save(found, by=request.user, kind=kind, base=seen, facts=facts, ref=ref)


def _as_seen(found: Feature, seen: int | None) -> Feature:
    """The feature in the state in which the form was shown, where another has come into force since."""
    row = edits.row_of(found.dataset, found.ref, seen)
    return found if row is None else Feature(found.dataset, found.ref, row, None)


def _counted(request: OfficerRequest, found: Feature) -> HttpResponse:
    """The person has seen how it is read: it goes into the open change set."""
    saves = request.POST.get("saves", "")
    if found.edit is None:
        raise Http404
    try:
        edits.make_ready(found.edit, int(saves) if saves.isascii() and saves.isdecimal() else 0)
    except edits.NotAsSeen:
        messages.error(request, _("It was changed again after you looked: look once more."))
        return HttpResponseRedirect(edit_forms.address(found))
    return HttpResponseRedirect(reverse("workbench:change-set", args=[found.edit.change_set_id]))


def _page(request: OfficerRequest, found: Feature, *, is_asked: bool = False) -> HttpResponse:
    own = found.edit
    facts = own.facts if own else {}
    controls = edit_forms.fields(found, facts, {})
    is_wrong = any(one["errors"] for one in controls)
    tried = edits.tried(own, by=request.user) if own and facts and not is_wrong and not found.has_moved else []
    if tried:
        told = edit_forms.by_field(found.dataset, tried)
        controls = edit_forms.fields(found, facts, told)
    stops = [one for one in tried if one.severity == "stop"]
    context: dict[str, Any] = {
        "found": found,
        "dataset": found.dataset,
        "edit": own,
        "base": own.base_revision if own else found.revision,
        "controls": controls,
        "told": edit_forms.by_field(found.dataset, tried).get("", []),
        "changed": edit_forms.changed(found, facts) if own and not is_wrong else [],
        "can_count": bool(own and facts and not is_wrong and not stops and not found.has_moved),
        "is_wrong": is_wrong or bool(stops),
        "elsewhere": edits.elsewhere(found),
        "public_url": feature_address(found.dataset.name, found.ref) if found.row is not None else None,
        "title": edit_forms.title(found),
    }
    return render(request, "workbench/edit.html", context, status=400 if is_asked and context["is_wrong"] else 200)


@require_POST
@signed_in(Role.OFFICER)
@knows(is_page=True)
def mend(request: OfficerRequest, number: int, edit: int) -> HttpResponse:
    """POST /officer/changes/<id>/edits/<edit>/mend/: what was rejected, to be edited again by its author."""
    own = _own(request, number, edit)
    if own.refused_by is None and own.change_set.state not in (State.REJECTED, State.WITHDRAWN):
        raise Http404
    again = edits.mend(own, by=request.user)
    found = edits.feature(edits.dataset_of(again), again.ref, request.user)
    return HttpResponseRedirect(edit_forms.address(Feature(found.dataset, found.ref, found.row, again)))


def _own(request: OfficerRequest, number: int, edit: int) -> Edit:
    of_sets = Edit.objects.select_related("change_set", "refused_by")
    return get_object_or_404(of_sets, pk=edit, change_set=number, change_set__author=request.user)


@require_POST
@signed_in(Role.OFFICER)
@knows(is_page=True)
def take_out(request: OfficerRequest, number: int, edit: int) -> HttpResponse:
    """POST /officer/changes/<id>/edits/<edit>/out/: drop one edit of an own open change set."""
    own = _own(request, number, edit)
    if own.change_set.state not in edits.MENDABLE:
        raise Http404
    edits.take_out(own, by=request.user)
    if own.change_set.state == State.WITHDRAWN:
        return HttpResponseRedirect(reverse("workbench:list"))
    return HttpResponseRedirect(reverse("workbench:change-set", args=[number]))
