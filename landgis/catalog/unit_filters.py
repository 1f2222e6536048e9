"""Filters by a unit of administration, whichever of its names or codes a reader knows, and what they were taken for.

What names a unit of today finds what lies in it; what names a former one only, what its documents name so. Whatever
nobody knows is refused with what is called nearly so: an empty list would say that nothing lies there.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from landgis.catalog import contributions, filters, memory, published, queries, registry, units
from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Dataset, LiesIn, Lookup
from landgis.catalog.units import KnownUnit
from landgis.lib.filters import Equals, Filter, FilterError, OneOf, Or
from landgis.lib.text import fold

PLACE = "place"
ASK_AGAIN_S = 1.0  # units change a few times in a lifetime
NEAREST = 3
ISSUED, OF_TODAY = "issued", "today"


@dataclass(frozen=True)
class Meant:
    """What the text of a filter was taken for: the rows, the label of the column, and the names of the units.

    `instead` says which other units are called so too.
    """

    where: Filter
    label: Label
    names: tuple[str, ...]
    instead: str = ""


def by_place(name: str) -> Lookup:
    """A filter `?place=` of the dataset of that name, by any name or code that a unit has or had."""

    def read(text: str, as_of: int | None) -> Filter:
        dataset = registry.get(name)
        return _meant(dataset, _declared(dataset), OF_TODAY, PLACE, text, as_of).where

    return Lookup(PLACE, _("commune: name or code, of today or former"), read)


def understood(dataset: Dataset, part: Filter, as_of: int | None) -> Filter:
    """A filter on a column with the name or code of a unit as what it means there; others as they are."""
    if not isinstance(part, Equals | OneOf) or (role := _role(dataset, part.field)) is None:
        return part
    values = part.values if isinstance(part, OneOf) else (part.value,)
    found = [_in_column(dataset, role, part.field, value, as_of) for value in values]
    return found[0] if len(found) == 1 else Or(tuple(found))


def told(dataset: Dataset, parameter: str, text: str, as_of: int | None = None) -> str:
    """What a filter by a unit was taken for, in words; empty where the parameter is none, or is taken as it is written."""
    role = OF_TODAY if parameter == PLACE else _role(dataset, parameter)
    if role is None or not text or dataset.lies_in is None:
        return ""
    with filters.in_words_of_the_reader():
        if parameter != PLACE and (not _units(as_of) or _is_written_so(dataset, parameter, text, as_of)):
            return ""
        found = _meant(dataset, dataset.lies_in, role, parameter, text, as_of)
    return f"{found.label}: {', '.join(found.names)}{found.instead and f' ({found.instead})'}"


def former_names(dataset: Dataset, column: str, as_of: int | None = None) -> frozenset[str]:
    """Names in the column that no unit of today has; none for a column in which documents do not name units."""
    if dataset.lies_in is None or column != dataset.lies_in.name:
        return frozenset()
    # A list stands without telling them apart where the units cannot be read.
    given, _failed = contributions.each(
        units.datasets(), lambda _units_of: list(_units(as_of).values()), "former names"
    )
    known = given[0] if given else []
    return frozenset(unit.name for unit in known) - {unit.name for unit in known if unit.is_current}


def _role(dataset: Dataset, column: str) -> str | None:
    """Whether a column names units as the documents do, or those of today; None for another column."""
    if dataset.lies_in is None:
        return None
    shown = dataset.lies_in.shown
    if column in (shown["commune_today"], shown["commune_today_code"]):
        return OF_TODAY
    return ISSUED if column in (dataset.lies_in.name, dataset.lies_in.code) else None


def _in_column(dataset: Dataset, role: str, column: str, text: str, as_of: int | None) -> Filter:
    if not _units(as_of) or _is_written_so(dataset, column, text, as_of):
        return Equals(column, text)
    return _meant(dataset, _declared(dataset), role, column, text, as_of).where


def _declared(dataset: Dataset) -> LiesIn:
    if dataset.lies_in is None:
        raise TypeError(f"{dataset.name} does not declare what it lies in")
    return dataset.lies_in


def _meant(dataset: Dataset, lies_in: LiesIn, role: str, parameter: str, text: str, as_of: int | None) -> Meant:
    """Raises FilterError for what no unit is called; where nobody has units, names stand for what is written so."""
    known = _units(as_of)
    if not known:
        return Meant(Equals(lies_in.name, text), dataset.label(lies_in.name), (text,))
    named = [unit for unit in known.values() if fold(text) in unit.called]
    current, former = [unit for unit in named if unit.is_current], [unit for unit in named if not unit.is_current]
    ways = [_today(dataset, lies_in, current, text), _issued(dataset, lies_in, known, former)]
    found = [way for way in (ways if role == OF_TODAY else ways[::-1]) if way is not None]
    if found:
        first, *others = found
        instead = ", ".join(f"{other.label}: {', '.join(other.names)}" for other in others)
        return replace(first, instead=gettext("not: %(others)s") % {"others": instead} if instead else "")
    nearest = _nearest(known.values(), text)
    if nearest:
        message = _("No commune is called “%(name)s”, today or before. Called nearly so: %(nearest)s.")
        raise FilterError(parameter, str(message), {"name": text, "nearest": ", ".join(nearest)})
    raise FilterError(parameter, str(_("No commune is called “%(name)s”, today or before.")), {"name": text})


def _today(dataset: Dataset, lies_in: LiesIn, current: list[KnownUnit], text: str) -> Meant | None:
    if not current:
        return None
    shown = lies_in.shown
    if any(unit.code == text for unit in current):
        where = OneOf(shown["commune_today_code"], tuple(sorted({unit.code for unit in current})))
    else:
        where = OneOf(shown["commune_today"], tuple(sorted({unit.name for unit in current})))
    return Meant(where, dataset.label(shown["commune_today"]), tuple(units.labels(current)))


def _issued(dataset: Dataset, lies_in: LiesIn, known: Mapping[str, KnownUnit], former: list[KnownUnit]) -> Meant | None:
    """The documents of what lies in a former unit may name those that it was formed of."""
    if not former:
        return None
    refs = {unit.ref for unit in former}
    while older := {unit.ref for unit in known.values() if unit.successors and refs.issuperset(unit.successors)} - refs:
        refs |= older
    names = tuple(sorted({known[ref].name for ref in refs}))
    return Meant(OneOf(lies_in.name, names), dataset.label(lies_in.name), tuple(units.labels(former)))


def _nearest(known: Iterable[KnownUnit], text: str) -> list[str]:
    called = {name: unit.name for unit in known for name in sorted(unit.called) if not name.isdigit()}
    near = difflib.get_close_matches(fold(text), called, n=2 * NEAREST, cutoff=0.6)
    return list(dict.fromkeys(called[name] for name in near))[:NEAREST]


def _is_written_so(dataset: Dataset, column: str, text: str, as_of: int | None) -> bool:
    """Whether a row has the text in the column, so that nothing has to be understood."""
    body, bound = queries.body_of(dataset, Equals(column, text), as_of)
    return bool(queries.fetch(sql.SQL("SELECT EXISTS (SELECT {}) AS found").format(body), bound)[0]["found"])


def _units(as_of: int | None) -> dict[str, KnownUnit]:
    datasets = units.datasets()
    if not datasets:
        return {}
    return memory.of_all(("units", as_of), datasets, lambda: _read(as_of), ask_again_s=ASK_AGAIN_S)


def _read(as_of: int | None) -> dict[str, KnownUnit]:
    found: dict[str, KnownUnit] = {}
    for dataset, said in units.declared():
        state, bound = queries.state_sql(as_of)
        query = sql.SQL("SELECT {} FROM {} WHERE {}").format(units.columns_sql(said), published.view(dataset), state)
        found.update({unit.ref: unit for unit in units.read(dataset, queries.fetch(query, bound))})
    return found


filters.add_reading(understood)
