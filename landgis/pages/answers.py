"""Answers that several addresses share: data as JSON, and what is said of a feature that is not in force."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from landgis.catalog import queries
from landgis.catalog.dataset import Dataset
from landgis.catalog.lineage import successors
from landgis.pages import lineage


def gone(request: HttpRequest, dataset: Dataset, ref: str) -> HttpResponse:
    """410 for a ref that was public once; 404, always the same, for one that never was or may not be seen."""
    states = queries.history(dataset, ref)
    if not states or states[0]["until_revision"] is None:
        raise Http404
    last = states[0]
    retired = queries.revision(last["until_revision"])
    url = reverse("pages:feature", args=[dataset, ref])
    context = {
        "ref": ref,
        "title": dataset.title,
        "retired": {"revision": last["until_revision"], "applied_at": retired.applied_at if retired else None},
        "last_url": f"{url}?as_of={last['until_revision'] - 1}",
        "successors": lineage.relatives(dataset, successors(dataset, ref)),
        "list_url": reverse("pages:list", args=[dataset]),
    }
    if request.path.endswith(".json") or request.path.endswith(".geojson"):
        return json_answer(
            {
                "status": 410,
                "title": _("No longer in force"),
                "last": context["last_url"],
                "successors": context["successors"],
            },
            status=410,
        )
    return render(request, "pages/gone.html", context, status=410)


def json_answer(content: Any, **options: Any) -> JsonResponse:
    """Data that pages of other sites may read too."""
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False}, **options)
    response["Access-Control-Allow-Origin"] = "*"
    return response
