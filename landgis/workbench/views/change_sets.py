"""Change sets: the list, the report of one, its map and its files."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from landgis.accounts.models import Role, User
from landgis.catalog.addresses import list_address
from landgis.catalog.dataset import Dataset
from landgis.changes import audit, confirmations, responsibility
from landgis.changes import items as item_door
from landgis.changes.item_files import ItemsUnreadable
from landgis.changes.models import ChangeSet, Door, Issue, State
from landgis.changes.territories import Outside
from landgis.changes.words import add_verbs
from landgis.ingest import store
from landgis.ingest.report import FileReport, facts_of, report_of
from landgis.lib.answers import GEOJSON, plain_json
from landgis.lib.parameters import knows
from landgis.pages.errors import problem
from landgis.workbench import (
    actions,
    answers,
    change_sets,
    choices,
    downloads,
    edit_forms,
    edits,
    enclosed,
    forms,
    ground,
    handing,
    passage_review,
    people,
    queues,
    receipts,
    refusals,
    review,
    words,
)
from landgis.workbench.choices import Posted
from landgis.workbench.models import Run, RunState, Work
from landgis.workbench.people import OfficerRequest, signed_in

PER_PAGE = 50
MOST_SUPPLIED = 50
FIRST_ROWS = 20  # of each kind of issue; the rest on demand
EXPORT = "change-set.export"

add_verbs({EXPORT: gettext_lazy("issues taken away as a file")})


@require_safe
@signed_in()
@knows("code", is_page=True)
def change_set(request: OfficerRequest, number: int) -> HttpResponse:
    """GET /officer/changes/<id>/: the report, for everybody who may look."""
    return page(request, number)


def page(
    request: OfficerRequest,
    number: int,
    posted: Posted | None = None,
    refused: str = "",
    to_count: Sequence[Issue] = (),
) -> HttpResponse:
    """The report; with what was posted where something of that is wrong, or where the step `refused` was.

    `to_count` has to be confirmed by its number before that step.
    """
    # Asked before the change set: what ends in between is seen as ended, and not waited for for ever.
    publishing = Run.objects.filter(change_set=number, work=Work.APPLY).first()
    found, dataset = change_sets.or_404(number, queues.visible(request.user))
    report = report_of(found, on_page=True, first_rows=FIRST_ROWS, whole=request.GET.get("code", ""))
    may = _rights(request.user, found, publishing)
    context = _told(found, dataset, report) | may
    context |= {
        "is_stopped": found.state in actions.OPEN and report.stopped,
        "edits": edit_forms.listed(found, dataset) if may["can_edit"] else [],
        "passages": passage_review.lines(found, dataset) if may["is_edited"] else [],
        "enclosures": enclosed.lines(request.user, found),
        "review": review.lines(found, dataset, request.POST) if may["is_edited"] else [],
        "to_count": answers.in_numbers(dataset, to_count or (confirmations.waiting(found) if may["can_edit"] else ())),
        "typed": {refused.replace("-", "_"): request.POST} if refused else {},
    }
    if may["can_answer"]:
        form = answers.of_change_set(found, dataset, report, posted or Posted(_chosen(found), dataset.name))
        context |= {
            "form": form | {"can_read": may["can_choose"]},
            "form_url": reverse("workbench:again", args=[found.pk]),
        }
    context |= _publication(publishing) | handing.shown(request.user, found, can_prepare=may["can_prepare"])
    status = 400 if posted or to_count else 403 if refused else 200
    return render(request, "workbench/change_set.html", context, status=status)


def _told(found: ChangeSet, dataset: Dataset, report: FileReport) -> dict[str, Any]:
    """What the page says of it to everybody."""
    is_open = found.state in actions.OPEN
    return {
        "change_set": found,
        "dataset": dataset,
        "headline": change_sets.headline(found, dataset, report),
        "report": report,
        "errors": report.errors,
        "first_rows": FIRST_ROWS,
        "understood": facts_of(found.reading, dataset),
        "repairs": [answers.in_words(one) for one in report.repair_kinds],
        "conflicts": change_sets.conflicts(found, dataset) if is_open else [],
        **_changed(found, dataset),
        "same_file": change_sets.same_file(found.file_sha256, found.dataset, found.pk),
        "reason": _(found.reason) if found.reason else "",
        "history": change_sets.history(found),
        "public_url": list_address(found.dataset),
        "map_config": _map_config(found, dataset),
        "refused": review.to_mend(found),
    }


def _changed(found: ChangeSet, dataset: Dataset) -> dict[str, Any]:
    """The first features that would change; or, where nobody can read that now, why."""
    try:
        return {"changed": change_sets.changed(found, dataset)}
    except ItemsUnreadable as error:
        return {"unreadable": _damaged(error)}


def _damaged(error: ItemsUnreadable) -> str:
    text = _("The file %(name)s of the store is missing or damaged. The operator takes it from a backup.")
    return text % {"name": error}


def unless_damaged(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that reads items: 503 where the file in which they lie cannot be read."""

    @functools.wraps(view)
    def answered(request: OfficerRequest, number: int) -> HttpResponse:
        try:
            return view(request, number)
        except ItemsUnreadable as error:
            return problem(request, 503, _("These items cannot be read now"), _damaged(error))

    return answered


def _publication(publishing: Run | None) -> dict[str, Any]:
    """How far the background is with putting it in force."""
    return {
        "publishing": publishing,
        "publishing_error": words.of_run(publishing) if publishing and publishing.state == RunState.FAILED else "",
        "publishing_stopped": bool(publishing and publishing.state == RunState.CANCELLED),
    }


def _rights(user: User, found: ChangeSet, publishing: Run | None) -> dict[str, bool]:
    """What the page offers the person to do."""
    can_prepare = people.may_prepare(user, found) and found.state in actions.OPEN
    can_decide = people.may_decide(user, found)
    is_edited = found.door == Door.OFFICER
    can_write = is_edited and people.may_edit(user) and responsibility.may_edit(found, user)
    can_answer = can_prepare and found.state != State.SUBMITTED and not is_edited
    return {
        "can_prepare": can_prepare,
        "is_edited": is_edited,
        "can_edit": can_write and found.state in edits.MENDABLE,
        "can_submit": can_prepare and found.state == State.CHECKED and not can_write,
        "can_undo": found.state == State.APPLIED and is_edited and people.may_edit(user),
        "can_mend": is_edited and people.may_edit(user) and (can_write or found.author_id == user.pk),
        "can_reopen": can_write and found.state in (State.SUBMITTED, State.APPROVED),
        "can_answer": can_answer,
        "can_choose": can_answer and store.is_kept(found.file_sha256),
        "can_stop": bool(publishing and people.may_stop(user, publishing)),
        "can_approve": can_decide and found.state == State.SUBMITTED,
        "can_reject": can_decide and found.state in (State.CHECKED, State.SUBMITTED),
        "can_publish": found.state == State.APPROVED
        and people.may_publish(user, found)
        and not (publishing and publishing.is_open),
    }


def _chosen(found: ChangeSet) -> dict[str, Any]:
    """How its file was said to be read."""
    staged = found.runs.filter(work=Work.STAGE).first()
    return staged.choices if staged else {}


def _map_config(found: ChangeSet, dataset: Dataset) -> dict[str, Any] | None:
    bounds = item_door.of(found).box()
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
@knows()
@unless_damaged
def items(request: OfficerRequest, number: int) -> HttpResponse:
    """GET …/items.geojson: the map of a change set, before and after; for officers only."""
    found, dataset = change_sets.or_404(number, queues.visible(request.user))
    if not dataset.geometry:
        raise Http404
    content = ground.collection(found, dataset)
    return plain_json(content, GEOJSON)


@require_safe
@signed_in()
@knows()
def issues_csv(request: OfficerRequest, number: int) -> StreamingHttpResponse:
    found, dataset = change_sets.or_404(number, queues.visible(request.user))
    audit.write(request.user, EXPORT, f"change-set {found.pk}", file="issues.csv")
    lines = downloads.as_csv(found, dataset)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="issues-{found.pk}.csv"'
    return response


@require_safe
@signed_in()
@knows()
@unless_damaged
def issues_gpkg(request: OfficerRequest, number: int) -> HttpResponse:
    found, dataset = change_sets.or_404(number, queues.visible(request.user))
    audit.write(request.user, EXPORT, f"change-set {found.pk}", file="issues.gpkg")
    content = downloads.as_geopackage(found, dataset)
    response = HttpResponse(content, content_type="application/geopackage+sqlite3")
    response["Content-Disposition"] = f'attachment; filename="issues-{found.pk}.gpkg"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OFFICER)
@knows(is_page=True)
@receipts.once
def again(request: OfficerRequest, number: int) -> HttpResponse:
    """POST: the answers. What large changes they confirm is noted; by other choices the kept file is staged once more."""
    found, _dataset = change_sets.or_404(number, queues.visible(request.user))
    if request.method != "POST":  # whoever loads the address again that answered with what was wrong
        return HttpResponseRedirect(reverse("workbench:change-set", args=[number]))
    if found.responsible and not people.may_prepare(request.user, found):
        messages.error(request, refusals.in_words(Outside(0, ())))
        return page(request, number, refused="again")
    people.must(people.may_prepare(request.user, found))
    posted = forms.posted(request.POST, _chosen(found))
    dataset, numbers = posted.dataset or found.dataset, request.POST.getlist("number")
    if posted.wrong:
        return page(request, number, posted)
    is_read_alike = dataset == found.dataset and choices.read_alike(_chosen(found), posted.choices, dataset)
    if any(numbers) and is_read_alike:
        confirmed = [int(one) for one in posted.choices["numbers"]]
        if confirmations.confirm(found, confirmed, by=request.user):
            return receipts.kept_at(request, "change-set", number)
        wrong = {"number": _("This is not the number of what would change: look at it again, then type it.")}
        return page(request, number, replace(posted, wrong=wrong))
    people.must(store.is_kept(found.file_sha256))
    new = actions.stage_kept(
        found.file_sha256, found.file_name, dataset, posted.choices, by=request.user, replaces=found
    )
    return receipts.kept_at(request, "run", new.pk)
