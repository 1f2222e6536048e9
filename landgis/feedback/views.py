"""The form to report an error, what became of a report, and how many are open."""

import math
import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from landgis.catalog import queries as catalog
from landgis.catalog.addresses import feature_address, with_pages
from landgis.feedback import answers, queries
from landgis.feedback.actions import TooManyReports, take_in
from landgis.feedback.forms import ReportForm
from landgis.feedback.models import ReportKind, ReportStatus
from landgis.lib.http import browser_key, client_address
from landgis.lib.order import order_key
from landgis.lib.parameters import knows

NUMBER = re.compile(r"[0-9]{4}-[0-9]{5,9}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@knows(is_page=True)
def report(request: HttpRequest, name: str, ref: str) -> HttpResponse:
    """The form for one public feature. What is not public is not found, like what never was."""
    dataset = with_pages(name)
    row = catalog.feature(dataset, ref) if dataset else None
    if dataset is None or row is None:
        raise Http404
    form = ReportForm(request.POST, request.FILES) if request.method == "POST" else ReportForm()
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
    return _take_in(request, form, dataset.name, row, context)


def _take_in(
    request: HttpRequest, form: ReportForm, dataset: str, row: dict[str, Any], context: dict[str, Any]
) -> HttpResponse:
    """Keep the report and lead to its page; 429 with the form as it was filled in where there are too many."""
    said = form.cleaned_data
    try:
        kept = take_in(
            dataset=dataset,
            ref=context["ref"],
            revision=row["from_revision"],
            kind=said["kind"],
            text=said["text"],
            contact=said["contact"],
            wants_mail=said["wants_mail"],
            picture=said["picture"],
            language=get_language() or "",
            sender=client_address(request),
            browser=browser_key(request),
        )
    except TooManyReports as error:
        minutes = math.ceil(error.wait_s / 60)
        form.add_error(None, _told_to_wait(minutes))
        response = render(request, "feedback/report.html", context, status=429)
        response["Retry-After"] = str(error.wait_s)
        return response
    return HttpResponseRedirect(answers.code_address(kept.code or ""))


def _told_to_wait(minutes: int) -> str:
    text = ngettext(
        "Too many reports came from here during the last hour. Keep your text and send it in %(minutes)s minute.",
        "Too many reports came from here during the last hour. Keep your text and send it in %(minutes)s minutes.",
        minutes,
    )
    return text % {"minutes": minutes}


@never_cache
@require_safe
@knows("code", is_page=True)
def mine(request: HttpRequest) -> HttpResponse:
    """GET /feedback/mine?code= is for whoever made a report: its status and the answer. Without a code a form asks for it."""
    written = request.GET.get("code", "")
    found = answers.by_code(written) if written else None
    if found is None:
        return render(request, "feedback/mine.html", {"unknown": bool(written)}, status=404 if written else 200)
    context = _about(queries.report(found.number) or {}) | {"code": found.code, "answer": found.answer}
    return render(request, "feedback/mine.html", context | {"is_told": answers.can_be_told(found)})


@never_cache
@require_safe
@knows(is_page=True)
def status(request: HttpRequest, number: str) -> HttpResponse:
    """What became of a report, for everybody who has its number. Its feature is named while it is public."""
    found = queries.report(number)
    if found is None:
        raise Http404
    return render(request, "feedback/status.html", _about(found))


def _about(found: dict[str, Any]) -> dict[str, Any]:
    """A report in words. Its feature is named while it is public."""
    dataset = with_pages(found["dataset"])
    row = catalog.feature(dataset, found["ref"]) if dataset else None
    named = dataset and row and {"title": dataset.title_of(row), "url": feature_address(dataset.name, found["ref"])}
    return {
        "number": found["number"],
        "kind": ReportKind(found["kind"]).label,
        "status": ReportStatus(found["status"]).label,
        "made_at": found["made_at"],
        "status_at": found["status_at"],
        "feature": named,
        "backlog_url": reverse("feedback:backlog"),
    }


@require_safe
@knows("number", is_page=True)
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
