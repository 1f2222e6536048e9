"""Districts and provinces in a question: no units themselves, they are shown by the units that lie or lay in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from landgis.catalog.addresses import list_address
from landgis.lib.order import order_key
from landgis.search import gazetteer, marks
from landgis.search.gazetteer import Division, GazetteerEntry
from landgis.search.hits import Found, Hit, hits_of
from landgis.search.places import TODAY, names_of

MATCH = "list"


@dataclass(frozen=True)
class NamedDivisions:
    """The divisions that words name; `as_written` where their kind is named too, `before` a name one had before."""

    divisions: Sequence[Division]
    as_written: bool
    before: str = ""


def named(folded: Sequence[str]) -> NamedDivisions | None:
    """The divisions that all the words name, their kind in front, behind or left out, and what they lie in behind."""
    key = _without_wider(tuple(folded))
    known = gazetteer.gazetteer().divisions
    for one in (key, *_kind_in_front(key)):
        if (division := known.get(one)) and marks.fit(one, division.key):
            return NamedDivisions([division], as_written=True)
        if (other := gazetteer.renamed(one)) and (division := known.get(marks.split(other))):
            return NamedDivisions([division], as_written=True, before=" ".join(map(marks.written, one)))
    core = gazetteer.without_kind(key)
    same = [division for division in known.values() if marks.fit(core, division.core)]
    return NamedDivisions(same, as_written=False) if same else None


def lists(found: NamedDivisions) -> list[Hit]:
    """The list of the units of each division."""
    return [_list_of(division) for division in found.divisions]


def units_of_today(found: NamedDivisions, limit: int) -> list[Hit]:
    """What lies there today."""
    now = [Found(unit.dataset.name, unit.place.ref, TODAY) for unit in _today(found.divisions)]
    return hits_of(now[:limit])


def notes(found: NamedDivisions, asked: str) -> list[str]:
    """What became of divisions of the past."""
    told = []
    for division in found.divisions:
        if found.before:
            told.append(_("“%(before)s” is called %(name)s here.") % {"before": asked, "name": division.name})
        if not division.is_of_today:
            told.append(
                _("%(name)s is no unit of administration any more. What lay in it lies today in: %(places)s.")
                % {"name": division.name, "places": names_of(_today([division]))}
            )
    return told


def _today(divisions: Sequence[Division]) -> list[GazetteerEntry]:
    known = gazetteer.gazetteer()
    now = {today.place.ref: today for one in divisions for unit in one.units for today in known.today(unit)}
    return sorted(now.values(), key=lambda unit: order_key(unit.place.name))


def _list_of(division: Division) -> Hit:
    dataset = division.dataset
    # A list shows unasked only what is of today; what a division of the past held is asked for.
    rest = (
        {} if division.is_of_today else {field.name: "" for field in dataset.fields if field.filters and field.default}
    )
    count = sum(unit.is_of_today == division.is_of_today for unit in division.units)
    return Hit(
        title=division.name,
        kind=_("List: %(dataset)s") % {"dataset": dataset.title_plural},
        url=list_address(dataset.name, **{division.column: division.name}, **rest) or "",
        match=MATCH,
        detail=f"{number_format(count, force_grouping=True)} {dataset.counted}",
        is_as_given=True,
    )


def _without_wider(key: tuple[str, ...]) -> tuple[str, ...]:
    """The words without a wider division behind them: the province behind its district."""
    for wider in sorted(gazetteer.gazetteer().divisions, key=len, reverse=True):
        if len(key) > len(wider) and marks.fit(key[-len(wider) :], wider):
            return key[: -len(wider)]
    return key


def _kind_in_front(key: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The words with the kind in front that stands behind, as in English."""
    return [(*key[-length:], *key[:-length]) for length in (1, 2) if len(key) > length]
