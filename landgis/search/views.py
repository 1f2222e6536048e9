"""The page of results and the suggestions as one types."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.catalog import queries as catalog
from landgis.lib.answers import GEOJSON, as_json
from landgis.lib.filters import FilterError
from landgis.lib.parameters import LANG, Parameter, knows
from landgis.search import answers, questions, vocabulary
from landgis.search.hits import Hit, by_kind

PAGE_HITS = 30
MOST_HITS = 500  # behind `?all=1`
ALL = Parameter("all", values=("1",))
SUGGESTIONS = 8
MOST_SUGGESTIONS = 20


@require_safe
@knows("q", "as_of", ALL, is_page=True)
def results(request: HttpRequest) -> HttpResponse:
    """GET /search?q=: what was found by kind, whole without scripts; 400 with the form for what cannot be understood."""
    text = request.GET.get("q", "")
    context: dict[str, Any] = {
        "search_text": text.replace("\x00", "")[: questions.LONGEST],
        "examples": vocabulary.examples(),
    }
    if not text.strip() and "as_of" not in request.GET:
        return render(request, "search/results.html", context)
    try:
        _only_now(request)
        answer = answers.answer(text, limit=MOST_HITS if ALL.name in request.GET else PAGE_HITS)
    except FilterError as error:
        return render(request, "search/results.html", context | {"problem": str(error)}, status=400)
    context |= {
        "asked": True,
        "hits": answer.hits,
        "groups": by_kind(answer.hits),
        "all_url": "" if ALL.name in request.GET else f"?{urlencode({'q': text, ALL.name: '1'})}",
        "notes": answer.notes,
        "is_cut": answer.is_cut,
        "all_made_up": bool(answer.hits) and all(hit.is_made_up for hit in answer.hits),
        "is_similar": answer.is_similar and not answer.notes,
        "read_as": answer.read_as,
        "understood": answer.understood,
    }
    return render(request, "search/results.html", context)


@require_safe
@knows("q", LANG, "limit", "as_of")
def suggest(request: HttpRequest) -> HttpResponseBase:
    """GET /api/search?q=: the best hits as a GeoJSON FeatureCollection.

    `lang` is vi or en, `limit` 1 to 20. A feature is a point inside what was found, with its box; properties are
    dataset, dataset_title, ref, title, detail, remark, url, match and is_made_up; `title_lang` is the language of the
    title, and `details` are the pieces of the detail with theirs. `match` is ref, ref-start, title,
    title-start, title-words, words or similar, or names what a reader found: number, code, address, coordinates, list,
    today (what lies there now), elsewhere. A point of the map or a list has no dataset and ref. Beside the features
    stand `understood`, how the question was read, and `notes`, the sentences that explain what was missed or read otherwise
    than it was written.
    """
    _only_now(request)
    answer = answers.answer(request.GET.get("q", ""), limit=_limit(request))
    content = {
        "type": "FeatureCollection",
        "revision": catalog.latest_number(),
        "understood": answer.understood,
        "notes": [*answer.notes, *filter(None, [answer.read_as])],
        "features": [_feature(hit) for hit in answer.hits],
    }
    return as_json(request, content, media_type=GEOJSON)


def _only_now(request: HttpRequest) -> None:
    if "as_of" in request.GET:
        raise FilterError("as_of", _("Search knows only what is in force now. Leave as_of out, or use a list."))


def _limit(request: HttpRequest) -> int:
    text = request.GET.get("limit") or str(SUGGESTIONS)
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST_SUGGESTIONS):
        raise FilterError("limit", _("Write a number from 1 to %(most)s.") % {"most": MOST_SUGGESTIONS})
    return int(text)


def _feature(hit: Hit) -> dict[str, Any]:
    feature: dict[str, Any] = {
        "type": "Feature",
        "id": hit.id,
        "geometry": {"type": "Point", "coordinates": _rounded(hit.centre)} if hit.centre else None,
        "properties": {
            "dataset": hit.dataset.name if hit.dataset else None,
            "dataset_title": hit.kind,
            "ref": hit.ref or None,
            "title": hit.title,
            "title_lang": _spoken(hit.is_as_given),
            "detail": hit.detail,
            "details": [{"text": text, "lang": _spoken(is_as_given)} for text, is_as_given in hit.details],
            "remark": hit.note,
            "url": hit.url,
            "match": hit.match,
            "is_made_up": hit.is_made_up,
        },
    }
    return feature | ({"bbox": _rounded(hit.box)} if hit.box else {})


def _spoken(is_as_given: bool) -> str:
    """The language of a text."""
    return settings.LANGUAGE_CODE if is_as_given else translation.get_language() or settings.LANGUAGE_CODE


def _rounded(degrees: tuple[float, ...]) -> list[float]:
    """To the decimetre."""
    return [round(degree, 6) for degree in degrees]
