"""Edits that are taken out of a change set, and those that were rejected and are mended."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from landgis.accounts.models import Role
from landgis.changes import responsibility
from landgis.changes.actions import StateError
from landgis.changes.models import State
from landgis.changes.territories import Outside
from landgis.lib.parameters import knows
from landgis.workbench import edit_forms, edits, passing, receipts, refusals
from landgis.workbench.edits import Feature
from landgis.workbench.models import Edit
from landgis.workbench.people import OfficerRequest, signed_in


@require_POST
@signed_in(Role.OFFICER)
@knows(is_page=True)
@receipts.once
def mend(request: OfficerRequest, number: int, edit: int) -> HttpResponse:
    """POST /officer/changes/<id>/edits/<edit>/mend/: what was rejected, to be edited again by whoever wrote it."""
    own = _own(request, number, edit)
    if own.refused_by is None and own.change_set.state not in (State.REJECTED, State.WITHDRAWN):
        raise Http404
    if own.passage_id:
        return _whole_again(request, own)
    again = edits.mend(own, by=request.user)
    found = edits.feature(edits.dataset_of(again), again.ref, request.user)
    address = edit_forms.address(Feature(found.dataset, found.ref, found.row, again))
    receipts.keep(request, address)
    return HttpResponseRedirect(address)


def _whole_again(request: OfficerRequest, own: Edit) -> HttpResponse:
    """A split or merge, to the open change set that it goes into again."""
    try:
        again = passing.again(own, by=request.user)
    except edits.AlreadyEdited as already:
        text = _("You have an open edit of %(ref)s: finish it, or take it out.")
        messages.error(request, text % {"ref": already.edit.ref})
        again = already.edit
    return receipts.kept_at(request, "change-set", again.change_set_id)


def _own(request: OfficerRequest, number: int, edit: int) -> Edit:
    """An edit of a change set that the person made or works on."""
    of_sets = Edit.objects.select_related("change_set", "refused_by")
    found = get_object_or_404(of_sets, pk=edit, change_set=number)
    if found.change_set.author_id != request.user.pk and not responsibility.may_edit(found.change_set, request.user):
        raise Http404
    return found


@require_POST
@signed_in(Role.OFFICER)
@knows(is_page=True)
@receipts.once
def take_out(request: OfficerRequest, number: int, edit: int) -> HttpResponse:
    """POST /officer/changes/<id>/edits/<edit>/out/: drop one edit of an own open change set."""
    own = _own(request, number, edit)
    change_set = own.change_set
    if change_set.state not in edits.MENDABLE:
        raise Http404
    try:
        edits.take_out(own, by=request.user)
    except (StateError, edits.NotAsSeen):
        messages.error(request, _("The change set has been decided on meanwhile: this page shows how it stands now."))
        return HttpResponseRedirect(reverse("workbench:change-set", args=[number]))
    except Outside as outside:
        messages.error(request, refusals.in_words(outside))
        return HttpResponseRedirect(reverse("workbench:change-set", args=[number]))
    change_set.refresh_from_db()
    return receipts.kept_at(request, *(["list"] if change_set.state == State.WITHDRAWN else ["change-set", number]))
