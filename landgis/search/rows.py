"""Rows by their two numbers, and whether they lie in a place that a question names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from landgis.catalog import contributions, exits, published, registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries import fetch
from landgis.search import marks
from landgis.search.gazetteer import GazetteerEntry, Named, gazetteer, without_kind
from landgis.search.phrases import Numbers

MOST_ROWS = 1000  # with one pair of numbers: far more than there are places
ONE = sql.SQL("{} = ANY(%s::text[])")
# A plot or lot may stand on several parcels, "12, 13". Such datasets are small, so every row is looked into.
ONE_OF_SEVERAL = sql.SQL("string_to_array(replace({}, ' ', ''), ',') && %s::text[]")


@dataclass(frozen=True)
class Row:
    """A row that has the numbers, with the names of the places it lies in as they are compared."""

    dataset: Dataset
    ref: str
    places: tuple[tuple[str, ...], ...]


def numbered() -> list[Dataset]:
    """The datasets whose rows are named by two numbers."""
    return [one for one in exits.datasets("pages") if one.numbers.fields]


def cadastre(datasets: Sequence[Dataset]) -> Dataset:
    """The dataset that should have every number: the one of parcels, not those of plots and lots that stand on some."""
    return next((one for one in datasets if one.numbers.are_own), datasets[0])


def rows_of(datasets: Iterable[Dataset], asked: Numbers) -> list[Row]:
    """All public rows in force with these two numbers."""
    return contributions.together(list(datasets), lambda some: _rows(some, asked), "search by number")[0]


def _rows(datasets: Sequence[Dataset], asked: Numbers) -> list[Row]:
    parts, bound = [], []
    for dataset in datasets:
        parts.append(_rows_sql(dataset))
        bound += [variants(asked.sheet), *parcel_bound(dataset, asked.parcel)]
    found = fetch(sql.SQL(" UNION ALL ").join(parts), bound)
    return [Row(registry.get(row["dataset"]), row["ref"], keys(row["places"])) for row in found]


def _rows_sql(dataset: Dataset) -> sql.Composable:
    sheet = sql.Identifier(dataset.numbers.sheet)
    return sql.SQL(
        "(SELECT {name} AS dataset, ref, {places} AS places FROM {view} WHERE until_revision IS NULL"
        " AND {sheet} = ANY(%s::text[]) AND {is_parcel} LIMIT {most})"
    ).format(
        name=sql.Literal(dataset.name),
        places=places_sql(dataset),
        view=published.view(dataset),
        sheet=sheet,
        is_parcel=is_parcel_sql(dataset),
        most=sql.Literal(MOST_ROWS),
    )


def is_parcel_sql(dataset: Dataset) -> sql.Composable:
    """The condition that a row has a number: in one field, or in that of the number and that of its twin."""
    parcel = sql.Identifier(dataset.numbers.parcel)
    is_whole = (ONE if dataset.numbers.are_own else ONE_OF_SEVERAL).format(parcel)
    if not _twins(dataset):
        return is_whole
    twin = sql.Identifier(_twins(dataset)[0])
    return sql.SQL("({} OR ({} AND {}))").format(is_whole, ONE.format(parcel), ONE.format(twin))


def _twins(dataset: Dataset) -> Sequence[str]:
    """The field that tells rows of one number apart: the b of 207b, where it is no part of the number."""
    return dataset.optional_identity[:1] if dataset.numbers.are_own else ()


def parcel_bound(dataset: Dataset, number: str) -> list[list[str]]:
    """The parameters of `is_parcel_sql`."""
    whole, twin = split_twin(number)
    halves = [variants(whole), variants(twin)] if twin else [[], []]
    return [variants(number), *(halves if _twins(dataset) else [])]


def split_twin(number: str) -> tuple[str, str]:
    """A number and what tells it from others of the same: 207 and b of 207b, 10 and 1 of 10-1."""
    parts = re.fullmatch(r"(\d+)-?(\w*)", number)
    return (parts[1], parts[2]) if parts else (number, "")


def places_sql(dataset: Dataset) -> sql.Composable:
    """The names of the places of a row as a JSON list."""
    names = sql.SQL(", ").join(map(sql.Identifier, dataset.search.places))
    return sql.SQL("jsonb_build_array({})").format(names)


def variants(number: str) -> list[str]:
    """A number as it may be written in the data: 012 and 12, 7a and 7A, 10-1 and 10/1."""
    plain = number.lstrip("0") or number
    forms = [form for one in (number, plain) for form in (one, one.replace("-", "/"))]
    return list(dict.fromkeys(form for one in forms for form in (one, one.upper())))


def keys(places: Sequence[Any]) -> tuple[tuple[str, ...], ...]:
    return tuple(marks.split(str(name)) for name in places if name)


def narrowed(rows: Sequence[Row], asked: Numbers, named: Named | None) -> list[Row]:
    """The rows in the place that the question names; all where it names none.

    A unit of today is looked for under its own name; a former one under its name and those of the units it was
    formed from, else under what it is today.
    """
    if not asked.rest:
        return list(rows)
    if named is None:
        return [row for row in rows if any(says(asked.rest, place) for place in row.places)]
    ways = (names_as_issued(named.units), names_of_today(named.units))
    return next((found for names in ways if (found := [row for row in rows if lies_in(row.places, names)])), [])


def lies_in(places: Iterable[tuple[str, ...]], names: set[tuple[str, ...]]) -> bool:
    """Whether one of the places has one of the names; a name without its kind is compared without."""
    return any(place in names or (without_kind(place) == place and place in _cores(names)) for place in places)


def _cores(names: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {without_kind(name) for name in names}


def names_as_issued(units: Iterable[GazetteerEntry]) -> set[tuple[str, ...]]:
    """The full names by which rows of these units go: their own, of former ones also those they were formed from."""
    known = gazetteer()
    found = set()
    for unit in units:
        former = [] if unit.is_of_today else known.origins(unit)
        found |= {unit.key, *(one.key for one in former)}
    return found


def names_of_today(units: Iterable[GazetteerEntry]) -> set[tuple[str, ...]]:
    known = gazetteer()
    return {now.key for unit in units for now in known.today(unit)}


def says(rest: tuple[str, ...], place: tuple[str, ...]) -> bool:
    """Whether the words beside the numbers name a place nobody has units of."""
    core = without_kind(place)
    return bool(core) and any(
        len(rest) - at >= len(core) and all(map(marks.may_mean, rest[at : at + len(core)], core))
        for at in range(len(rest))
    )


def values_in(dataset: Dataset, asked: Numbers, named: Named | None) -> dict[str, int] | None:
    """The values of the place fields that stand for the place that the question names, and how many rows have them.

    Those of the unit itself, else those of what it is today; None where the question names no place.
    """
    if not asked.rest:
        return None
    query = sql.SQL("SELECT value, uses FROM published.search_place WHERE dataset = %s")
    found = [(row["value"], marks.split(row["value"]), row["uses"]) for row in fetch(query, [dataset.name])]
    if named is None:
        return {value: uses for value, key, uses in found if says(asked.rest, key)}
    for names in (names_as_issued(named.units), names_of_today(named.units)):
        if values := {value: uses for value, key, uses in found if lies_in([key], names)}:
            return values
    return {}


def in_places_sql(dataset: Dataset) -> sql.Composable:
    """The condition that one of the place fields has one of the values, a parameter for each field."""
    return sql.SQL(" OR ").join(
        sql.SQL("{} = ANY(%s::text[])").format(sql.Identifier(name)) for name in dataset.search.places
    )
