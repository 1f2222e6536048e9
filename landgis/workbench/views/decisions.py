"""Deciding on a change set: submit, approve, publish, reject, withdraw."""

import datetime
from collections.abc import Callable

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from landgis.accounts.models import Role
from landgis.catalog import registry
from landgis.changes import actions as changes
from landgis.changes import confirmations, items, mending, responsibility, scopes
from landgis.changes.handing import NoSuchTerritory
from landgis.changes.models import ChangeSet, Door, State
from landgis.changes.territories import Outside
from landgis.ingest import dates
from landgis.ingest.numbers import AS_IT_IS
from landgis.lib.parameters import knows
from landgis.workbench import (
    actions,
    change_sets,
    choices,
    edits,
    handing,
    people,
    queues,
    receipts,
    refusals,
    restoring,
)
from landgis.workbench.people import OfficerRequest, signed_in
from landgis.workbench.views import change_sets as change_set_pages


@require_POST
@signed_in()
@knows(is_page=True)
@receipts.once
def step(request: OfficerRequest, number: int, step: str) -> HttpResponse:
    """POST /officer/changes/<id>/<step>/: hand in, take back, submit, approve, publish, reject or withdraw."""
    found, _dataset = change_sets.or_404(number, queues.visible(request.user))
    if step not in STEPS:
        raise Http404
    try:
        with transaction.atomic():
            return STEPS[step](request, found) or receipts.kept_at(request, "change-set", number)
    except changes.StateError:
        messages.error(request, _("The change set has been decided on meanwhile: this page shows how it stands now."))
    except mending.Unconfirmed as asked:
        messages.error(request, _("What is left still changes much: confirm it by its number, beside the decision."))
        return change_set_pages.page(request, number, refused=step, to_count=asked.issues)
    except changes.StoppedByIssues:
        text = _("Without what was rejected the rest is not sound: reject it, too, or let all go on.")
        is_edited = found.door == Door.OFFICER
        messages.error(request, text if is_edited else _("Errors stop it: correct the file, or leave their rows out."))
    except restoring.NotUndone as hindrance:
        messages.error(request, str(hindrance))
    except actions.TooLate:
        messages.error(request, _("Write a day and hour that are still to come, such as 31/12/2026 08:00."))
    except edits.NotReady:
        messages.error(request, _("A feature is not finished yet: finish it, or take it out."))
    except Outside as outside:
        messages.error(request, refusals.in_words(outside))
        return change_set_pages.page(request, number, refused=step)
    except WithoutReason:
        messages.error(request, _("Write the reason, so that the author knows what to do."))
    except IntegrityError:
        # The constraint of four eyes; the page does not offer it.
        messages.error(request, _("Another person has to decide on it than the one who made it."))
    return HttpResponseRedirect(reverse("workbench:change-set", args=[number]))


class WithoutReason(Exception):
    """Nobody is refused without a reason."""


def _hand_in(request: OfficerRequest, found: ChangeSet) -> HttpResponse | None:
    """Of edits: stage, check and submit; to its page where something stops it."""
    _must_edit(request, found)
    if found.door != Door.OFFICER or found.state not in edits.MENDABLE:
        raise changes.StateError
    source = choices.written(request.POST.get("source", ""))[:200]
    numbers = _numbers(request)
    if not edits.hand_in(found, by=request.user, reason=_reason(request), source=source, numbers=numbers):
        messages.error(request, _why_not(found, has_numbers=any(request.POST.getlist("number"))))
        return HttpResponseRedirect(reverse("workbench:change-set", args=[found.pk]))
    return None


def _why_not(found: ChangeSet, *, has_numbers: bool) -> str:
    """What kept edits from being handed in."""
    if found.issues.filter(code__in=scopes.CODES).exists():
        return _("It was not handed in: something of it lies outside of your territory. Hand it over, see below.")
    if has_numbers and confirmations.waiting(found):
        return _("This is not the number of what would change: look at it again, then type it.")
    return _("It was not handed in: something stops it, see below.")


def _numbers(request: OfficerRequest) -> list[int]:
    """The numbers that were typed to confirm how much changes."""
    said, wrong = choices.numbers(request.POST.getlist("number"))
    return [] if wrong else [int(one) for one in said["numbers"]]


def _reopen(request: OfficerRequest, found: ChangeSet) -> None:
    """Whoever works on it takes it back to mend it."""
    people.must(found.door == Door.OFFICER)
    _must_edit(request, found)
    mending.reopen(found, by=request.user)


def _undo(request: OfficerRequest, found: ChangeSet) -> HttpResponse:
    """To a change set that takes back what this one did."""
    people.must(people.may_edit(request.user))
    inverse = restoring.undo(found, registry.get(found.dataset), by=request.user)
    return receipts.kept_at(request, "change-set", inverse.pk)


def _must_edit(request: OfficerRequest, found: ChangeSet) -> None:
    """Refuse whoever does not write of its features. Raises Outside where it was handed over to others."""
    people.must(people.has_any(request.user, Role.OFFICER))
    if found.responsible and not people.may_prepare(request.user, found):
        raise Outside(0, ())
    people.must(responsibility.may_edit(found, request.user))


def _must_prepare(request: OfficerRequest, found: ChangeSet) -> None:
    """Refuse whoever does not work on it. Raises Outside where it was handed over to others."""
    people.must(people.has_any(request.user, Role.OFFICER))
    if found.responsible and not people.may_prepare(request.user, found):
        raise Outside(0, ())
    people.must(people.may_prepare(request.user, found))


def _must_decide(request: OfficerRequest, found: ChangeSet) -> None:
    """Refuse who has a part in it, and who has not the role. Raises Outside where nothing of it lies in the person's territory."""
    role = scopes.decider(found)
    people.must(not responsibility.has_part(found, request.user) and people.has_any(request.user, role))
    scopes.must_decide(found, request.user)


def _submit(request: OfficerRequest, found: ChangeSet) -> None:
    _must_prepare(request, found)
    if found.door == Door.OFFICER:
        scopes.must_prepare(found, request.user)
        # Edits are handed in, which reserves their numbers and looks at them anew.
        raise changes.StateError
    changes.submit(found, by=request.user)


def _approve(request: OfficerRequest, found: ChangeSet) -> None:
    people.must(people.has_any(request.user, scopes.decider(found)))
    actions.approve(found, by=request.user)
    _tell_of_part(request, found)


def _tell_of_part(request: OfficerRequest, found: ChangeSet) -> None:
    """Say so where others have to approve, too: nothing is published or planned yet."""
    if found.state == State.SUBMITTED:
        text = _(
            "Your part is approved. The other territories have yet to approve theirs; whoever does so last says when it is"
            " published."
        )
        messages.info(request, text)


def _decide(request: OfficerRequest, found: ChangeSet) -> None:
    """Feature by feature: what is rejected leaves with its reason, the rest is approved, and published where that is said."""
    _must_decide(request, found)
    refused = _refused(request, found)
    left = items.staged(found).exclude(ref__in=list(refused)).exclude(action="unchanged")
    if not left.exists():
        reasons = "; ".join(f"{ref}: {reason}" for ref, reason in refused.items())
        edits.refuse(found, refused, by=request.user)
        changes.reject(found, by=request.user, reason=reasons)
        return
    if refused:
        mending.reject_features(found, refused, by=request.user, numbers=_numbers(request))
        edits.refuse(found, refused, by=request.user)
    then = request.POST.get("then")
    if then == "publish":
        actions.approve(found, by=request.user)
    elif then == "plan":
        actions.plan(found, _time(request), by=request.user)
    else:
        changes.approve(found, by=request.user)
    _tell_of_part(request, found)


def _time(request: OfficerRequest) -> datetime.datetime:
    """The day and hour that were typed, on the clocks of the office. Raises TooLate for what is none."""
    try:
        return dates.moment(choices.written(request.POST.get("at", "")), AS_IT_IS)
    except (ValueError, OverflowError):
        raise actions.TooLate from None


def _refused(request: OfficerRequest, found: ChangeSet) -> dict[str, str]:
    """Ref -> reason of what is rejected."""
    refused = {}
    for item in items.staged(found):
        if request.POST.get(f"decision-{item.row}") == "reject":
            refused[item.ref] = choices.written(request.POST.get(f"refusal-{item.row}", ""))[:500]
    if not all(refused.values()):
        raise WithoutReason
    return refused


def _publish(request: OfficerRequest, found: ChangeSet) -> None:
    """What is approved: now, or at a time; also once more, after an attempt that broke off."""
    roles = {scopes.decider(found), Role.PUBLISHER}
    people.must(not responsibility.has_part(found, request.user) and people.has_any(request.user, *roles))
    scopes.must_touch(found, request.user, *roles)
    if found.state != State.APPROVED:
        raise changes.StateError
    actions.publish(found, by=request.user, at=_time(request) if request.POST.get("then") == "plan" else None)


def _reject(request: OfficerRequest, found: ChangeSet) -> None:
    people.must(people.has_any(request.user, scopes.decider(found)))
    changes.reject(found, by=request.user, reason=_reason(request))


def _withdraw(request: OfficerRequest, found: ChangeSet) -> None:
    _must_prepare(request, found)
    changes.withdraw(found, by=request.user, reason=_reason(request))


def _reason(request: OfficerRequest) -> str:
    reason = choices.written(request.POST.get("reason", ""))[:2000]
    if not reason:
        raise WithoutReason
    return reason


def _hand_over(request: OfficerRequest, found: ChangeSet) -> HttpResponse | None:
    _must_prepare(request, found)
    try:
        handing.hand_over(found, request.POST.get("to", ""), by=request.user, note=_reason(request)[:500])
    except NoSuchTerritory:
        messages.error(request, _("Choose a territory to hand it over to."))
        return HttpResponseRedirect(reverse("workbench:change-set", args=[found.pk]))
    messages.success(request, handing.told("hand-over"))
    return None


def _take_on(request: OfficerRequest, found: ChangeSet) -> None:
    people.must(people.has_any(request.user, Role.OFFICER))
    handing.take_on(found, by=request.user)
    messages.success(request, handing.told("take-on"))


def _give_back(request: OfficerRequest, found: ChangeSet) -> None:
    people.must(people.has_any(request.user, Role.OFFICER))
    handing.give_back(found, by=request.user, reason=_reason(request)[:500])
    messages.success(request, handing.told("give-back"))


STEPS: dict[str, Callable[[OfficerRequest, ChangeSet], HttpResponse | None]] = {
    "hand-over": _hand_over,
    "take-on": _take_on,
    "give-back": _give_back,
    "hand-in": _hand_in,
    "reopen": _reopen,
    "undo": _undo,
    "submit": _submit,
    "approve": _approve,
    "decide": _decide,
    "publish": _publish,
    "reject": _reject,
    "withdraw": _withdraw,
}
