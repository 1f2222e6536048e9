"""Error reports of readers: the list by age, and one with what was written, which is answered there."""

import base64
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, F, Min, Window
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from landgis.catalog import registry
from landgis.changes.models import ChangeSet
from landgis.feedback import answers
from landgis.feedback.models import OPEN, Report, ReportStatus
from landgis.lib.parameters import Parameter, knows
from landgis.workbench import choices, people, reading, receipts
from landgis.workbench.people import READ, OfficerRequest, signed_in

MOST = 200
LONGEST = 4000


class NoChangeSet(Exception):
    """There is no change set of that number for the dataset of the report."""


@require_safe
@signed_in()
@knows(Parameter("state", values=tuple(ReportStatus.values)), is_page=True)
def listed(request: OfficerRequest) -> HttpResponse:
    """GET /officer/reports/: open ones, or those of `?state=`; those on one feature stand together, the oldest first."""
    state = request.GET.get("state", "")
    found = Report.objects.filter(status__in=[state] if state else OPEN)
    of_feature: Any = {"partition_by": [F("dataset"), F("ref")]}
    found = found.annotate(alike=Window(Count("id"), **of_feature), first=Window(Min("made_at"), **of_feature))
    found = found.defer("text", "contact", "answer").select_related("change_set")
    order = ("first", "dataset", "ref", "made_at") if not state or state in OPEN else ("-status_at", "-id")
    counts = dict(Report.objects.order_by().values_list("status").annotate(count=Count("id")))
    context = {
        "lines": [{"report": one, "title": _title(one.dataset)} for one in found.order_by(*order)[:MOST]],
        "state": state,
        "states": [(value, label, counts.get(value, 0)) for value, label in ReportStatus.choices],
        "may_read": people.may_read(request.user),
    }
    return render(request, "workbench/reports.html", context)


def _title(name: str) -> str:
    known = {dataset.name: dataset.title for dataset in registry.all_datasets()}
    return str(known.get(name, name))


@sensitive_post_parameters("answer")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*READ)
@knows(is_page=True)
@receipts.once
def one(request: OfficerRequest, number: str) -> HttpResponse:
    """GET /officer/reports/<number>/ says what it is about. POST with `step` read shows what was written, noted in the audit;
    with answer it answers it, and those alike that are ticked."""
    report = get_object_or_404(Report.objects.select_related("change_set"), number=number)
    is_for = reading.is_for(request.user, report.dataset, report.ref)
    if request.method != "POST":
        context = {"report": report, "title": _title(report.dataset), "is_elsewhere": not is_for}
        return render(request, "workbench/report.html", context)
    people.must(is_for)
    said: dict[str, Any] = {name: getattr(report, name) for name in ("status", "answer")}
    said["change_set"] = report.change_set_id or ""
    error = ""
    if request.POST.get("step") == "answer":
        people.must(people.may_answer(request.user))
        said = {name: choices.written(request.POST.get(name, "")) for name in said}
        error = _answer(request, report)
        if not error:
            return receipts.kept_at(request, "reports")
    try:
        # Its number is that of the case: on its page nothing is read but what it takes to answer it.
        reading.note(request.user, f"report {number}", reason=number, dataset=report.dataset, ref=report.ref)
    except reading.TooMany:
        return render(request, "workbench/enough.html", {"most": settings.READINGS_A_DAY}, status=429)
    context = _told(report) | {"said": said, "error": error, "may_answer": people.may_answer(request.user)}
    return render(request, "workbench/report.html", context, status=400 if error else 200)


def _told(report: Report) -> dict[str, Any]:
    """A report in words, with its picture and what else was reported on the same feature."""
    picture = getattr(report, "picture", None)
    alike = Report.objects.filter(dataset=report.dataset, ref=report.ref).exclude(pk=report.pk)
    return {
        "is_open": True,
        "report": report,
        "title": _title(report.dataset),
        "version": answers.version(report),
        # In the page itself: an address of its own would be read without a line of the audit.
        "picture": base64.b64encode(picture.content).decode() if picture else "",
        "language": dict(settings.LANGUAGES).get(report.language, report.language),
        "is_told": answers.can_be_told(report),
        "alike": [
            {"report": other, "can_join": other.is_open and other.language == report.language}
            for other in alike.order_by("-made_at")[:MOST]
        ],
        "states": ReportStatus.choices,
        "longest": LONGEST,
    }


def _answer(request: OfficerRequest, report: Report) -> str:
    """Answer a report and those alike that were ticked; says what is wrong, or nothing."""
    status = request.POST.get("status", "")
    if status not in ReportStatus.values:
        return _("Choose what becomes of it.")
    text = choices.written(request.POST.get("answer", ""))[:LONGEST]
    alike = Report.objects.filter(dataset=report.dataset, ref=report.ref, language=report.language, status__in=OPEN)
    ticked = list(alike.filter(number__in=request.POST.getlist("also")).exclude(pk=report.pk))
    try:
        linked = _change_set(request.POST.get("change_set", ""), report.dataset)
        with transaction.atomic():
            for one, seen in [
                (report, request.POST.get("seen", "")),
                *((other, answers.version(other)) for other in ticked),
            ]:
                answers.answer(
                    one, status=ReportStatus(status), text=text, change_set=linked, seen=seen, by=request.user
                )
    except NoChangeSet:
        return _("There is no change set of this number for the dataset.")
    except answers.AnswerMissing:
        return _("Write the answer: whoever reported it reads why.")
    except answers.ReportMovedOn:
        return _("Somebody else has answered meanwhile: this page shows how it stands now. Nothing was overwritten.")
    count = 1 + len(ticked)
    text = ngettext("%(count)s report was noted so.", "%(count)s reports were noted so.", count)
    messages.success(request, text % {"count": count})
    return ""


def _change_set(written: str, dataset: str) -> ChangeSet | None:
    digits = written.strip().removeprefix("#")
    if not digits:
        return None
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 16
    found = ChangeSet.objects.filter(pk=int(digits), dataset=dataset).first() if is_number else None
    if found is None:
        raise NoChangeSet
    return found
