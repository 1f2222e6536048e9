"""What a person's browser keeps and has not sent, and what the office has acknowledged to the person."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from landgis.lib.parameters import knows
from landgis.workbench import receipts
from landgis.workbench.people import HAVE_ACCOUNT, OfficerRequest, signed_in

NEWEST = 50


@require_safe
@signed_in(*HAVE_ACCOUNT)
@knows(is_page=True)
def outbox(request: OfficerRequest) -> HttpResponse:
    """GET /officer/outbox/: the browser lists what it keeps; below that the person's own receipts."""
    context = {"receipts": receipts.of_person(request.user)[:NEWEST], "kept_days": receipts.KEPT.days}
    return render(request, "workbench/outbox.html", context)
