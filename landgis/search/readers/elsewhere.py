"""Places that lie elsewhere: those of other provinces, which people ask for here, and units that are not known."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from landgis.search import marks
from landgis.search.answers import Reading
from landgis.search.gazetteer import gazetteer, kind_of, without_kind
from landgis.search.marks import Names
from landgis.search.questions import Question

LONGEST = 5  # words

_names: Names[str] = Names()


def register(names: Iterable[str]) -> None:
    """Add names of places of the country; those that are published are known from there."""
    for name in names:
        _names.add(name, name)


def read(question: Question, limit: int) -> Reading | None:
    """That the place lies elsewhere, or that no unit of that name is known; None where neither is so."""
    note = outside(question.whole) or _of_unknown_unit(question)
    return Reading(notes=[note], is_all=False, is_last=True) if note else None


def outside(folded: Sequence[str]) -> str:
    """That the words name a place of another province; empty where they do not, or name one of here as well."""
    known = gazetteer()
    here = {without_kind(key) for key in (*known.names, *known.divisions)}
    for length in range(min(LONGEST, len(folded)), 0, -1):
        for start in range(len(folded) - length + 1):
            run = tuple(folded[start : start + length])
            name = _names.get(run)
            if name and not any(marks.fit(run, held) for held in here if held == run):
                return _(
                    "%(place)s lies outside the area that is published here. Ask the land registration office of that "
                    "province, or its own site."
                ) % {"place": name}
    return ""


def _of_unknown_unit(question: Question) -> str:
    """For a kind of unit with a name that none has."""
    kind = kind_of(question.whole)
    name = question.whole[len(kind) :]
    known = gazetteer()
    # A unit that has a number for a name is known with its kind only.
    named = known.named(name if any(map(str.isalpha, name)) else question.whole)
    if not kind or not name or len(name) > LONGEST or (named and not named.is_corrected):
        return ""
    asked = " ".join([*question.accented[:-1], *(question.ending or question.accented[-1:])])
    return _("No unit called “%(asked)s” is published here, neither one of today nor a former one.") % {"asked": asked}
