"""The queue of outgoing mail: how it stands, and one mail of it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from landgis.lib.parameters import knows
from landgis.mail import actions, purposes, queries
from landgis.mail.models import Mail, MailState
from landgis.mail.words import ERRORS
from landgis.workbench import choices, people, reading, receipts
from landgis.workbench.people import READ, OfficerRequest, signed_in

MOST = 100


def _told(mail: Mail) -> dict[str, Any]:
    """A mail in words, without whose it is."""
    purpose = purposes.get(mail.purpose)
    return {
        "mail": mail,
        "purpose": purpose.title if purpose else mail.purpose,
        "error": ERRORS.get(mail.error, mail.error),
        "is_secret": purpose is not None and purpose.is_secret,
        "can_try": mail.state == MailState.GIVEN_UP and bool(mail.to),
        "shortest": reading.SHORTEST,
        "longest": reading.LONGEST,
    }


@require_safe
@signed_in()
@knows(is_page=True)
def listed(request: OfficerRequest) -> HttpResponse:
    """GET /officer/mail/: how much waits and since when, and the newest mails without addresses."""
    context = {
        "queue": queries.queue(),
        "is_set": bool(settings.EMAIL_HOST),
        "lines": [_told(mail) for mail in Mail.objects.defer("to", "text")[:MOST]],
        "may_read": people.may_read_mail(request.user),
        "kept_days": settings.MAIL_KEPT_DAYS,
    }
    return render(request, "workbench/mails.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*READ)
@knows(is_page=True)
@receipts.once
def one(request: OfficerRequest, number: int) -> HttpResponse:
    """GET /officer/mail/<id>/ says how it stands. POST with `step` read shows whose it is and what it says, noted in the audit with
    its reason; with again a mail that was given up is tried anew."""
    people.must(people.may_read_mail(request.user))
    mail = get_object_or_404(Mail, pk=number)
    if request.method != "POST":
        return render(request, "workbench/mail.html", _told(mail))
    if request.POST.get("step") == "again":
        if not actions.try_again(number):
            messages.error(request, _("This mail cannot be tried again: its address has been deleted, or it was sent."))
            return HttpResponseRedirect(reverse("workbench:mail", args=[number]))
        return receipts.kept_at(request, "mail", number)
    reason = choices.written(request.POST.get("reason", ""))
    try:
        reading.note(request.user, f"mail {number}", reason=reason, purpose=mail.purpose)
    except reading.ReasonMissing:
        return render(request, "workbench/mail.html", _told(mail) | {"lacks_reason": True}, status=400)
    except reading.TooMany:
        return render(request, "workbench/enough.html", {"most": settings.READINGS_A_DAY}, status=429)
    return render(request, "workbench/mail.html", _told(mail) | {"is_open": True})
