"""What is published: a page for all datasets and one for each, with .json in place of the last slash.

Programs read the JSON before they read rows: it says what every field is, how to filter, and where the rows are.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from landgis.catalog import contributions, memory, queries, registry, schema, sums
from landgis.catalog.dataset import Dataset
from landgis.catalog.exits import is_open
from landgis.catalog.filters import from_query
from landgis.catalog.queries import PublishedRevision
from landgis.lib.answers import as_json
from landgis.lib.parameters import knows
from landgis.pages import coverage
from landgis.pages.addresses import data_address
from landgis.pages.texts import areas, count_text, total_parts, total_text

TYPES = {
    "text": _("text"),
    "integer": _("whole number"),
    "number": _("number"),
    "boolean": _("yes or no"),
    "date": _("date"),
    "datetime": _("date and time"),
    "list": _("list"),
}
# What leads to the rows, by the name of its link.
ROADS = {
    "list": _("List"),
    "csv": "CSV",
    "xlsx": "XLSX",
    "list_json": "JSON",
    "geojson": "GeoJSON",
    "tilejson": _("Vector tiles (TileJSON)"),
}


@require_safe
@knows("as_of", is_page=True)
@memory.one_state()
def dataset_list(request: HttpRequest) -> HttpResponse:
    """GET /datasets/: every dataset that has an open exit."""
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    newest = queries.latest_revisions(as_of=as_of)
    entries, failed = contributions.each(
        _shown(), lambda dataset: _summary(dataset, newest.get(dataset.name), as_of), "summary"
    )
    context = {"entries": entries, "failed": [dataset.title_plural for dataset in failed]}
    return render(request, "pages/datasets.html", context)


@require_safe
@knows("as_of")
@memory.one_state()
def dataset_list_json(request: HttpRequest) -> HttpResponseBase:
    """GET /datasets.json: the same for programs; the fields are said by the document of each dataset."""
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    newest = queries.latest_revisions(as_of=as_of)
    documents, failed = contributions.each(_shown(), lambda dataset: _document(dataset, newest, as_of), "document")
    for document in documents:
        del document["fields"]
    left_out = {"left_out": [dataset.name for dataset in failed]} if failed else {}
    return as_json(request, {"datasets": documents, **left_out})


@require_safe
@knows("as_of", is_page=True)
@memory.one_state()
def dataset(request: HttpRequest, name: str) -> HttpResponse:
    """GET /datasets/<name>/: the fields, the newest revision, the licence and the open exits of a dataset."""
    found = _named(name)
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    newest = queries.latest_revisions(as_of=as_of).get(name)
    described, links = schema.describe(found), _links(found)
    context = {
        **_summary(found, newest, as_of),
        "dataset_name": name,
        "datasets_url": reverse("pages:datasets"),
        "fields": [_field_row(field) for field in described["fields"]],
        "lookups": [{"name": one["name"], "label": _in_words(one["label"])} for one in described["lookups"]],
        "crs": described["geometry"]["crs"] if found.geometry else None,
        "licence": found.licence,
        "attribution": _in_words(described["attribution"]),
        "roads": [{"label": label, "url": links[road]} for road, label in ROADS.items() if road in links],
        "coverage": coverage.table(found) if as_of is None else None,
        "formats": [{"label": "JSON", "url": links["self"]}],
    }
    return render(request, "pages/dataset.html", context)


@require_safe
@knows("as_of")
@memory.one_state()
def dataset_json(request: HttpRequest, name: str) -> HttpResponseBase:
    """GET /datasets/<name>.json: the same for programs."""
    found = _named(name)
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    return as_json(request, _document(found, queries.latest_revisions(as_of=as_of), as_of))


def _shown() -> list[Dataset]:
    return [dataset for dataset in registry.all_datasets() if schema.is_shown(dataset)]


def _named(name: str) -> Dataset:
    for found in _shown():
        if found.name == name:
            return found
    raise Http404


def _document(dataset: Dataset, revisions: Mapping[str, PublishedRevision], as_of: int | None) -> dict[str, Any]:
    """The declaration, today's numbers (those of its list) and where to go on.

    `state` is the revision to ask for rows of this very state: others than the dataset's own say where they lie.
    """
    newest = revisions.get(dataset.name)
    total = _total(dataset, as_of)
    numbers = {"count": total["count"], "area_legal_m2": total["area_legal"], "area_m2": total["area"]}
    numbers |= {"area_legal_count": total["area_legal_count"], "area_difference_m2": total["area_difference"]}
    if measure := dataset.geometry_kind.measure:
        numbers[measure.column] = total[measure.total]
    return {
        **schema.describe(dataset),
        **numbers,
        "is_made_up": total["is_made_up"],
        "is_of_one_time": total["is_of_one_time"],
        "is_of_one_standing": total["is_of_one_standing"],
        "revision": {key: value for key, value in asdict(newest).items() if key != "dataset"} if newest else None,
        "state": max((one.number for one in revisions.values()), default=None),
        "exits": asdict(dataset.exits),
        "links": _links(dataset),
    }


def _total(dataset: Dataset, as_of: int | None) -> dict[str, Any]:
    return sums.totals(dataset, from_query(dataset, {}), as_of=as_of)[""][0]


def _links(dataset: Dataset) -> dict[str, str]:
    """Addresses on this server by what they lead to, those of the open exits."""
    links = {
        "self": reverse("pages:dataset-json", args=[dataset.name]),
        "about": reverse("pages:dataset", args=[dataset.name]),
    }
    if is_open(dataset, "pages"):
        links["list"] = reverse("pages:list", args=[dataset])
        if is_open(dataset, "lists"):
            links["list_json"] = reverse("pages:list-json", args=[dataset])
        if is_open(dataset, "lists", "tables"):
            links |= {kind: reverse(f"pages:list-{kind}", args=[dataset]) for kind in ("csv", "xlsx")}
            links["csv_metadata"] = reverse("pages:list-csv-metadata", args=[dataset])
        if is_open(dataset, "geojson"):
            links["geojson"] = reverse("pages:list-geojson", args=[dataset])
    if is_open(dataset, "tiles"):
        links["tilejson"] = data_address("tiles:tilejson", f"/tiles/{dataset.name}.json", dataset.name)
    return links


def _summary(dataset: Dataset, newest: PublishedRevision | None, as_of: int | None) -> dict[str, Any]:
    total = _total(dataset, as_of)
    return {
        "name": dataset.name,
        "title": dataset.title_plural,
        "description": dataset.description,
        "count_label": dataset.counted,
        "totals": {
            "count": count_text(total["count"]),
            "size_text": total_text(dataset, total),
            **dict(zip(("size", "size_note"), total_parts(dataset, total), strict=True)),
            "areas": areas(dataset, total),
        },
        "made_up": total["is_made_up"],
        "newest": newest,
        "url": reverse("pages:dataset", args=[dataset.name]),
    }


def _field_row(field: dict[str, Any]) -> dict[str, Any]:
    """A described field in the reader's language."""
    return {
        "name": field["name"],
        "label": _in_words(field["label"]),
        "type": TYPES[field["type"]],
        "unit": _in_words(field["unit"]),
        **{name: _in_words(field[name]) for name in ("description", "source", "accuracy", "legal_basis")},
        "codes": [_code_row(one) for one in field["codes"]],
        "parameters": field["filter"]["parameters"] if field["filter"] else [],
    }


def _code_row(code: dict[str, Any]) -> dict[str, str]:
    return {"code": code["code"], **{name: _in_words(code[name]) for name in ("label", "meaning")}}


def _in_words(texts: schema.Texts | None) -> str:
    return texts[get_language() or ""] if texts else ""
