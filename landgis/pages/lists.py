"""The list of any dataset: totals, groups, filter, rows, map; whole without scripts. And the same as JSON and GeoJSON."""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import uri_to_iri
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.catalog import memory, queries, sums, unit_filters
from landgis.catalog.dataset import Dataset
from landgis.catalog.exits import is_open, through
from landgis.catalog.filters import from_query
from landgis.catalog.meant import PageFilter, meant
from landgis.catalog.parameters import of_rows
from landgis.catalog.pictures import SCENE
from landgis.catalog.subject import PublicState
from landgis.lib.answers import GEOJSON, NumbersAsNumbers, as_json
from landgis.lib.filters import FilterError
from landgis.lib.parameters import knows
from landgis.pages import headings, links, list_columns, list_form, list_map, sentences, sorting
from landgis.pages.list_rows import PAGE_ROWS, UNSORTED, page_of_rows
from landgis.pages.part_reader import PartReader
from landgis.pages.texts import areas, both_areas, count_text, total_parts, total_text, value_text

Rows = Sequence[dict[str, Any]]
NARROW_COLUMNS = 5  # with more beside the title a table needs the whole page where that is no wider than a laptop's


@require_safe
@through("pages")
@knows(of_rows, sorting.parameters, sentences.parameters, "after", SCENE, "compare", is_page=True)
@memory.one_state()
def feature_list(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """List of a dataset: totals, groups, filter, rows, map; whole without scripts."""
    if answer := sentences.redirected(request, dataset):
        return answer
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    said = meant(dataset, request.GET, as_of=as_of)
    where, usual = said.where, from_query(dataset, {})
    order = _order(dataset, said)
    grouped = [field.name for field in dataset.public_fields if field.groups]
    under = headings.counted_by(dataset)
    overall = sums.totals(dataset, usual, by=list(dict.fromkeys([*grouped, *under])), as_of=as_of)
    totals = sums.totals(dataset, where, by=under, as_of=as_of) if where != usual else overall
    state, in_time = PublicState(as_of), PartReader()
    found, total = totals[""][0]["count"], overall[""][0]["count"]
    rows_of_page = partial(page_of_rows, said.query, dataset, where, as_of, found=found, total=total)
    rows, order = _rows(in_time, dataset, rows_of_page, order)
    query = sentences.without(sorting.without_order(list_form.kept(said.query)))
    refs = [row["ref"] for row in rows[:PAGE_ROWS]]
    is_whole = (where, as_of) == (usual, None) and len(rows) <= PAGE_ROWS and "after" not in said.query
    on_map = in_time(lambda: list_map.list_map(dataset, query, where, as_of, refs, is_whole=is_whole))
    context = {
        **_about(dataset, overall[""][0], state),
        "groups": [_group(dataset, name, overall[name], overall[""][0], as_of) for name in grouped],
        "parts": in_time.parts(dataset.parts.list, where, state, said.query),
        "filters": [
            *list_form.filters(dataset, request.GET, overall, as_of, said.problems),
            *sorting.box(dataset, request.GET, said.problems),
        ],
        "problems": list_form.told(dataset, request.GET, said.problems),
        "chips": [*list_form.chips(dataset, said.query, as_of), *sorting.chips(said.query, order)],
        "result": _sums(dataset, totals[""][0]),
        **sentences.box(dataset, said.query),
        **_table(in_time, sentences.without(said.query), dataset, rows, totals, as_of, order),
        "formats": links.formats(dataset, query),
        **(in_time(_legend, dataset, overall, on_map, as_of) or {}),
        **list_map.context(request, dataset, on_map, query, refs, as_of, made_up=overall[""][0]["is_made_up"]),
        **in_time.missing,  # last: it tells of those above
    }
    return render(request, "pages/list.html", context, status=400 if said.problems else 200)


def _order(dataset: Dataset, said: PageFilter) -> sorting.RowOrder:
    """The order that is asked for; a place that nobody knows is told beside its box."""
    try:
        return sorting.read(dataset, said.query)
    except FilterError as error:
        said.problems[error.parameter] = error
        del said.query[error.parameter]
        return sorting.read(dataset, said.query)


def _about(dataset: Dataset, line: dict[str, Any], state: PublicState) -> dict[str, Any]:
    """What the page says of the dataset; `line` holds the totals of all its rows."""
    list_url = reverse("pages:list", args=[dataset])
    return {
        "dataset_name": dataset.name,
        "title": dataset.title_plural,
        "count_label": dataset.counted,
        "description": dataset.description,
        "list_url": list_url,
        "made_up": line["is_made_up"],
        "lists_rows": is_open(dataset, "lists"),
        "as_of": links.to_today(state, list_url),
        "totals": _sums(dataset, line),
    }


def _table(
    in_time: PartReader,
    asked: QueryDict,
    dataset: Dataset,
    rows: Rows,
    totals: headings.Lines,
    as_of: int | None,
    order: sorting.RowOrder,
) -> dict[str, Any]:
    """The rows under their headings, with the ways to sort them, to the next ones and back to the first."""
    query = list_form.kept(asked)
    columns, here = list_columns.columns(dataset, order), rows[:PAGE_ROWS]
    shown = list_columns.rows(in_time, dataset, here, columns, as_of)
    return {
        "name_label": dataset.label(dataset.title_field),
        "meanings": " ".join([dataset.title_field, *(one.name for one in columns if one.owner is dataset)]),
        "meanings_url": reverse("pages:dataset", args=[dataset.name]),
        "columns": columns,
        "is_wide": len(columns) > NARROW_COLUMNS,
        "width": len(columns) + 1,
        "bodies": headings.bodies(dataset, here, shown, totals, order),
        "next_url": f"?{list_form.changed(query, after=rows[PAGE_ROWS - 1]['ref'])}" if len(rows) > PAGE_ROWS else None,
        "first_url": f"?{query.urlencode()}" if "after" in asked else None,
        **sorting.links(dataset, query),
    }


def _rows(
    in_time: PartReader, dataset: Dataset, rows_of_page: Callable[..., list[dict[str, Any]]], order: sorting.RowOrder
) -> tuple[list[dict[str, Any]], sorting.RowOrder]:
    """The rows with what stands beside them, and their order: without it and what follows from it, where its dataset fails."""
    if not is_open(dataset, "lists"):
        return [], order
    theirs = dataset.lists.beside.fields if dataset.lists.beside else ()
    own = UNSORTED if order.sorting and order.sorting.field in theirs else order
    return in_time.or_without(
        lambda: (rows_of_page(order, beside=True), order),
        lambda: (rows_of_page(own), own),
    )


@require_safe
@through("lists")
@knows(of_rows, "after")
@memory.one_state()
def list_json(request: HttpRequest, dataset: Dataset) -> HttpResponseBase:
    """The totals and the first rows of a list as JSON, with the address of the next ones."""
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    where = from_query(dataset, request.GET, as_of=as_of)
    grouped = [field.name for field in dataset.public_fields if field.groups]
    totals = sums.totals(dataset, where, by=grouped, as_of=as_of)
    rows = page_of_rows(request.GET, dataset, where, as_of, found=totals[""][0]["count"])
    content: dict[str, Any] = {
        "dataset": dataset.name,
        "understood": list_form.understood(dataset, request.GET, as_of),
        "totals": totals,
        "rows": rows[:PAGE_ROWS],
        "next": None,
    }
    if len(rows) > PAGE_ROWS:
        query = list_form.changed(list_form.kept(request.GET), after=rows[PAGE_ROWS - 1]["ref"])
        content["next"] = request.build_absolute_uri(f"{request.path}?{query}")
    return as_json(request, content)


@require_safe
@through("geojson")
@knows(of_rows)
def list_geojson(request: HttpRequest, dataset: Dataset) -> StreamingHttpResponse:
    """All rows of a list as one GeoJSON FeatureCollection, streamed."""
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    where = from_query(dataset, request.GET, as_of=as_of)
    totals = sums.totals(dataset, where, as_of=as_of)[""][0] if dataset.legal_area else None
    features = queries.geojson_features(dataset, where, as_of=as_of)
    # The first row is read before the answer begins, so that a failure is still an error, not a cut file.
    first = list(itertools.islice(features, 1))
    written = _collection(itertools.chain(first, features), totals)
    return StreamingHttpResponse(written, content_type=GEOJSON)


def _collection(features: Iterator[str], totals: dict[str, Any] | None) -> Iterator[str]:
    """With the sums of areas on paper and of computed ones in front, as a foreign member."""
    told = {name: value for name, value in totals.items() if name != "value"} if totals else None
    yield (
        '{"type":"FeatureCollection",'
        + (f'"totals":{json.dumps(told, cls=NumbersAsNumbers)},' if told else "")
        + '"features":['
    )
    for number, text in enumerate(features):
        yield (",\n" if number else "\n") + text
    yield "\n]}\n"


def _legend(
    dataset: Dataset, overall: dict[str, list[dict[str, Any]]], on_map: list_map.ListMap | None, as_of: int | None
) -> dict[str, Any]:
    """What the map beside the list means by its colours."""
    drawn, totals = on_map.dataset if on_map else dataset, overall
    by = drawn.map.style.colour_by
    if on_map and drawn is not dataset:
        totals = sums.totals(drawn, on_map.where, by=[by] if by else [], as_of=as_of)
    return {"colours": _colours(drawn, totals), "style": drawn.map.style}


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
            "url": f"{list_url}?{list_form.changed(QueryDict(), **{name: code})}"
            if dataset.field(name).filters
            else None,
        }
        for code, colour in dataset.map.style.colours.items()
        if code in counts
    ]


def _sums(dataset: Dataset, line: dict[str, Any]) -> dict[str, Any]:
    measure = dataset.geometry_kind.measure
    size, note = total_parts(dataset, line)
    return {
        "count": count_text(line["count"]),
        "size_text": total_text(dataset, line),
        "size": size,
        "size_note": note,
        "size_label": measure.total_label if measure else "",
        "areas": areas(dataset, line),
    }


def _group(
    dataset: Dataset, name: str, lines: list[dict[str, Any]], total: dict[str, Any], as_of: int | None
) -> dict[str, Any]:
    field, former = dataset.field(name), unit_filters.former_names(dataset, name, as_of)
    rows = [
        {
            "label": value_text(dataset, field, line["value"]) or _("not stated"),
            "is_as_given": bool(line["value"]) and dataset.is_free_text(name),
            "is_former": line["value"] in former,
            "count": count_text(line["count"]),
            "size_text": total_text(dataset, line),
            "areas": both_areas(dataset, line),
            # Letters as they are: written %C3%B4 a page with all communes would be a sixth longer on the line.
            "url": uri_to_iri(f"?{list_form.changed(QueryDict(), **{name: line['value']})}")
            if line["value"] and field.filters
            else None,
        }
        for line in lines
    ]
    measure = dataset.geometry_kind.measure
    return {
        "label": dataset.label(name),
        "size_label": measure.label if measure else "",
        "rows": rows,
        "sum": _summed(dataset, lines, total),
    }


def _summed(dataset: Dataset, lines: list[dict[str, Any]], total: dict[str, Any]) -> dict[str, Any]:
    """The last line of a group: what its lines add up to."""
    names = [name for name in queries.SIZES if name in total]
    added: dict[str, Any] = {
        name: sum(sizes) if (sizes := [line[name] for line in lines if line[name] is not None]) else None
        for name in names
    }
    counts = {name: sum(line[name] for line in lines) for name in ("count", "area_legal_count")}
    is_sum = total["is_of_one_time"] and total["is_of_one_standing"]
    line = {**total, **added, **counts} if is_sum else {**total, "count": counts["count"]}
    return {
        "count": count_text(line["count"]),
        "size_text": total_text(dataset, line),
        "areas": areas(dataset, line),
    }
