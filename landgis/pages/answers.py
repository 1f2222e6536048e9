"""What several addresses say of a feature that is not in force, and of a past that they do not know."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from landgis.catalog import queries
from landgis.catalog.dataset import Dataset
from landgis.catalog.lineage import successors
from landgis.catalog.queries import Withdrawal
from landgis.lib.answers import as_problem
from landgis.lib.filters import FilterError
from landgis.pages import lineage
from landgis.pages.errors import is_data


def gone(request: HttpRequest, dataset: Dataset, ref: str) -> HttpResponse:
    """301 to the one feature that a ref was merged into; 410 for any other that was public once, with the reason where one
    is said; 404, always the same, for one that never was
    or may not be seen.

    People type small letters, and some mail programs make them: what is written so leads to the ref that it means.
    """
    states = queries.history(dataset, ref)
    capitals = ref.upper()
    if not states and capitals != ref and queries.history(dataset, capitals):
        return _to_ref(request, capitals)
    said = queries.withdrawal(dataset, ref)
    if not states and said is not None:
        return _withdrawn(request, dataset, ref, said)
    if not states or states[0]["until_revision"] is None:
        raise Http404
    last, after = states[0], successors(dataset, ref)
    said_ones = [one.ref for one in after if one.is_said and one.revision == last["until_revision"]]
    if len(said_ones) == 1:
        return _to_ref(request, said_ones[0], is_moved=True)
    retired = queries.revision(last["until_revision"])
    url = reverse("pages:feature", args=[dataset, ref])
    context = {
        "ref": ref,
        "title": dataset.title,
        "retired": {"revision": last["until_revision"], "applied_at": retired.applied_at if retired else None},
        "last_url": f"{url}?as_of={last['until_revision'] - 1}",
        "successors": lineage.relatives(dataset, after),
        "reason": said.reason if said else "",
        "list_url": reverse("pages:list", args=[dataset]),
    }
    if is_data(request):
        more = {"last": context["last_url"], "successors": context["successors"]}
        return as_problem(410, _("No longer in force"), detail=context["reason"], **more)
    return render(request, "pages/gone.html", context, status=410)


def _withdrawn(request: HttpRequest, dataset: Dataset, ref: str, said: Withdrawal) -> HttpResponse:
    """Of its content nothing is told."""
    if is_data(request):
        return as_problem(410, _("Withdrawn from the public"), detail=said.reason)
    context = {"ref": ref, "title": dataset.title, "withdrawn": said, "reason": said.reason}
    context["list_url"] = reverse("pages:list", args=[dataset])
    return render(request, "pages/gone.html", context, status=410)


def refuse_the_past(request: HttpRequest) -> None:
    """Raises FilterError where a calendar or a feed is asked for a past state."""
    if request.GET.get("as_of"):
        raise FilterError(
            "as_of", _("Calendars and feeds know only what is in force now. Leave as_of out, or use a list.")
        )


def _to_ref(request: HttpRequest, ref: str, *, is_moved: bool = False) -> HttpResponse:
    """The same address with another ref; for good where it `is_moved` there."""
    match = resolve(request.path_info)
    address = reverse(match.view_name, kwargs=match.kwargs | {"ref": ref})
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address, permanent=is_moved)
