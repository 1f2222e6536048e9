"""The pages of every dataset: map, list and feature, with .json and .geojson beside them."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import uri_to_iri
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.catalog import queries, registry
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.exits import is_open, through
from landgis.catalog.filters import filterable, from_query, parse_after
from landgis.catalog.pictures import Picture, pictures_of
from landgis.catalog.subject import PublicState, Subject, subject_of
from landgis.catalog.surroundings import surroundings
from landgis.lib.answers import as_json
from landgis.lib.filters import And
from landgis.lib.order import order_key
from landgis.pages import actions, corners, facts, lineage, maps, opengraph, paper
from landgis.pages import surroundings as around
from landgis.pages.answers import gone
from landgis.pages.part_reader import PartReader
from landgis.pages.stills import BESIDE_A_LIST, stills
from landgis.pages.texts import count_text, size_text, total_of, total_text, value_text

PAGE_ROWS = 50
GEOJSON = "application/geo+json"
NARROW_COLUMNS = 5  # with more beside the title a table needs the whole page where that is no wider than a laptop's


def _colours(dataset: Dataset, totals: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The colours of the map as entries of its legend, those that occur; each with its rows."""
    name = dataset.map.style.colour_by
    counts = {line["value"]: line["count"] for line in totals.get(name, [])}
    list_url = reverse("pages:list", args=[dataset])
    return [
        {
            "colour": colour,
            "is_dashed": code in dataset.map.style.dashed,
            "label": value_text(dataset, dataset.field(name), code),
            "count": count_text(counts[code]),
            "url": f"{list_url}?{_with(QueryDict(), **{name: code})}" if dataset.field(name).filters else None,
        }
        for code, colour in dataset.map.style.colours.items()
        if code in counts
    ]


@require_safe
@through("pages")
def feature_list(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """List of a dataset: totals, groups, filter, rows, map; whole without scripts."""
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    where = from_query(dataset, request.GET, as_of=as_of)
    usual = from_query(dataset, {})
    grouped = [field.name for field in dataset.public_fields if field.groups]
    overall = queries.totals(dataset, usual, by=grouped, as_of=as_of)
    result = queries.totals(dataset, where, as_of=as_of)[""][0] if where != usual else overall[""][0]
    rows = _page_of_rows(request, dataset, where, as_of) if is_open(dataset, "lists") else []
    list_url, state = reverse("pages:list", args=[dataset]), PublicState(as_of)
    query = _kept(request.GET)
    in_time = PartReader()
    bounds = in_time(_list_bounds, dataset, where, as_of) if is_open(dataset, "tiles") else None
    context = {
        "dataset_name": dataset.name,
        "title": dataset.title_plural,
        "count_label": dataset.counted,
        "description": dataset.description,
        "list_url": list_url,
        "made_up": overall[""][0]["is_made_up"],
        "lists_rows": is_open(dataset, "lists"),
        "as_of": _as_of(state, list_url),
        "totals": _sums(dataset, overall[""][0]),
        "groups": [_group(dataset, name, overall[name]) for name in grouped],
        "parts": _parts(in_time, dataset.parts.list, where, state, request.GET),
        "filters": _filters(dataset, request.GET, overall),
        "chips": list(_chips(dataset, request.GET)),
        "result": _sums(dataset, result),
        "name_label": dataset.label(dataset.title_field),
        "columns": [_column(dataset, field) for field in _listed(dataset)],
        "is_wide": len(_listed(dataset)) > NARROW_COLUMNS,
        "rows": [_row(dataset, row, as_of) for row in rows[:PAGE_ROWS]],
        "next_url": f"?{_with(query, after=rows[PAGE_ROWS - 1]['ref'])}" if len(rows) > PAGE_ROWS else None,
        "first_url": f"?{query.urlencode()}" if "after" in request.GET else None,
        "formats": _formats(dataset, query),
        "style": dataset.map.style,
        "colours": _colours(dataset, overall),
        "og": opengraph.of_map(
            request, [dataset], bounds, query.dict(), title=str(dataset.title_plural), text=str(dataset.description)
        ),
        "stills": stills([dataset], bounds, BESIDE_A_LIST, query.dict(), scene=request.GET.get("scene")),
        "map_config": maps.config(
            [dataset], bounds=bounds, query=query.urlencode(), made_up=overall[""][0]["is_made_up"]
        ),
        "has_cut": in_time.has_cut,  # last: it tells of those above
    }
    return render(request, "pages/list.html", context)


def _page_of_rows(request: HttpRequest, dataset: Dataset, where: And, as_of: int | None) -> list[dict[str, Any]]:
    """The rows of the page that the address asks for, and one more where there is a next page."""
    after = parse_after(request.GET.get("after"))
    return queries.listed(dataset, where, as_of=as_of, after=after, limit=PAGE_ROWS + 1)


@require_safe
@through("pages")
def feature(request: HttpRequest, dataset: Dataset, ref: str) -> HttpResponse:
    """The page of one feature: every public fact with unit, source and date."""
    found = subject_of(dataset, ref, as_of=queries.parse_as_of(request.GET.get("as_of")))
    if found is None:
        return gone(request, dataset, ref)
    context = _feature_context(found)
    context["og"] = opengraph.of_feature(request, found, context["title"])
    return render(request, "pages/feature.html", context)


@require_safe
@through("pages")
def feature_pdf(request: HttpRequest, dataset: Dataset, ref: str) -> HttpResponseBase:
    """The same as a PDF."""
    found = subject_of(dataset, ref, as_of=queries.parse_as_of(request.GET.get("as_of")))
    if found is None:
        return gone(request, dataset, ref)
    context = _feature_context(found)
    url = request.build_absolute_uri(reverse("pages:feature", args=[dataset, ref]))
    return paper.answer(request, context, url, f"{dataset.path}-{ref}")


def _feature_context(subject: Subject) -> dict[str, Any]:
    """What pages/feature.html and pages/paper.html show of a feature.

    What is known only of today (images, what touches it, open reports) is not shown of a past state.
    """
    dataset, row, ref, as_of = subject.dataset, subject.row, subject.ref, subject.state.as_of
    url, in_time = reverse("pages:feature", args=[dataset, ref]), PartReader()
    pictures = in_time(_pictures, dataset, row) if dataset.geometry and not as_of else None
    return {
        "dataset_name": dataset.name,
        "dataset_title": dataset.title_plural,
        "title": dataset.title_of(row),
        "title_is_as_given": dataset.has_own_name(row),
        "ref": ref,
        "list_url": reverse("pages:list", args=[dataset]),
        "made_up": row["is_made_up"],
        "as_of": _as_of(subject.state, url),
        "groups": facts.groups(subject),
        "actions": actions.of_feature(subject),
        "source": {
            "name": row["source"],
            "as_of": row["source_as_of"],
            "revision": row["from_revision"],
            "applied_at": row["applied_at"],
            "licence": dataset.licence,
        },
        "history": in_time(lineage.context, subject),
        "corners": in_time(corners.table, subject),
        "head_parts": _parts(in_time, dataset.parts.head, subject),
        "parts": _parts(in_time, dataset.parts.page, subject),
        "formats": _formats(dataset, QueryDict(f"as_of={as_of}" if as_of else ""), ref),
        "map_config": maps.of_feature(subject),
        "picture": maps.outline(pictures[0]) if pictures else None,
        "pictures": pictures,
        "around": in_time(_around, dataset, ref) if dataset.geometry and not as_of else None,
        "uses": around.uses(dataset, row),
        "more_parts": _parts(in_time, registry.feature_parts(), subject),
        "centre": _centre(dataset, row),
        "has_cut": in_time.has_cut,  # last: it tells of those above
    }


def _parts(in_time: PartReader, parts: Iterable[tuple[str, Any]], *given: Any) -> list[dict[str, Any]]:
    """Those that could be read in time and have something to tell."""
    found = [(template, in_time(query, *given)) for template, query in parts]
    return [{"template": template, "context": context} for template, context in found if context is not None]


def _around(dataset: Dataset, ref: str) -> dict[str, Any]:
    return around.context(dataset, surroundings(dataset, ref))


@require_safe
@through("lists")
def list_json(request: HttpRequest, dataset: Dataset) -> HttpResponseBase:
    """The totals and the first rows of a list as JSON, with the address of the next ones."""
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    where = from_query(dataset, request.GET, as_of=as_of)
    grouped = [field.name for field in dataset.public_fields if field.groups]
    rows = _page_of_rows(request, dataset, where, as_of)
    content: dict[str, Any] = {
        "dataset": dataset.name,
        "totals": queries.totals(dataset, where, by=grouped, as_of=as_of),
        "rows": rows[:PAGE_ROWS],
        "next": None,
    }
    if len(rows) > PAGE_ROWS:
        query = _with(_kept(request.GET), after=rows[PAGE_ROWS - 1]["ref"])
        content["next"] = request.build_absolute_uri(f"{request.path}?{query}")
    return as_json(request, content)


@require_safe
@through("geojson")
def list_geojson(request: HttpRequest, dataset: Dataset) -> StreamingHttpResponse:
    """All rows of a list as one GeoJSON FeatureCollection, streamed."""
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    features = queries.geojson_features(dataset, from_query(dataset, request.GET, as_of=as_of), as_of=as_of)
    # The first row is read before the answer begins, so that a failure is still an error, not a cut file.
    first = list(itertools.islice(features, 1))
    written = _collection(itertools.chain(first, features))
    return StreamingHttpResponse(written, content_type=GEOJSON)


@require_safe
@through("pages")
def feature_json(request: HttpRequest, dataset: Dataset, ref: str) -> HttpResponseBase:
    """The facts of the page as JSON."""
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    row = queries.feature(dataset, ref, as_of=as_of)
    return as_json(request, row) if row else gone(request, dataset, ref)


@require_safe
@through("geojson")
def feature_geojson(request: HttpRequest, dataset: Dataset, ref: str) -> HttpResponseBase:
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    found = queries.geojson_feature(dataset, ref, as_of=as_of)
    if found is None:
        return gone(request, dataset, ref)
    return as_json(request, found, media_type=GEOJSON)


def _collection(features: Iterator[str]) -> Iterator[str]:
    yield '{"type":"FeatureCollection","features":['
    for number, text in enumerate(features):
        yield (",\n" if number else "\n") + text
    yield "\n]}\n"


def _sums(dataset: Dataset, line: dict[str, Any]) -> dict[str, Any]:
    measure = dataset.geometry_kind.measure
    return {
        "count": count_text(line["count"]),
        "size_text": total_text(dataset, line),
        "size_label": measure.total_label if measure else "",
    }


def _kept(query: QueryDict) -> QueryDict:
    """The query without the place in the list and the scene on the map, which choose no rows."""
    kept = query.copy()
    for name in ("after", "scene", "compare"):
        kept.pop(name, None)
    return kept


def _with(query: QueryDict, **values: str) -> str:
    changed = query.copy()
    for name, value in values.items():
        changed[name] = value
    return changed.urlencode()


def _as_of(state: PublicState, current_url: str) -> dict[str, Any] | None:
    if state.as_of is None:
        return None
    at = state.revision.applied_at if state.revision else None
    return {"number": state.as_of, "applied_at": at, "current_url": current_url}


def _list_bounds(dataset: Dataset, where: And, as_of: int | None) -> tuple[float, float, float, float] | None:
    """All that a filter or a past state shows; else the box round nearly everything."""
    if where != from_query(dataset, {}) or as_of:
        return queries.extent(dataset, where, as_of=as_of)
    return maps.widened(maps.common_extent([dataset]))


def _group(dataset: Dataset, name: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    field = dataset.field(name)
    rows = [
        {
            "label": value_text(dataset, field, line["value"]) or _("not stated"),
            "is_as_given": bool(line["value"]) and dataset.is_free_text(name),
            "count": count_text(line["count"]),
            "size_text": total_text(dataset, line),
            # Letters as they are: written %C3%B4 a page with all communes would be a sixth longer on the line.
            "url": uri_to_iri(f"?{_with(QueryDict(), **{name: line['value']})}")
            if line["value"] and field.filters
            else None,
        }
        for line in lines
    ]
    measure = dataset.geometry_kind.measure
    sizes = [size for line in lines if (size := total_of(dataset, line)) is not None]
    sums = {
        "count": count_text(sum(line["count"] for line in lines)),
        "size_text": size_text(measure, sum(sizes) if sizes else None),
    }
    return {
        "label": dataset.label(name),
        "size_label": measure.label if measure else "",
        "rows": rows,
        "sum": sums,
    }


def _filters(dataset: Dataset, query: QueryDict, overall: dict[str, list]) -> list[dict[str, Any]]:
    """The controls of the filter form, those that are no columns last."""
    lookups = [
        {"name": one.name, "label": one.label, "kind": one.kind, "value": query.get(one.name)}
        for one in dataset.lists.lookups
    ]
    return [_filter(dataset, field, query, overall) for field in filterable(dataset) if field.in_form] + lookups


def _filter(dataset: Dataset, field: Field, query: QueryDict, overall: dict[str, list]) -> dict[str, Any]:
    """One control of the filter form."""
    shown: dict[str, Any] = {"name": field.name, "label": dataset.label(field.name), "unit": field.unit}
    if dataset.is_range(field.name):
        ends = {"min_name": f"{field.name}_min", "max_name": f"{field.name}_max"}
        values = {"min_value": query.get(ends["min_name"]), "max_value": query.get(ends["max_name"])}
        return shown | ends | values | {"kind": "range"}
    if field.groups or dataset.choices(field.name):
        chosen = query.get(field.name, field.default)
        present = [line["value"] for line in overall.get(field.name, [])] or list(dataset.choices(field.name))
        options = [
            {"value": value, "label": value_text(dataset, field, value), "selected": value == chosen}
            for value in present
            if value
        ]
        options.sort(key=lambda option: order_key(option["label"]))
        is_as_given = dataset.is_free_text(field.name)
        return shown | {"kind": "choice", "options": options, "default": field.default, "is_as_given": is_as_given}
    return shown | {"kind": "text", "value": query.get(field.name)}


def _chips(dataset: Dataset, query: QueryDict) -> Iterator[dict[str, str]]:
    """The filters that are on, each with the address without it."""
    for field in filterable(dataset):
        for suffix, sign in (("", ":"), ("_min", " ≥"), ("_max", " ≤")):
            name = field.name + suffix
            value = query.get(name)
            if value:
                without = _kept(query)
                without.pop(name)
                label = f"{dataset.label(field.name)}{sign} {value_text(dataset, field, value)} {field.unit}"
                yield {"label": label.strip(), "url": f"?{without.urlencode()}"}
    for lookup in dataset.lists.lookups:
        if value := query.get(lookup.name):
            without = _kept(query)
            without.pop(lookup.name)
            yield {"label": f"{lookup.label}: {value}", "url": f"?{without.urlencode()}"}


def _listed(dataset: Dataset) -> list[Field]:
    """The columns of a list beside the title."""
    return [field for field in dataset.public_fields if field.in_list and field.name != dataset.title_field]


def _column(dataset: Dataset, field: Field) -> dict[str, Any]:
    unit = f" ({field.unit})" if field.unit else ""
    return {"label": f"{dataset.label(field.name)}{unit}", "numeric": dataset.is_number(field.name)}


def _row(dataset: Dataset, row: dict[str, Any], as_of: int | None) -> dict[str, Any]:
    url = reverse("pages:feature", args=[dataset, row["ref"]])
    return {
        "ref": row["ref"],
        "url": f"{url}?as_of={as_of}" if as_of else url,
        "title": dataset.title_of(row),
        "title_is_as_given": dataset.has_own_name(row),
        "cells": [
            _column(dataset, field)
            | {"text": value_text(dataset, field, row[field.name]), "is_as_given": dataset.is_free_text(field.name)}
            for field in _listed(dataset)
        ],
    }


def _formats(dataset: Dataset, query: QueryDict, ref: str | None = None) -> list[dict[str, str]]:
    """The addresses of the same data in other forms, with the filter of the list."""
    names = ["json"] if ref or is_open(dataset, "lists") else []
    names += ["geojson"] if dataset.geometry and is_open(dataset, "geojson") else []
    if not ref and is_open(dataset, "lists"):
        names = ["csv", "xlsx", *names] if is_open(dataset, "tables") else names
        # Calendars and feeds are of now.
        names += [] if query.get("as_of") else (["calendar"] if dataset.moments else []) + ["feed"]
    base = "feature" if ref else "list"
    arguments = [dataset, ref] if ref else [dataset]
    suffix = f"?{query.urlencode()}" if query else ""
    if ref:
        names = ["pdf", *names]
    labels = {
        "pdf": "PDF",
        "csv": "CSV",
        "xlsx": "XLSX",
        "json": "JSON",
        "geojson": "GeoJSON",
        "calendar": _("Calendar"),
        "feed": "Atom",
    }
    return [{"label": labels[name], "url": reverse(f"pages:{base}-{name}", args=arguments) + suffix} for name in names]


def _pictures(dataset: Dataset, row: Mapping[str, Any]) -> list[Picture]:
    """The newest pictures of a feature, two at most: how it is, and how it was."""
    return pictures_of(dataset, row["ref"], (row["west"], row["south"], row["east"], row["north"]))[:2]


def _centre(dataset: Dataset, row: Mapping[str, Any]) -> dict[str, str] | None:
    """The middle of the feature, for people and for the phone's navigator."""
    if not dataset.geometry:
        return None
    longitude, latitude = queries.place_of(row)
    place = f"{latitude:.6f},{longitude:.6f}"
    return {"text": place.replace(",", ", "), "url": f"geo:{place}"}
