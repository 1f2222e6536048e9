"""The form to report an error, the public status of a report, and how many are open."""

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from landgis.catalog import queries as catalog
from landgis.catalog.addresses import feature_address, with_pages
from landgis.feedback import queries
from landgis.feedback.actions import TooManyReports, take_in
from landgis.feedback.forms import ReportForm
from landgis.feedback.models import ReportKind, ReportStatus
from landgis.lib.http import client_address
from landgis.lib.order import order_key

NUMBER = re.compile(r"[0-9]{4}-[0-9]{5,9}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, name: str, ref: str) -> HttpResponse:
    """The form for one public feature. What is not public is not found, like what never was."""
    dataset = with_pages(name)
    row = catalog.feature(dataset, ref) if dataset else None
    if dataset is None or row is None:
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None)
    context = {
        "form": form,
        "title": dataset.title_of(row),
        "title_is_as_given": dataset.has_own_name(row),
        "ref": ref,
        "dataset_name": dataset.name,
        "dataset_title": dataset.title_plural,
        "feature_url": feature_address(dataset.name, ref),
        "revision": row["from_revision"],
    }
    if not form.is_bound:
        return render(request, "feedback/report.html", context)
    if not form.is_valid():
        return render(request, "feedback/report.html", context, status=400)
    said = form.cleaned_data
    try:
        kept = take_in(
            dataset=dataset.name,
            ref=ref,
            revision=row["from_revision"],
            kind=said["kind"],
            text=said["text"],
            contact=said["contact"],
            language=get_language() or "",
            sender=client_address(request),
        )
    except TooManyReports:
        form.add_error(None, _("Too many reports came in during the last hour. Keep your text and try again later."))
        return render(request, "feedback/report.html", context, status=429)
    return HttpResponseRedirect(reverse("feedback:status", args=[kept.number]))


@never_cache
@require_safe
def status(request: HttpRequest, number: str) -> HttpResponse:
    """What became of a report, for everybody who has its number. Its feature is named while it is public."""
    found = queries.report(number)
    if found is None:
        raise Http404
    dataset = with_pages(found["dataset"])
    row = catalog.feature(dataset, found["ref"]) if dataset else None
    context = {
        "number": number,
        "kind": ReportKind(found["kind"]).label,
        "status": ReportStatus(found["status"]).label,
        "made_at": found["made_at"],
        "status_at": found["status_at"],
        "feature": dataset
        and row
        and {"title": dataset.title_of(row), "url": feature_address(dataset.name, found["ref"])},
        "backlog_url": reverse("feedback:backlog"),
    }
    return render(request, "feedback/status.html", context)


@require_safe
def backlog(request: HttpRequest) -> HttpResponse:
    """How many reports are open, by dataset; `?number=` leads to one."""
    if number := request.GET.get("number", "").strip():
        if not NUMBER.fullmatch(number) or queries.report(number) is None:
            return render(
                request,
                "feedback/backlog.html",
                {"lines": _lines(), "unknown": number[:20].replace("\x00", "")},
                status=404,
            )
        return HttpResponseRedirect(reverse("feedback:status", args=[number]))
    return render(request, "feedback/backlog.html", {"lines": _lines()})


def _lines() -> list[queries.Backlog]:
    return sorted(queries.backlog(), key=lambda line: order_key(str(line.dataset.title_plural)))
