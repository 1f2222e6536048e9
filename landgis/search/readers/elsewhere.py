"""Places that lie elsewhere: those of other provinces, which people ask for here, and units that are not known."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from landgis.search import words
from landgis.search.answers import Reading
from landgis.search.gazetteer import gazetteer, kind_of, without_kind
from landgis.search.questions import Question

LONGEST = 5  # words

_names: dict[tuple[str, ...], str] = {}


def register(names: Iterable[str]) -> None:
    """Add names of places of the country; those that are published are known from there."""
    _names.update({tuple(words.key(words.split(name)).split()): name for name in names})


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
            if run in _names and run not in here:
                return _(
                    "%(place)s lies outside the area that is published here. Ask the land registration office of that "
                    "province, or its own site."
                ) % {"place": _names[run]}
    return ""


def _of_unknown_unit(question: Question) -> str:
    """For a kind of unit with a name that none has."""
    kind = kind_of(question.whole)
    name = question.whole[len(kind) :]
    known = gazetteer()
    if not kind or not name or len(name) > LONGEST or known.named(name) or not any(map(str.isalpha, name)):
        return ""
    asked = " ".join([*question.accented[:-1], *(question.ending or question.accented[-1:])])
    return _("No unit called “%(asked)s” is published here, neither one of today nor a former one.") % {"asked": asked}
