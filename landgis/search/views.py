"""The page of results and the suggestions as one types."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.catalog import queries as catalog
from landgis.catalog.addresses import feature_address
from landgis.catalog.filters import FilterError
from landgis.search import queries
from landgis.search.queries import SIMILAR, Hit

PAGE_HITS = 30
SUGGESTIONS = 8
MOST_SUGGESTIONS = 20


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """GET /search?q=: what was found, whole without scripts; 400 with the form for what cannot be understood."""
    text = request.GET.get("q", "")
    context: dict[str, Any] = {"search_text": text.replace("\x00", "")[: queries.LONGEST]}
    if not text.strip() and "as_of" not in request.GET:
        return render(request, "search/results.html", context)
    try:
        _only_now(request)
        question = queries.parse(text)
        hits = queries.search(text, limit=PAGE_HITS + 1)
    except FilterError as error:
        return render(request, "search/results.html", context | {"problem": str(error)}, status=400)
    context |= {
        "asked": True,
        "hits": [_listed(hit) for hit in hits[:PAGE_HITS]],
        "is_cut": len(hits) > PAGE_HITS,
        "is_similar": bool(hits) and hits[0].match == SIMILAR,
        "understood": queries.understood(question),
    }
    return render(request, "search/results.html", context)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """GET /api/search?q=: the best hits as a GeoJSON FeatureCollection.

    `lang` is vi or en, `limit` 1 to 20. A feature is a point inside what was found, with its box; properties are
    dataset, dataset_title, ref, title, detail, url, match and is_made_up. `match` is ref, ref-start, title,
    title-start, title-words, words or similar.
    """
    translation.activate(_language(request))
    _only_now(request)
    hits = queries.search(request.GET.get("q", ""), limit=_limit(request))
    content = {
        "type": "FeatureCollection",
        "revision": catalog.latest_number(),
        "features": [_feature(hit) for hit in hits],
    }
    response = JsonResponse(content, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-cache"
    return response


def _only_now(request: HttpRequest) -> None:
    if "as_of" in request.GET:
        raise FilterError("as_of", _("Search knows only what is in force now. Leave as_of out, or use a list."))


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("lang") or translation.get_language() or settings.LANGUAGE_CODE
    known = [code for code, _name in settings.LANGUAGES]
    if wanted not in known:
        raise FilterError(
            "lang", _("“%(value)s” is not one of: %(codes)s.") % {"value": wanted, "codes": ", ".join(known)}
        )
    return wanted


def _limit(request: HttpRequest) -> int:
    text = request.GET.get("limit") or str(SUGGESTIONS)
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST_SUGGESTIONS):
        raise FilterError("limit", _("Write a number from 1 to %(most)s.") % {"most": MOST_SUGGESTIONS})
    return int(text)


def _listed(hit: Hit) -> dict[str, Any]:
    return {
        "url": feature_address(hit.dataset.name, hit.ref),
        "title": hit.title,
        "ref": hit.ref,
        "detail": hit.detail,
        "dataset_title": hit.dataset.title,
        "colour": hit.dataset.colour,
        "made_up": hit.is_made_up,
    }


def _feature(hit: Hit) -> dict[str, Any]:
    feature: dict[str, Any] = {
        "type": "Feature",
        "id": f"{hit.dataset.name}/{hit.ref}",
        "geometry": {"type": "Point", "coordinates": _rounded(hit.centre)} if hit.centre else None,
        "properties": {
            "dataset": hit.dataset.name,
            "dataset_title": str(hit.dataset.title),
            "ref": hit.ref,
            "title": hit.title,
            "detail": hit.detail,
            "url": feature_address(hit.dataset.name, hit.ref),
            "match": hit.match,
            "is_made_up": hit.is_made_up,
        },
    }
    return feature | ({"bbox": _rounded(hit.box)} if hit.box else {})


def _rounded(degrees: tuple[float, ...]) -> list[float]:
    """To the decimetre."""
    return [round(degree, 6) for degree in degrees]
