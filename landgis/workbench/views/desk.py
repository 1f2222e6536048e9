"""The first page of the workbench: what waits for whom, and the change sets."""

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from landgis.catalog import registry
from landgis.changes.models import ChangeSet, State
from landgis.changes.territories import Area
from landgis.lib.parameters import Parameter, knows
from landgis.workbench import change_sets, people, queues
from landgis.workbench.models import Run, RunState, SupplierFile
from landgis.workbench.people import HAVE_ACCOUNT, OfficerRequest, signed_in

PER_PAGE = 50
MOST_SUPPLIED = 50
SHOW = Parameter("show", values=tuple(one.name for one in queues.QUEUES))
STATE = Parameter("state", values=tuple(State.values))


@require_safe
@signed_in(*HAVE_ACCOUNT)
@knows(SHOW, STATE, "territory", "before", is_page=True)
def listed(request: OfficerRequest) -> HttpResponse:
    """GET /officer/: what waits for whom, change sets, the newest first, and what the background works on."""
    if not people.has_any(request.user, *people.LOOK):
        return HttpResponseRedirect(reverse("people:list"))  # who keeps the accounts has nothing else here
    before = request.GET.get("before", "")
    offered = [one for one in queues.QUEUES if people.has_any(request.user, *one.roles)]
    areas = queues.areas(request.user)
    found = _chosen(request, areas)
    lines = change_sets.listed(found, int(before) if before.isdecimal() else None, PER_PAGE)
    open_runs = (
        queues.visible_runs(request.user).filter(state__in=[RunState.WAITING, RunState.RUNNING]).select_related("by")
    )
    failed = Run.objects.filter(state=RunState.FAILED, by=request.user, change_set=None)[:5]
    chosen = {name: request.GET[name] for name in ("show", "territory", "state") if request.GET.get(name)}
    context = {
        "lines": lines,
        "queues": queues.counted(request.user, offered),
        "chosen": chosen,
        "areas": areas,
        "states": State.choices,
        "runs": [*open_runs[:20], *failed],
        "supplied": SupplierFile.objects.select_related("run").order_by("-read_at", "profile", "name")[:MOST_SUPPLIED],
        "older": urlencode(chosen | {"before": lines[-1]["change_set"].pk}) if len(lines) == PER_PAGE else None,
        "may_upload": people.may_upload(request.user),
        "may_read": people.may_read(request.user),
        "datasets": [(one.name, one.title_plural) for one in registry.all_datasets()],
    }
    return render(request, "workbench/list.html", context)


def _chosen(request: OfficerRequest, areas: list[Area]) -> QuerySet[ChangeSet]:
    """The change sets that the address names; of those that the person may see."""
    queue = next((one for one in queues.QUEUES if one.name == request.GET.get("show")), None)
    found = queue.of(request.user) if queue else queues.visible(request.user)
    area = next((one for one in areas if one.ref == request.GET.get("territory")), None)
    if area is not None:
        found = queues.of_area(found, area)
    elif request.GET.get("territory"):
        found = ChangeSet.objects.none()
    return found.filter(state=request.GET["state"]) if request.GET.get("state") else found
