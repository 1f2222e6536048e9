"""One address by which other systems lead to a parcel: `/p?commune=26506&sheet=12&parcel=345`, or by its `code`."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.lib.filters import FilterError
from landgis.lib.parameters import Parameter, knows
from landgis.lib.text import one_spelling
from landgis.search import answers, marks, phrases
from landgis.search.gazetteer import Named, gazetteer
from landgis.search.hits import by_kind
from landgis.search.marks import Words
from landgis.search.phrases import Numbers
from landgis.search.places import names_of
from landgis.search.readers import numbers
from landgis.search.rows import cadastre, numbered

COMMUNE, SHEET, PARCEL, CODE = "commune", "sheet", "parcel", "code"
LIMIT = 30
LONGEST = 100

_called = {name: name for name in (COMMUNE, SHEET, PARCEL, CODE)}


def register_parameters(called: Mapping[str, str]) -> None:
    """Add what a country calls the parameters: commune -> "xa"."""
    _called.update({name: meant for meant, name in called.items()})


def _parameters() -> list[Parameter]:
    return [Parameter(name) for name in _called]


@require_safe
@knows(_parameters, is_page=True)
def lead(request: HttpRequest) -> HttpResponse:
    """GET /p: to the parcel (302); where several fit, the choice; where none does, what became of it (404)."""
    asked = _asked(request)
    answer = _by_code(asked[CODE]) if CODE in asked else _by_numbers(asked)
    sure = [hit for hit in answer.hits if hit.match in (numbers.MATCH, "code", "ref")]
    if len(sure) == 1:
        return redirect(sure[0].url)
    hits = sure or answer.hits
    context = {
        "asked": True,
        "search_text": answer.understood,
        "hits": hits,
        "groups": by_kind(hits),
        "notes": answer.notes,
        "all_made_up": bool(answer.hits) and all(hit.is_made_up for hit in answer.hits),
    }
    return render(request, "search/results.html", context, status=200 if sure else 404)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The parameters by what they mean. FilterError for one that is missing, too long or given by two of its names."""
    found: dict[str, str] = {}
    written: dict[str, str] = {}
    for name, given in request.GET.items():
        text = one_spelling(str(given))
        if _called[name] in found or len(text) > LONGEST or "\x00" in given:
            raise FilterError(name, _("Write one value of at most %(most)s characters.") % {"most": LONGEST})
        if text:
            found[_called[name]], written[_called[name]] = text, name
    if CODE in found and len(found) > 1:
        raise FilterError(written[CODE], _("Give either the code, or the sheet and the parcel with their commune."))
    for meant in () if CODE in found else (SHEET, PARCEL):
        number = phrases.number_alone(found.get(meant, ""), meant)
        if not number:
            name = written.get(meant) or [name for name, one in _called.items() if one == meant][-1]
            raise FilterError(name, _("Write the number as it stands on the certificate, such as 12, 345a or 10-1."))
        found[meant] = number
    return found


def _by_code(code: str) -> answers.Answer:
    return answers.answer(code, limit=LIMIT)


def _by_numbers(asked: Mapping[str, str]) -> answers.Answer:
    datasets = numbered()
    if not datasets or not cadastre(datasets).numbers.are_own:
        raise Http404
    place = asked.get(COMMUNE, "")
    folded = marks.split(place)
    named = _named(place, folded)
    if place and named is None:
        return answers.Answer([], understood=place, notes=_unknown(place, folded))
    wanted = Numbers(asked[SHEET], asked[PARCEL], folded)
    reading = numbers.of_one(wanted, named, [cadastre(datasets)], LIMIT)
    return answers.Answer(reading.hits, reading.understood, reading.notes) if reading else answers.Answer([])


def _unknown(place: str, folded: Words) -> list[str]:
    """That there is no such unit, and which have nearly that name."""
    note = _("No unit called “%(asked)s” is published here, neither one of today nor a former one.")
    near = gazetteer().nearly_named(folded) if folded else None
    told = [_("The nearest is: %(names)s.") % {"names": names_of(near.units)}] if near and not near.rest else []
    return [note % {"asked": place}, *told]


def _named(place: str, folded: Words) -> Named | None:
    """The units of today and of the past with this code, or with this name and nothing beside it."""
    known = gazetteer()
    code = "".join(place.split())
    units = tuple(unit for unit in known.units.values() if unit.place.code == code)
    if units or not folded:
        return Named(units, 0, len(folded), (), ()) if units else None
    named = known.named(folded)
    return named if named is not None and not named.rest and not named.is_corrected else None
