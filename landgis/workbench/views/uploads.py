"""A file handed in, and the runs that it leads to."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from landgis.accounts.models import Role
from landgis.catalog import registry
from landgis.ingest import sandbox, store
from landgis.ingest.report import facts_of
from landgis.lib.answers import plain_json
from landgis.lib.parameters import knows
from landgis.workbench import actions, forms, people, queues, receipts, words
from landgis.workbench.choices import Posted
from landgis.workbench.models import Run, RunState, Work
from landgis.workbench.people import OfficerRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OFFICER)
@knows(is_page=True)
@receipts.once
def upload(request: OfficerRequest) -> HttpResponse:
    """GET, POST /officer/upload/: a file as it is; the dataset may stay open. Where something of what was said cannot
    be read, the file is kept and the page of its run asks again."""
    context: dict[str, Any] = {"has_sandbox": sandbox.is_available()}
    if request.method == "POST":
        posted = forms.posted(request.POST)
        files = request.FILES.getlist("file")
        context["form"] = forms.offered(None, {}, posted)
        if not files:
            context["error"] = _("Choose a file.")
        elif not all(file.size for file in files):
            context["error"] = _("The file is empty.")
        else:
            try:
                if posted.wrong:
                    held = actions.hold(files, posted.dataset, posted.choices, by=request.user)
                    receipts.keep(request, reverse("workbench:run", args=[held.pk]))
                    return _page(request, held, posted)
                run = actions.take_in(files, posted.dataset, posted.choices, by=request.user)
                return receipts.kept_at(request, "run", run.pk)
            except actions.NoSandbox:
                context["has_sandbox"] = False
    context = {"form": forms.offered(None, {}), "most_mb": settings.MAX_UPLOAD // 10**6} | context
    status = 503 if not context["has_sandbox"] else 400 if "error" in context else 200
    return render(request, "workbench/upload.html", context, status=status if request.method == "POST" else 200)


@require_safe
@signed_in()
@knows(is_page=True)
def run(request: OfficerRequest, number: int) -> HttpResponse:
    """GET /officer/runs/<id>/: how far it is; when it is done, its change set."""
    return _page(request, get_object_or_404(queues.visible_runs(request.user), pk=number))


def _page(request: OfficerRequest, found: Run, posted: Posted | None = None) -> HttpResponse:
    """A run; with what was posted where something of that is wrong."""
    if found.state == RunState.DONE and found.change_set_id:
        return HttpResponseRedirect(reverse("workbench:change-set", args=[found.change_set_id]))
    known = {one.name: one for one in registry.all_datasets()}
    dataset = known.get(found.dataset)
    context: dict[str, Any] = {
        "run": found,
        "error": words.of_run(found),
        "dataset": dataset,
        "status_url": reverse("workbench:run-json", args=[found.pk]),
        "may_upload": people.may_upload(request.user),
    }
    if found.state in (RunState.FAILED, RunState.CANCELLED) and found.work == Work.STAGE:
        context["understood"] = facts_of(found.seen, dataset)
        context["form"] = forms.offered(dataset, found.seen, posted or Posted(found.choices, found.dataset))
        context["form_url"] = reverse("workbench:run-again", args=[found.pk])
    return render(request, "workbench/run.html", context, status=400 if posted else 200)


@require_safe
@signed_in()
@knows()
def run_json(request: OfficerRequest, number: int) -> HttpResponse:
    """GET /officer/runs/<id>.json: the same for a script that asks again and again."""
    found = get_object_or_404(queues.visible_runs(request.user), pk=number)
    return plain_json(
        {
            "state": found.state,
            "is_open": found.is_open,
            "done": found.rows_done,
            "total": found.rows_total,
            "text": _progress(found),
        }
    )


def _progress(found: Run) -> str:
    if found.state == RunState.WAITING:
        return _("Waiting for the background worker.")
    if not found.rows_total:
        return _("Looking at the file.") if found.work == Work.STAGE else _("Publishing.")
    said = {"done": formats.number_format(found.rows_done), "total": formats.number_format(found.rows_total)}
    if found.rows_done >= found.rows_total:
        return _("All %(total)s rows are read; now they are checked.") % said
    return _("%(done)s of %(total)s rows read.") % said


@require_POST
@signed_in()
@knows(is_page=True)
@receipts.once
def cancel(request: OfficerRequest, number: int) -> HttpResponse:
    """POST: stop a run; its asker may, and an officer."""
    found = get_object_or_404(queues.visible_runs(request.user), pk=number)
    people.must(people.may_stop(request.user, found))
    actions.cancel(found)
    return receipts.kept_at(request, "run", number)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OFFICER)
@knows(is_page=True)
@receipts.once
def run_again(request: OfficerRequest, number: int) -> HttpResponse:
    """POST: read the file of a run that failed once more, with other choices."""
    found = get_object_or_404(queues.visible_runs(request.user), pk=number, work=Work.STAGE)
    if request.method != "POST":  # whoever loads the address again that answered with what was wrong
        return HttpResponseRedirect(reverse("workbench:run", args=[number]))
    posted = forms.posted(request.POST, found.choices)
    if posted.wrong:
        return _page(request, found, posted)
    if not store.is_kept(found.file_sha256):
        raise Http404
    new = actions.stage_kept(
        found.file_sha256,
        found.file_name,
        posted.dataset,
        posted.choices,
        by=request.user,
        replaces=found.replaces,
    )
    return receipts.kept_at(request, "run", new.pk)
