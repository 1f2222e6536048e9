"""The page of results and the suggestions as one types."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.catalog import exits, registry
from landgis.catalog import queries as catalog
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import parse_after
from landgis.lib.answers import GEOJSON, as_json
from landgis.lib.filters import FilterError
from landgis.lib.parameters import LANG, Parameter, knows
from landgis.search import answers, listing, questions, vocabulary
from landgis.search.hits import Group, Hit, by_kind, hits_of

PAGE_HITS = 30
MOST_HITS = 500  # behind `?all=1`
MOST_LISTED = 100  # behind `?in=`, on one page
ALL = Parameter("all", values=("1",))
SUGGESTIONS = 8
MOST_SUGGESTIONS = 20


def _names() -> list[str]:
    return [dataset.name for dataset in exits.datasets("pages")]


IN = Parameter("in", choices=_names)


@require_safe
@knows("q", "as_of", ALL, IN, "after", is_page=True)
def results(request: HttpRequest) -> HttpResponse:
    """GET /search?q=: what was found by kind, whole without scripts; 400 with the form for what cannot be understood.

    `all` shows up to 500 of them; `in` all of one dataset that has the words, page by page (`after`).
    """
    text = request.GET.get("q", "")
    context: dict[str, Any] = {
        "search_text": text.replace("\x00", "")[: questions.LONGEST],
        "examples": vocabulary.examples(),
    }
    if not text.strip() and "as_of" not in request.GET:
        return render(request, "search/results.html", context)
    try:
        _only_now(request)
        context |= _in_one(request, text) or _found(text, is_all=ALL.name in request.GET)
    except FilterError as error:
        return render(request, "search/results.html", context | {"problem": str(error)}, status=400)
    return render(request, "search/results.html", {"asked": True, **context})


def _found(text: str, *, is_all: bool) -> dict[str, Any]:
    """The best of what was found; where that is not all, how many have the words, and the way to all of each kind."""
    answer = answers.answer(text, limit=MOST_HITS if is_all else PAGE_HITS)
    # Of what is only similar nobody can say how many there are: nothing has all the words.
    counts = answer.listed.counts() if answer.is_cut and answer.listed and not answer.is_similar else {}
    total = sum(counts.values())
    has_more = answer.is_cut and not is_all and total <= MOST_HITS
    return {
        **_shown(answer.hits),
        "groups": [*_counted(by_kind(answer.hits), counts, text)],
        "all_url": f"?{urlencode({'q': text, ALL.name: '1'})}" if has_more else "",
        "notes": answer.notes,
        "is_cut": answer.is_cut,
        "total": _number(total) if total else "",
        "is_similar": answer.is_similar and not answer.notes,
        "read_as": answer.read_as or answer.unfinished,
        "understood": answer.understood,
    }


def _in_one(request: HttpRequest, text: str) -> dict[str, Any]:
    """The rows of the dataset that the address names, in the order of their references; nothing where it names none or the
    words alone do not find several.
    """
    if IN.name not in request.GET or not (listed := answers.answer(text, limit=1).listed):
        return {}
    dataset = registry.get(request.GET[IN.name])
    count = listed.counts().get(dataset, 0)
    after, are_many = parse_after(request.GET.get("after")), count > listing.MOST_COUNTED
    rows = listed.page(dataset, after, MOST_LISTED + 1, are_many=are_many)
    hits = hits_of(rows[:MOST_LISTED])
    return {
        **_shown(hits),
        "groups": [Group(str(dataset.title), hits)],
        "listing": {"count": _number(count), "of": dataset.counted},
        "all_url": f"?{urlencode({'q': text})}",
        "next_url": _address(text, dataset, rows[MOST_LISTED - 1].ref) if len(rows) > MOST_LISTED else "",
    }


def _shown(hits: Sequence[Hit]) -> dict[str, Any]:
    return {"hits": hits, "all_made_up": bool(hits) and all(hit.is_made_up for hit in hits)}


def _counted(groups: Iterable[Group], counts: Mapping[Dataset, int], text: str) -> Iterator[Group]:
    """The groups with how many there are and the way to all, where more is found than is shown; then what is not shown at all."""
    left = dict(counts)
    for group in groups:
        dataset = group.hits[0].dataset
        count = left.pop(dataset, 0) if dataset else 0
        is_more = dataset and count > len(group.hits)
        yield replace(group, count=_number(count), url=_address(text, dataset)) if dataset and is_more else group
    for dataset, count in left.items():
        yield Group(str(dataset.title), [], _number(count), _address(text, dataset))


def _number(count: int) -> str:
    if count <= listing.MOST_COUNTED:
        return number_format(count, force_grouping=True)
    most = number_format(listing.MOST_COUNTED, force_grouping=True)
    return _("%(most)s+") % {"most": most}


def _address(text: str, dataset: Dataset, after: str = "") -> str:
    return f"?{urlencode({'q': text, IN.name: dataset.name} | ({'after': after} if after else {}))}"


@require_safe
@knows("q", LANG, "limit", "as_of")
def suggest(request: HttpRequest) -> HttpResponseBase:
    """GET /api/search?q=: the best hits as a GeoJSON FeatureCollection.

    `lang` is vi or en, `limit` 1 to 20. A feature is a point inside what was found, with its box; properties are
    dataset, dataset_title, ref, title, detail, remark, url, match and is_made_up; `title_lang` is the language of the
    title, and `details` are the pieces of the detail with theirs. `match` is ref, ref-start, title,
    title-start, title-words, words or similar, or names what a reader found: number, code, address, coordinates, list,
    today (what lies there now), elsewhere. `begins` is what the end of the question is only the beginning of, "182/QĐ-UBND" of
    "182/QĐ-UB"; null where the feature has it whole. A point of the map or a list has no dataset and ref. Beside the features
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
            "begins": hit.begun[1] or None,
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
