"""The page of a feature of any dataset, and its facts as PDF, JSON and GeoJSON."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from landgis.catalog import queries, registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.exits import is_open, through
from landgis.catalog.glossary_marks import words_in
from landgis.catalog.pictures import BESIDE, SCENE, Picture, pictures_of
from landgis.catalog.subject import Subject, subject_of
from landgis.lib.answers import GEOJSON, as_json
from landgis.lib.parameters import knows
from landgis.pages import (
    actions,
    corners,
    extract,
    facts,
    feature_data,
    focus,
    lineage,
    links,
    maps,
    notices,
    opengraph,
    paper,
)
from landgis.pages import surroundings as around
from landgis.pages.answers import gone
from landgis.pages.part_reader import PartReader


@require_safe
@through("pages")
@knows("as_of", SCENE, BESIDE, is_page=True)
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
@knows("as_of", is_page=True)
def feature_pdf(request: HttpRequest, dataset: Dataset, ref: str) -> HttpResponseBase:
    """The same as a PDF."""
    found = subject_of(dataset, ref, as_of=queries.parse_as_of(request.GET.get("as_of")))
    if found is None:
        return gone(request, dataset, ref)
    context = _feature_context(found)
    url = request.build_absolute_uri(reverse("pages:feature", args=[dataset, ref]))
    return paper.answer(request, context, url, f"{dataset.path}-{ref}")


@require_safe
@through("pages")
@knows("as_of", is_page=True)
def feature_extract(request: HttpRequest, dataset: Dataset, ref: str) -> HttpResponseBase:
    """GET /<path>/<ref>/extract.pdf: what matters of it on one sheet."""
    found = subject_of(dataset, ref, as_of=queries.parse_as_of(request.GET.get("as_of")), is_timeless=True)
    if found is None:
        return gone(request, dataset, ref)
    page = _feature_context(found)
    url = request.build_absolute_uri(reverse("pages:feature", args=[dataset, ref]))
    context = {**page, **extract.context(found, page), "page_url": url}
    way, name = f"{url}?{extract.query(page)}", f"{dataset.path}-{ref}"
    return paper.answer(request, context, way, name, "pages/extract.html", extract.leaner(context))


@require_safe
@through("pages")
@knows("as_of")
def feature_json(request: HttpRequest, dataset: Dataset, ref: str) -> HttpResponseBase:
    """The values of the columns as JSON, and what the page says beside them."""
    found = subject_of(dataset, ref, as_of=queries.parse_as_of(request.GET.get("as_of")))
    if found is None:
        return gone(request, dataset, ref)
    return as_json(request, feature_data.content(found.row, _feature_context(found)))


@require_safe
@through("geojson")
@knows("as_of")
def feature_geojson(request: HttpRequest, dataset: Dataset, ref: str) -> HttpResponseBase:
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    found = queries.geojson_feature(dataset, ref, as_of=as_of)
    if found is None:
        return gone(request, dataset, ref)
    return as_json(request, found, media_type=GEOJSON)


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
        "as_of": links.to_today(subject.state, url),
        **_facts(subject, in_time),
        "actions": actions.of_feature(subject, in_time),
        "source": {
            "name": row["source"],
            "as_of": row["source_as_of"],
            "revision": row["from_revision"],
            "applied_at": row["applied_at"],
            "licence": dataset.licence,
        },
        "history": in_time(lineage.context, subject),
        "corners": in_time(corners.table, subject),
        "head_parts": in_time.parts(notices.heads(dataset), subject),
        "parts": in_time.parts(dataset.parts.page, subject),
        "formats": links.formats(dataset, QueryDict(f"as_of={as_of}" if as_of else ""), ref),
        "map_config": maps.of_feature(subject),
        "picture": maps.outline(pictures[0]) if pictures else None,
        "pictures": pictures,
        "around": in_time(_around, subject) if dataset.geometry and not as_of else None,
        "uses": around.uses(dataset, row),
        "more_parts": in_time.parts(registry.feature_parts(), subject),
        "place": _place(subject),
        **in_time.missing,  # last: it tells of those above
    }


def _facts(subject: Subject, in_time: PartReader) -> dict[str, Any]:
    groups = facts.groups(subject, in_time)
    return {"groups": groups, "words": words_in(fact["label"] for group in groups for fact in group["facts"])}


def _around(subject: Subject) -> dict[str, Any]:
    return around.context(subject.dataset, subject.surroundings)


def _pictures(dataset: Dataset, row: Mapping[str, Any]) -> list[Picture]:
    """The newest pictures of a feature, two at most: how it is, and how it was."""
    return pictures_of(dataset, row["ref"], (row["west"], row["south"], row["east"], row["north"]))[:2]


def _place(subject: Subject) -> dict[str, str | None] | None:
    """A point on the feature, for people and for the phone's navigator, and where the large map shows it."""
    dataset = subject.dataset
    if not dataset.geometry:
        return None
    longitude, latitude = queries.place_of(subject.row)
    place = f"{latitude:.6f},{longitude:.6f}"
    is_on_map = is_open(dataset, "tiles") and subject.state.as_of is None
    return {
        "label": f"{dataset.geometry_kind.place_label} (WGS 84)",
        "text": place.replace(",", ", "),
        "url": f"geo:{place}",
        "map_url": focus.address(dataset, subject.ref) if is_on_map else None,
    }
