"""Filters by a unit of administration, whichever of its names or codes a reader knows, and what they were taken for.

What names a unit of today finds what lies in it; what names a former one only, what its documents name so. Whatever
nobody knows is refused with what is called nearly so: an empty list would say that nothing lies there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from landgis.catalog import contributions, filters, memory, published, queries, registry, units
from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Dataset, LiesIn, Lookup
from landgis.lib import unit_names
from landgis.lib.filters import Equals, Filter, FilterError, OneOf, Or
from landgis.lib.text import fold
from landgis.lib.unit_names import KnownUnit

PLACE = "place"
ASK_AGAIN_S = 1.0  # units change a few times in a lifetime
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


def place_called(parameter: str, text: str) -> tuple[tuple[float, float], str]:
    """Longitude and latitude of a place on the unit that is called so, one of today before a former one, and its name.

    Raises FilterError where no unit is called so, or several.
    """
    known = _units(None)
    named = [unit for unit in known.values() if fold(text) in unit.called]
    found = [unit for unit in named if unit.is_current] or named
    if len({unit.name for unit in found}) > 1:
        message = _("Several communes are called “%(name)s”: %(nearest)s.")
        names = sorted({unit.name for unit in found})
        raise FilterError(parameter, str(message), {"name": text, "nearest": ", ".join(names)}, near=names)
    if not found:
        raise _nobody(parameter, text, known)
    for dataset in units.datasets():
        if (row := queries.feature(dataset, found[0].ref)) and row.get("lon") is not None:
            return queries.place_of(row), found[0].name
    raise FilterError(parameter, str(_("“%(name)s” has no place on the map.")), {"name": text})


def is_called(text: str) -> bool:
    """Whether a unit of today or a former one has this name, with its kind or without."""
    folded = fold(text)
    return not folded.isdigit() and any(folded in unit.called for unit in _units(None).values())


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
    columns = dataset.lies_in.columns
    return OF_TODAY if column in columns.of_today else ISSUED if column in columns.issued else None


def _in_column(dataset: Dataset, role: str, column: str, text: str, as_of: int | None) -> Filter:
    if not _units(as_of) or (not _declared(dataset).has_several and _is_written_so(dataset, column, text, as_of)):
        return Equals(column, text)
    return _meant(dataset, _declared(dataset), role, column, text, as_of).where


def _declared(dataset: Dataset) -> LiesIn:
    if dataset.lies_in is None:
        raise TypeError(f"{dataset.name} does not declare what it lies in")
    return dataset.lies_in


def _meant(dataset: Dataset, lies_in: LiesIn, role: str, parameter: str, text: str, as_of: int | None) -> Meant:
    """Raises FilterError for what no unit is called; where nobody has units, names stand for what is written so."""
    known, columns = _units(as_of), lies_in.columns
    if not known:
        written = unit_names.as_written(columns, text)
        return Meant(written, dataset.label(columns.name or columns.today), (text,))
    found = unit_names.ways(columns, known, text, by_documents=role == ISSUED)
    if found:
        first, *others = found
        instead = ", ".join(f"{dataset.label(other.column)}: {', '.join(other.names)}" for other in others)
        said = gettext("not: %(others)s") % {"others": instead} if instead else ""
        return Meant(first.where, dataset.label(first.column), first.names, said)
    raise _nobody(parameter, text, known)


def _nobody(parameter: str, text: str, known: Mapping[str, KnownUnit]) -> FilterError:
    """What is said where no unit is called so."""
    nearest = unit_names.nearest(known.values(), text)
    if nearest:
        message = _("No commune is called “%(name)s”, today or before. Called nearly so: %(nearest)s.")
        return FilterError(parameter, str(message), {"name": text, "nearest": ", ".join(nearest)}, near=nearest)
    return FilterError(parameter, str(_("No commune is called “%(name)s”, today or before.")), {"name": text})


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
