"""Splitting, merging and renumbering features by numbers: said, computed by the server, looked at, and put into the open change set."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from landgis.accounts.models import Role
from landgis.changes.actions import StateError
from landgis.changes.territories import Outside
from landgis.lib.parameters import knows
from landgis.workbench import edit_forms, edits, passage_pages, passing, receipts, refusals
from landgis.workbench.edits import Feature
from landgis.workbench.passage_pages import Asked
from landgis.workbench.people import OfficerRequest, signed_in
from landgis.workbench.views.asked import dataset_of_name, into_of

COUNT, PREVIEW = "count", "read"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OFFICER)
@knows("in", is_page=True)
@receipts.once
def split(request: OfficerRequest, name: str, ref: str) -> HttpResponse:
    """GET, POST /officer/split/<dataset>/<ref>/: divide a feature by a line, a distance or a wished area."""
    return _answer(request, name, ref, passage_pages.split)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OFFICER)
@knows("in", is_page=True)
@receipts.once
def merge(request: OfficerRequest, name: str, ref: str) -> HttpResponse:
    """GET, POST /officer/merge/<dataset>/<ref>/: make one of a feature and its neighbours."""
    return _answer(request, name, ref, passage_pages.merge)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OFFICER)
@knows("in", is_page=True)
@receipts.once
def renumber(request: OfficerRequest, name: str, ref: str) -> HttpResponse:
    """GET, POST /officer/renumber/<dataset>/<ref>/: give a feature another number; its old address leads to the new one."""
    return _answer(request, name, ref, passage_pages.renumber)


def _answer(request: OfficerRequest, name: str, ref: str, ask: Callable[..., Asked]) -> HttpResponse:
    dataset = dataset_of_name(name)
    found = edits.feature(dataset, ref, request.user, into_of(request, dataset))
    if not dataset.geometry_kind.covers or not edits.was(dataset, ref):
        raise Http404
    if found.row is None:
        messages.error(
            request, _("It has been retired meanwhile: only what is in force is split, merged or renumbered.")
        )
        return HttpResponseRedirect(reverse("workbench:history", args=[name, ref]))
    step = request.POST.get("step", PREVIEW)
    if step not in (COUNT, PREVIEW):
        raise BadRequest("step")
    asked = ask(request.user, found, request.POST if request.method == "POST" else None)
    is_meant = request.method == "POST" and step == COUNT and not asked.is_stopped
    if is_meant and (answer := _put_in(request, found, asked)):
        return answer
    status = 400 if request.method == "POST" and asked.is_stopped else 200
    return render(request, asked.template, asked.context | _beside(request, found), status=status)


def _put_in(request: OfficerRequest, found: Feature, asked: Asked) -> HttpResponse | None:
    """To the change set; None where it was not taken, and the page says why."""
    if asked.proposal is None:
        return None
    try:
        change_set = passing.put_in(found, asked.proposal, by=request.user)
    except edits.AlreadyEdited as already:
        text = _("You have an open edit of %(ref)s: finish it, or take it out.")
        messages.error(request, text % {"ref": already.edit.ref})
        return None
    except (Outside, StateError):
        messages.error(
            request, _("It has been handed in or decided on meanwhile: on its page it is taken back, to go on with it.")
        )
        return None
    messages.info(request, _("It is in your open change set: hand it in there."))
    return receipts.kept_at(request, "change-set", change_set.pk)


def _beside(request: OfficerRequest, found: Feature) -> dict[str, Any]:
    """What the page says whatever is asked."""
    return {
        "found": found,
        "dataset": found.dataset,
        "title": edit_forms.title(found),
        "elsewhere": edits.elsewhere(found),
        "own_edit": found.edit,
        "outside": refusals.of_feature(request.user, found.dataset, found.ref, None),
        "base": found.revision,
    }
