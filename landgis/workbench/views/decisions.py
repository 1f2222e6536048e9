"""Deciding on a change set: submit, approve, publish, reject, withdraw."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from landgis.accounts.models import Role
from landgis.changes import actions as changes
from landgis.changes.models import ChangeSet, State
from landgis.lib.parameters import knows
from landgis.workbench import actions, change_sets, choices, people
from landgis.workbench.people import OfficerRequest, signed_in


@require_POST
@signed_in()
@knows(is_page=True)
def step(request: OfficerRequest, number: int, step: str) -> HttpResponse:
    """POST /officer/changes/<id>/<step>/: submit, approve, publish, reject or withdraw."""
    found, _dataset = change_sets.or_404(number)
    if step not in STEPS:
        raise Http404
    try:
        with transaction.atomic():
            STEPS[step](request, found)
    except changes.StateError:
        messages.error(request, _("The change set has been decided on meanwhile: this page shows how it stands now."))
    except changes.StoppedByIssues:
        messages.error(request, _("Errors stop it: correct the file, or leave their rows out."))
    except WithoutReason:
        messages.error(request, _("Write the reason, so that the author knows what to do."))
    except IntegrityError:
        # The constraint of four eyes; the page does not offer it.
        messages.error(request, _("Another person has to decide on it than the one who made it."))
    return HttpResponseRedirect(reverse("workbench:change-set", args=[number]))


class WithoutReason(Exception):
    """Nobody is refused without a reason."""


def _submit(request: OfficerRequest, found: ChangeSet) -> None:
    people.must(people.may_prepare(request.user, found))
    changes.submit(found, by=request.user)


def _approve(request: OfficerRequest, found: ChangeSet) -> None:
    people.must(people.has_any(request.user, Role.APPROVER))
    actions.approve(found, by=request.user)


def _publish(request: OfficerRequest, found: ChangeSet) -> None:
    """Once more, after an attempt that broke off."""
    people.must(people.may_decide(request.user, found))
    if found.state != State.APPROVED:
        raise changes.StateError
    actions.publish(found, by=request.user)


def _reject(request: OfficerRequest, found: ChangeSet) -> None:
    people.must(people.has_any(request.user, Role.APPROVER))
    changes.reject(found, by=request.user, reason=_reason(request))


def _withdraw(request: OfficerRequest, found: ChangeSet) -> None:
    people.must(people.may_prepare(request.user, found))
    changes.withdraw(found, by=request.user, reason=_reason(request))


def _reason(request: OfficerRequest) -> str:
    reason = choices.written(request.POST.get("reason", ""))[:2000]
    if not reason:
        raise WithoutReason
    return reason


STEPS = {
    "submit": _submit,
    "approve": _approve,
    "publish": _publish,
    "reject": _reject,
    "withdraw": _withdraw,
}
