"""One feature: its form (typed, saved, read back, put into the person's open change set) and its time line."""

from copy import copy
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from landgis.accounts.models import Role
from landgis.changes import responsibility
from landgis.changes.actions import StateError
from landgis.changes.models import State
from landgis.changes.territories import Outside
from landgis.lib.parameters import knows
from landgis.workbench import (
    alongside,
    change_sets,
    choices,
    edit_files,
    edit_forms,
    edit_pages,
    edits,
    histories,
    passing,
    people,
    receipts,
    refusals,
    restoring,
    staging,
)
from landgis.workbench.edits import Feature
from landgis.workbench.models import Edit, EditKind
from landgis.workbench.people import OfficerRequest, signed_in
from landgis.workbench.views.asked import begun_of, dataset_of_name, into_of

LONGEST_REASON = 500


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OFFICER)
@knows("in", is_page=True)
@receipts.once
def edit(request: OfficerRequest, name: str, ref: str) -> HttpResponse:
    """GET, POST /officer/edit/<dataset>/<ref>/: the form of a feature that is in force or that the person edits.

    `in` is the change set that was handed over to the person's territory and gets what is written.
    """
    dataset = dataset_of_name(name)
    found = edits.feature(dataset, ref, request.user, into_of(request, dataset))
    is_known = found.row is not None or found.edit is not None
    if not is_known and not (request.method == "POST" and edits.was(found.dataset, ref)):
        raise Http404
    return _answer(request, found)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OFFICER)
@knows("draft", "in", is_page=True)
@receipts.once
def new(request: OfficerRequest, name: str) -> HttpResponse:
    """GET, POST /officer/edit/<dataset>/new/: the form of a feature that is not there yet; `draft` is one begun before."""
    return _answer(request, begun_of(request, dataset_of_name(name)))


def _answer(request: OfficerRequest, found: Feature) -> HttpResponse:
    if found.edit is not None and found.edit.passage_id:
        messages.info(
            request,
            _("It belongs to a split or merge, which is changed as a whole: take it out there, and begin again."),
        )
        return HttpResponseRedirect(reverse("workbench:change-set", args=[found.edit.change_set_id]))
    if request.method != "POST":
        return _page(request, found)
    step = request.POST.get("step", "read")
    if step not in (*STEPS, "count"):
        raise BadRequest("step")
    try:
        if step == "count":
            return _counted(request, found)
        own = STEPS[step](request, found)
    except (Outside, StateError):
        return _not_kept(request, found)
    except alongside.NotTogether as refused:
        messages.error(request, _("Nothing was kept. %(why)s") % {"why": refused})
        return _not_kept(request, found, status=400)
    except edits.NotAsSeen:
        messages.error(request, _("It was changed again after you looked: look once more."))
        return HttpResponseRedirect(edit_forms.address(found))
    found = Feature(found.dataset, own.ref, found.row, own, found.into)
    receipts.keep(request, edit_forms.address(found), own.saves)
    if step != "read":
        messages.info(request, _("Saved. It does not count yet."))
        return HttpResponseRedirect(edit_forms.address(found))
    return _page(request, found, is_asked=True)


def _saved(request: OfficerRequest, found: Feature) -> Edit:
    seen = _number(request, "base")
    if found.edit is None and seen != found.revision:
        found = _as_seen(found, seen)
    kind = EditKind.ADD if found.row is None and seen is None else EditKind.CHANGE
    facts = edit_forms.facts_of(found, edit_files.said_by(request, found.dataset))
    ref = found.ref or staging.ref_of(found.dataset, facts)
    reason = found.edit.reason if found.edit else ""
    made_up = "is_made_up" in request.POST if "asks_made_up" in request.POST and edit_forms.is_new(found) else None
    neighbours = alongside.said_in(found, request.POST, request.user)
    with transaction.atomic():
        own = edits.save(
            found, by=request.user, kind=kind, base=seen, facts=facts, ref=ref, reason=reason, is_made_up=made_up
        )
        alongside.save(own, neighbours, by=request.user)
    return own


def _retired(request: OfficerRequest, found: Feature) -> Edit:
    return edits.save(
        found,
        by=request.user,
        kind=EditKind.RETIRE,
        base=_number(request, "base"),
        facts=found.edit.facts if found.edit else {},
        reason=_reason(request),
    )


def _hidden_or_shown(request: OfficerRequest, found: Feature) -> Edit:
    """Withdraw it from the public, or show it again."""
    name = found.dataset.public_when
    if name is None or found.row is None:
        raise edits.NotAsSeen
    facts = found.edit.facts if found.edit else {}
    facts |= {name: {"text": "true" if request.POST.get("step") == "show" else "false"}}
    base = _number(request, "base")
    return edits.save(found, by=request.user, kind=EditKind.CHANGE, base=base, facts=facts, reason=_reason(request))


def _restored(request: OfficerRequest, found: Feature) -> Edit:
    as_of = _number(request, "as_of") or 0
    if change_sets.row_as_of(found.dataset, found.ref, as_of) is None:
        raise edits.NotAsSeen
    return restoring.restore(found, as_of, by=request.user)


def _settled(request: OfficerRequest, found: Feature) -> Edit:
    """Field by field the person has decided between both states."""
    said = {name: request.POST.get(f"side-{name}") for name in restoring.contested(found)}
    if _number(request, "now") != found.revision or not all(side in ("mine", "theirs") for side in said.values()):
        raise edits.NotAsSeen
    return restoring.settle(found, [name for name, side in said.items() if side == "theirs"], by=request.user)


STEPS = {
    "read": _saved,
    "save": _saved,
    "retire": _retired,
    "withdraw": _hidden_or_shown,
    "show": _hidden_or_shown,
    "restore": _restored,
    "settle": _settled,
}


def _reason(request: OfficerRequest) -> str:
    reason = choices.written(request.POST.get("reason", ""))[:LONGEST_REASON]
    if not reason:
        raise BadRequest("reason")
    return reason


def _number(request: OfficerRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _as_seen(found: Feature, seen: int | None) -> Feature:
    """The feature in the state in which the form was shown, where another has come into force since."""
    row = change_sets.row_of(found.dataset, found.ref, seen)
    return found if row is None else replace(found, row=row, edit=None)


def _counted(request: OfficerRequest, found: Feature) -> HttpResponse:
    """The person has seen how it is read: it goes into the open change set."""
    if found.edit is None:
        raise Http404
    alongside.make_ready(found.edit, _number(request, "saves") or 0, found.dataset.geometry, by=request.user)
    return receipts.kept_at(request, "change-set", found.edit.change_set_id)


def _page(request: OfficerRequest, found: Feature, *, is_asked: bool = False) -> HttpResponse:
    context = edit_pages.context(request.user, found)
    return render(request, "workbench/edit.html", context, status=400 if is_asked and context["is_wrong"] else 200)


def _not_kept(request: OfficerRequest, found: Feature, status: int = 403) -> HttpResponse:
    """Others work on it now, or decide on it: what was typed stands in the form once more, and is not kept."""
    typed = copy(found.edit) if found.edit else Edit(kind=EditKind.CHANGE, base_revision=found.revision)
    if request.POST.get("step", "read") in ("read", "save"):
        typed.facts = edit_forms.facts_of(found, edit_files.said_by(request, found.dataset))
    typed.reason = choices.written(request.POST.get("reason", ""))[:LONGEST_REASON] or typed.reason
    context = edit_pages.context(request.user, replace(found, edit=typed), is_refused=True)
    context["is_handed"] = status == 403
    context["is_decided_on"] = not edit_pages.is_handed_over(request.user, found)
    return render(request, "workbench/edit.html", context, status=status)


@require_safe
@signed_in()
@knows(is_page=True)
def history(request: OfficerRequest, name: str, ref: str) -> HttpResponse:
    """GET /officer/history/<dataset>/<ref>/: the time line of a feature, in force or not."""
    dataset = dataset_of_name(name)
    lines = histories.timeline(dataset, ref)
    if not lines:
        raise Http404
    context = {
        "dataset": dataset,
        "ref": ref,
        "lines": lines,
        "family": histories.family(dataset, ref),
        "can_edit": people.may_edit(request.user),
    }
    return render(request, "workbench/history.html", context)


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
    except passing.AlreadyEdited as already:
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
    except Outside as outside:
        messages.error(request, refusals.in_words(outside))
        return HttpResponseRedirect(reverse("workbench:change-set", args=[number]))
    change_set.refresh_from_db()
    return receipts.kept_at(request, *(["list"] if change_set.state == State.WITHDRAWN else ["change-set", number]))
