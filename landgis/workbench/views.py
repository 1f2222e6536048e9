"""The officers' pages. Nothing of them is kept by browsers or proxies, and nothing changes but by POST."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import NON_FIELD_ERRORS, BadRequest, PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from landgis.accounts import attempts
from landgis.accounts.forms import TOO_MANY, SignInForm
from landgis.accounts.models import Role
from landgis.catalog import registry
from landgis.catalog.addresses import list_address
from landgis.catalog.dataset import Dataset
from landgis.changes import actions as changes
from landgis.changes.models import ChangeSet, State
from landgis.changes.words import figure
from landgis.ingest import sandbox, store
from landgis.ingest.report import facts_of, report_of
from landgis.workbench import actions, change_sets, choices, downloads, forms, ground, people, words
from landgis.workbench.models import Run, RunState, Work
from landgis.workbench.people import OfficerRequest, signed_in

PER_PAGE = 50
FIRST_ROWS = 20  # of each kind of issue; the rest on demand


@method_decorator(never_cache, name="dispatch")
class SignIn(LoginView):
    template_name = "workbench/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        return reverse("workbench:list")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        # Django's own `site`, an address, would stand before the office that every page names.
        del context["site"]
        return context

    def form_invalid(self, form: Any) -> HttpResponse:
        if not form.has_error(NON_FIELD_ERRORS, TOO_MANY):
            return super().form_invalid(form)
        response = self.render_to_response(self.get_context_data(form=form, too_many=True), status=429)
        response["Retry-After"] = str(attempts.WITHIN.seconds)
        return response


@method_decorator(never_cache, name="dispatch")
class SignOut(LogoutView):
    def get_success_url(self) -> str:
        return reverse("workbench:sign-in")


@require_safe
@signed_in()
def listed(request: OfficerRequest) -> HttpResponse:
    """GET /officer/: change sets, the newest first, and what the background works on."""
    before = request.GET.get("before", "")
    lines = change_sets.listed(int(before) if before.isdecimal() else None, PER_PAGE)
    open_runs = Run.objects.filter(state__in=[RunState.WAITING, RunState.RUNNING]).select_related("by")
    failed = Run.objects.filter(state=RunState.FAILED, by=request.user, change_set=None)[:5]
    context = {
        "lines": lines,
        "runs": [*open_runs[:20], *failed],
        "older": lines[-1]["change_set"].pk if len(lines) == PER_PAGE else None,
        "may_upload": people.may_upload(request.user),
    }
    return render(request, "workbench/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OFFICER)
def upload(request: OfficerRequest) -> HttpResponse:
    """GET, POST /officer/upload/: a file as it is; the dataset may stay open."""
    said: choices.Choices = {}
    context: dict[str, Any] = {"has_sandbox": sandbox.is_available()}
    if request.method == "POST":
        said, dataset = _choices(request)
        files = request.FILES.getlist("file")
        if not files:
            context["error"] = _("Choose a file.")
        elif not all(file.size for file in files):
            context["error"] = _("The file is empty.")
        else:
            try:
                run = actions.take_in(files, dataset, said, by=request.user)
                return HttpResponseRedirect(reverse("workbench:run", args=[run.pk]))
            except actions.NoSandbox:
                context["has_sandbox"] = False
    context |= {"form": forms.offered(None, [], {}, said, []), "most_mb": settings.MAX_UPLOAD // 10**6}
    status = 503 if not context["has_sandbox"] else 400 if "error" in context else 200
    return render(request, "workbench/upload.html", context, status=status if request.method == "POST" else 200)


def _choices(request: OfficerRequest) -> tuple[choices.Choices, str]:
    """What a form says of a file, and the dataset. A value that the form does not offer is a 400."""
    dataset = request.POST.get("dataset", "")
    if dataset and dataset not in {one.name for one in registry.all_datasets()}:
        raise BadRequest("dataset")
    try:
        return choices.from_form(request.POST), dataset
    except choices.WrongChoice as error:
        raise BadRequest(str(error)) from error


# Runs


@require_safe
@signed_in()
def run(request: OfficerRequest, number: int) -> HttpResponse:
    """GET /officer/runs/<id>/: how far it is; when it is done, its change set."""
    found = get_object_or_404(Run, pk=number)
    if found.state == RunState.DONE and found.change_set_id:
        return HttpResponseRedirect(reverse("workbench:change-set", args=[found.change_set_id]))
    known = {one.name: one for one in registry.all_datasets()}
    dataset = known.get(found.dataset)
    context: dict[str, Any] = {
        "run": found,
        "error": _error(found),
        "dataset": dataset,
        "status_url": reverse("workbench:run-json", args=[found.pk]),
        "may_upload": people.may_upload(request.user),
    }
    if found.state in (RunState.FAILED, RunState.CANCELLED) and found.work == Work.STAGE:
        headings = found.seen.get("headings", [])
        brought = _brought(dataset, headings) if dataset else []
        context["form"] = forms.offered(dataset, headings, {}, found.choices, brought)
        context["form_url"] = reverse("workbench:run-again", args=[found.pk])
    return render(request, "workbench/run.html", context)


def _brought(dataset: Dataset, headings: list[str]) -> list[str]:
    from landgis.ingest import columns

    return list(columns.by_names(dataset, headings).values())


def _error(found: Run) -> str:
    return words.of_error(found.error, found.error_params) if found.error else ""


@require_safe
@signed_in()
def run_json(request: OfficerRequest, number: int) -> JsonResponse:
    """GET /officer/runs/<id>.json: the same for a script that asks again and again."""
    found = get_object_or_404(Run, pk=number)
    return JsonResponse(
        {
            "state": found.state,
            "is_open": found.is_open,
            "done": found.rows_done,
            "total": found.rows_total,
            "text": _progress(found),
        },
        json_dumps_params={"ensure_ascii": False},
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
def cancel(request: OfficerRequest, number: int) -> HttpResponse:
    """POST: stop a run; its asker may, and an officer."""
    found = get_object_or_404(Run, pk=number)
    _must(people.may_stop(request.user, found))
    actions.cancel(found)
    return HttpResponseRedirect(reverse("workbench:run", args=[number]))


@require_POST
@signed_in(Role.OFFICER)
def run_again(request: OfficerRequest, number: int) -> HttpResponse:
    """POST: read the file of a run that failed once more, with other choices."""
    found = get_object_or_404(Run, pk=number, work=Work.STAGE)
    said, dataset = _choices(request)
    if not store.is_kept(found.file_sha256):
        raise Http404
    new = actions.stage_kept(
        found.file_sha256, found.file_name, dataset, said, by=request.user, replaces=found.replaces
    )
    return HttpResponseRedirect(reverse("workbench:run", args=[new.pk]))


# Change sets


@require_safe
@signed_in()
def change_set(request: OfficerRequest, number: int) -> HttpResponse:
    """GET /officer/changes/<id>/: the report, for everybody who may look."""
    # Asked before the change set: what ends in between is seen as ended, and not waited for for ever.
    publishing = Run.objects.filter(change_set=number, work=Work.APPLY).first()
    found, dataset = _found(number)
    report = report_of(found, on_page=True, first_rows=FIRST_ROWS, whole=request.GET.get("code", ""))
    staged = found.runs.filter(work=Work.STAGE).first()
    can_prepare = people.may_prepare(request.user, found) and found.state in actions.OPEN
    can_choose = can_prepare and store.is_kept(found.file_sha256) and found.state != State.SUBMITTED
    can_decide = people.may_decide(request.user, found)
    context = {
        "change_set": found,
        "dataset": dataset,
        "headline": change_sets.headline(found, dataset, report),
        "report": report,
        "errors": report.errors,
        "first_rows": FIRST_ROWS,
        "is_stopped": found.state in actions.OPEN and report.stopped,
        "understood": facts_of(found.reading, dataset),
        "to_confirm": change_sets.to_confirm(found) if can_choose else None,
        "repairs_change": figure(f"{report.repairs_change_m2:+.2f}"),
        "conflicts": change_sets.conflicts(found, dataset) if found.state in actions.OPEN else [],
        "can_keep": any(group.code == "changed-since" for group in report.issues),
        "changed": change_sets.changed(found, dataset),
        "same_file": change_sets.same_file(found.file_sha256, found.dataset, found.pk),
        "reason": _(found.reason) if found.reason else "",
        "history": change_sets.history(found),
        "publishing": publishing,
        "publishing_error": _error(publishing) if publishing and publishing.state == RunState.FAILED else "",
        "publishing_stopped": bool(publishing and publishing.state == RunState.CANCELLED),
        "can_choose": can_choose,
        "can_prepare": can_prepare,
        "can_stop": bool(publishing and people.may_stop(request.user, publishing)),
        "can_approve": can_decide and found.state == State.SUBMITTED,
        "can_reject": can_decide and found.state in (State.CHECKED, State.SUBMITTED),
        "can_publish": can_decide and found.state == State.APPROVED and not (publishing and publishing.is_open),
        "public_url": list_address(found.dataset),
        "map_config": _map_config(found, dataset),
    }
    if can_choose:
        chosen = staged.choices if staged else {}
        read = found.reading
        headings = [*read.get("columns", {}), *read.get("unused", [])]
        brought = read.get("columns", {}).values()
        context["form"] = forms.offered(dataset, headings, read.get("columns", {}), chosen, brought)
        context["form_url"] = reverse("workbench:again", args=[found.pk])
        to_repair = 0 if report.repairs_are_done else report.repairs
        is_read_right = context["to_confirm"] is None
        context["can_do_both"] = is_read_right and 0 < to_repair < report.errors and not chosen.get("leave_out")
    return render(request, "workbench/change_set.html", context)


def _found(number: int) -> tuple[ChangeSet, Dataset]:
    found = get_object_or_404(ChangeSet.objects.select_related("author", "approver"), pk=number)
    try:
        return found, registry.get(found.dataset)
    except KeyError:
        raise Http404 from None


def _map_config(found: ChangeSet, dataset: Dataset) -> dict[str, Any] | None:
    bounds = change_sets.bounds(found, dataset)
    if bounds is None:
        return None
    return {
        "items": reverse("workbench:items", args=[found.pk]),
        "bounds": bounds,
        "worker": static(f"{settings.VENDOR['maplibre-gl']}/maplibre-gl-worker.mjs"),
        "scenes": reverse("imagery:map") + f"?lang={translation.get_language()}",
        "made_up": found.is_made_up,
        "messages": {
            "row": _("row %(row)s"),
            "shown": _("%(shown)s of %(total)s features are drawn, those in trouble first."),
            "no_webgl": _("This browser cannot draw the map."),
        },
    }


@require_safe
@signed_in()
def items(request: OfficerRequest, number: int) -> HttpResponse:
    """GET …/items.geojson: the map of a change set, before and after; for officers only."""
    found, dataset = _found(number)
    if not dataset.geometry:
        raise Http404
    content = ground.collection(found, dataset)
    return JsonResponse(content, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False})


@require_safe
@signed_in()
def issues_csv(request: OfficerRequest, number: int) -> StreamingHttpResponse:
    found, dataset = _found(number)
    lines = downloads.as_csv(found, dataset)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="issues-{found.pk}.csv"'
    return response


@require_safe
@signed_in()
def issues_gpkg(request: OfficerRequest, number: int) -> HttpResponse:
    found, dataset = _found(number)
    content = downloads.as_geopackage(found, dataset)
    response = HttpResponse(content, content_type="application/geopackage+sqlite3")
    response["Content-Disposition"] = f'attachment; filename="issues-{found.pk}.gpkg"'
    return response


@require_POST
@signed_in(Role.OFFICER)
def again(request: OfficerRequest, number: int) -> HttpResponse:
    """POST: stage the kept file with other choices, in place of this change set."""
    found, _dataset = _found(number)
    if not people.may_prepare(request.user, found) or not store.is_kept(found.file_sha256):
        raise PermissionDenied
    said, dataset = _choices(request)
    new = actions.stage_kept(
        found.file_sha256, found.file_name, dataset or found.dataset, said, by=request.user, replaces=found
    )
    return HttpResponseRedirect(reverse("workbench:run", args=[new.pk]))


# Deciding


@require_POST
@signed_in()
def step(request: OfficerRequest, number: int, step: str) -> HttpResponse:
    """POST /officer/changes/<id>/<step>/: submit, approve, publish, reject or withdraw."""
    found, _dataset = _found(number)
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
    _must(people.may_prepare(request.user, found))
    changes.submit(found)


def _approve(request: OfficerRequest, found: ChangeSet) -> None:
    _must(people.has_any(request.user, Role.APPROVER))
    actions.approve(found, by=request.user)


def _publish(request: OfficerRequest, found: ChangeSet) -> None:
    """Once more, after an attempt that broke off."""
    _must(people.may_decide(request.user, found))
    if found.state != State.APPROVED:
        raise changes.StateError
    actions.publish(found, by=request.user)


def _reject(request: OfficerRequest, found: ChangeSet) -> None:
    _must(people.has_any(request.user, Role.APPROVER))
    changes.reject(found, by=request.user, reason=_reason(request))


def _withdraw(request: OfficerRequest, found: ChangeSet) -> None:
    _must(people.may_prepare(request.user, found))
    changes.withdraw(found, by=request.user, reason=_reason(request))


def _must(may: bool) -> None:
    if not may:
        raise PermissionDenied


def _reason(request: OfficerRequest) -> str:
    reason = choices.written(request.POST.get("reason", ""))[:2000]
    if not reason:
        raise WithoutReason
    return reason


STEPS = {"submit": _submit, "approve": _approve, "publish": _publish, "reject": _reject, "withdraw": _withdraw}
