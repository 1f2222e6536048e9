"""One feature: its form (typed, saved, read back, put into the person's open change set) and its time line."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from landgis.accounts.models import Role
from landgis.changes.actions import StateError
from landgis.changes.models import ChangeSet
from landgis.changes.territories import Outside
from landgis.lib.parameters import knows
from landgis.workbench import (
    alongside,
    change_sets,
    choices,
    copied,
    edit_files,
    edit_forms,
    edit_pages,
    editor_pages,
    edits,
    histories,
    people,
    receipts,
    restoring,
    staging,
)
from landgis.workbench.edit_fields import Fact
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
    into = into_of(request, dataset)

    def read() -> Feature:
        found = edits.feature(dataset, ref, request.user, into)
        is_known = found.row is not None or found.edit is not None
        if not is_known and not (request.method == "POST" and edits.was(found.dataset, ref)):
            raise Http404
        return found

    return _held(request, into, read)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OFFICER)
@knows("draft", "in", "like", is_page=True)
@receipts.once
def new(request: OfficerRequest, name: str) -> HttpResponse:
    """GET, POST /officer/edit/<dataset>/new/: the form of a feature that is not there yet; `draft` is one begun before, `like` a feature whose facts it begins with."""
    dataset = dataset_of_name(name)
    return _held(request, into_of(request, dataset), lambda: begun_of(request, dataset))


def _held(request: OfficerRequest, into: ChangeSet | None, read: Callable[[], Feature]) -> HttpResponse:
    """The answer; what is written to is read while nobody else writes to it."""
    if request.method != "POST":
        return _answer(request, read())
    with transaction.atomic():
        edits.hold(request.user, into)
        return _answer(request, read())


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
    except edits.AlreadyEdited as already:
        text = _("You have an open edit of %(ref)s: finish it, or take it out.")
        messages.error(request, text % {"ref": already.edit.ref})
        return _not_kept(request, found, status=400)
    except alongside.NotTogether as refused:
        messages.error(request, _("Nothing was kept. %(why)s") % {"why": refused})
        return _not_kept(request, found, status=400)
    except edits.SavedMeanwhile:
        messages.error(
            request,
            _("Nothing was kept: it was saved from another window after this one was opened. See what differs."),
        )
        return _not_kept(request, found, status=409)
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
    if _is_saved_meanwhile(request, found):
        raise edits.SavedMeanwhile
    kind = EditKind.ADD if found.row is None and seen is None else EditKind.CHANGE
    facts = edit_forms.facts_of(found, edit_files.said_by(request, found.dataset))
    ref = found.ref or staging.ref_of(found.dataset, facts)
    if found.edit is None and (
        begun := edits.of_person(request.user, found.dataset, found.into).filter(ref=ref).first()
    ):
        raise edits.AlreadyEdited(begun)
    reason = found.edit.reason if found.edit else ""
    made_up = "is_made_up" in request.POST if "asks_made_up" in request.POST and edit_forms.is_new(found) else None
    neighbours = alongside.said_in(found, request.POST, request.user)
    with transaction.atomic():
        own = edits.save(
            found, by=request.user, kind=kind, base=seen, facts=facts, ref=ref, reason=reason, is_made_up=made_up
        )
        alongside.save(own, neighbours, by=request.user)
    return own


def _is_saved_meanwhile(request: OfficerRequest, found: Feature) -> bool:
    """Whether its author has saved it since the form was shown, which says after how many saves that was."""
    return found.edit is not None and _number(request, "saves") not in (None, found.edit.saves)


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
    if (
        _number(request, "now") != found.revision
        or _is_saved_meanwhile(request, found)
        or not all(side in ("mine", "theirs") for side in said.values())
    ):
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
    copies = request.GET.get("like", "") if found.edit is None and found.row is None else ""
    like = copied.row_of(found.dataset, copies) if copies else None
    context = edit_pages.context(request.user, found, like=like)
    return render(request, "workbench/edit.html", context, status=400 if is_asked and context["is_wrong"] else 200)


def _not_kept(request: OfficerRequest, found: Feature, status: int = 403) -> HttpResponse:
    """Others work on it now, or decide on it: what was typed stands in the form once more, and is not kept."""
    typed = copy(found.edit) if found.edit else Edit(kind=EditKind.CHANGE, base_revision=found.revision)
    if request.POST.get("step", "read") in ("read", "save"):
        typed.facts = _typed_beside(request, found)
    typed.reason = choices.written(request.POST.get("reason", ""))[:LONGEST_REASON] or typed.reason
    context = edit_pages.context(request.user, replace(found, edit=typed), is_refused=True)
    context["is_handed"] = status == 403
    if status != 403 and not context["is_retired"]:
        context["editor"] = editor_pages.of_form(replace(found, edit=typed), (context["shape"] or {}).get("srid"))
    if status == 409:
        context["meanwhile"] = edit_forms.differing(found, typed.facts)
    context["is_decided_on"] = not edit_pages.is_handed_over(request.user, found)
    return render(request, "workbench/edit.html", context, status=status)


def _typed_beside(request: OfficerRequest, found: Feature) -> dict[str, Fact]:
    """What was typed; where the form did not know of what is saved by now, what it did not touch stays as saved."""
    said = edit_files.said_by(request, found.dataset)
    if found.edit is None or _number(request, "saves") != 0:
        return edit_forms.facts_of(found, said)
    return found.edit.facts | edit_forms.facts_of(replace(found, edit=None), said)


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
