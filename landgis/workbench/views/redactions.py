"""Pages on which one person asks that a value be taken out of all that is kept, and another confirms it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from landgis.catalog import registry
from landgis.changes import redactions
from landgis.changes.models import Fate, Redaction, RedactionState
from landgis.changes.territories import Outside
from landgis.lib.parameters import knows
from landgis.workbench import choices, receipts, redacting, refusals
from landgis.workbench.people import OfficerRequest, signed_in


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
@knows("dataset", "ref", is_page=True)
@receipts.once
def listed(request: OfficerRequest) -> HttpResponse:
    """GET /officer/redactions/ lists them; ?dataset=&ref= offers what that feature once said. POST asks for one."""
    said = request.POST if request.method == "POST" else request.GET
    known = {one.name: one for one in registry.all_datasets()}
    dataset, ref = known.get(said.get("dataset", "")), said.get("ref", "").strip()
    context: dict[str, Any] = {
        "datasets": [(one.name, one.title_plural) for one in known.values()],
        "dataset": dataset,
        "ref": ref,
        "said": {name: choices.written(said.get(name, "")) for name in ("value", "reason", "public_reason", "fate")},
        "fates": [
            (value, label) for value, label in Fate.choices if value == Fate.DESTROY or settings.SEAL_CERTIFICATE
        ],
    }
    if request.method == "POST":
        try:
            redaction = _ask(request, dataset.name if dataset else "", ref, context["said"])
            return receipts.kept_at(request, "redaction", redaction.pk)
        except redactions.NotRedactable as hindrance:
            context["error"] = str(hindrance)
        except Outside as outside:
            context |= {"error": refusals.in_words(outside), "status": 403}
    context["offered"] = redacting.offered(dataset, ref) if dataset and ref else None
    context["lines"] = redacting.listed()
    status = context.get("status", 400 if "error" in context else 200)
    return render(request, "workbench/redactions.html", context, status=status)


def _ask(request: OfficerRequest, dataset: str, ref: str, said: dict[str, str]) -> Redaction:
    field, seen_in = redacting.chosen(said["value"])
    reasons = {"reason": said["reason"][:2000], "public_reason": said["public_reason"][:200]}
    if said["fate"] not in Fate.values:
        raise redactions.NotRedactable(_("Say what becomes of the files."))
    return redactions.ask(dataset, ref, field, seen_in=seen_in, fate=Fate(said["fate"]), by=request.user, **reasons)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
@knows(is_page=True)
@receipts.once
def one(request: OfficerRequest, number: int) -> HttpResponse:
    """GET /officer/redactions/<id>/ says what was asked for; POST with `step` confirm or decline decides it."""
    redaction = get_object_or_404(Redaction.objects.select_related("asked_by", "decided_by"), pk=number)
    if request.method == "POST":
        return _decide(request, redaction)
    return _page(request, redaction)


def _page(request: OfficerRequest, redaction: Redaction, *, status: int = 200) -> HttpResponse:
    is_open, is_own = redaction.state == RedactionState.ASKED, redaction.asked_by_id == request.user.pk
    may_decide = is_open and redactions.may_decide(redaction, request.user)
    told = redacting.about(redaction) | redacting.outlook(redaction)
    context = {
        **told,
        "may_confirm": may_decide and not is_own and "hindrance" not in told,
        "may_decline": may_decide or (is_open and is_own),
        "waits_for_another": is_open and is_own,
    }
    return render(request, "workbench/redaction.html", context, status=status)


def _decide(request: OfficerRequest, redaction: Redaction) -> HttpResponse:
    steps = {"confirm": redactions.confirm, "decline": redactions.decline}
    step = request.POST.get("step", "")
    if step not in steps:
        raise Http404
    try:
        steps[step](redaction, by=request.user)
    except redactions.NotRedactable as hindrance:
        messages.error(request, str(hindrance))
        return HttpResponseRedirect(reverse("workbench:redaction", args=[redaction.pk]))
    except Outside as outside:
        messages.error(request, refusals.in_words(outside))
        return _page(request, redaction, status=403)
    return receipts.kept_at(request, "redaction", redaction.pk)
