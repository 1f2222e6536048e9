"""Features by a reference or code that is written out in full: a key is looked up in the published views."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from landgis.catalog import contributions, exits, published, registry
from landgis.catalog.dataset import NOT_IN_REF, Dataset
from landgis.catalog.queries import fetch
from landgis.search import words
from landgis.search.hits import Found

REF, CODE = "ref", "code"
SHORTEST_CODE = 4
LONGEST = 64


def by_ref(ref: str) -> list[Found]:
    """The features of all datasets with exactly this ref."""
    datasets = exits.datasets("pages")
    return _look_up([(dataset, "ref", REF) for dataset in datasets], [ref])


def by_code(text: str) -> list[Found]:
    """The features of datasets whose words are not kept whose ref or code is this text, however it is punctuated.

    Codes of the others are also found here; their refs are found by the words.
    """
    ways: list[tuple[Dataset, str, str]] = []
    for dataset in exits.datasets("pages"):
        ways += [(dataset, "ref", REF)] if not dataset.search.keeps_words else []
        ways += [(dataset, name, CODE) for name in dataset.search.codes]
    return _look_up(ways, spellings(text))


@dataclass(frozen=True)
class Ended:
    """A public feature that is in force no more, and when it ended."""

    dataset: Dataset
    ref: str
    at: datetime.datetime | None


def ended(text: str) -> Ended | None:
    """The feature of any dataset that had exactly this ref, however it is punctuated, the one that ended last."""
    forms = spellings(text)
    datasets = exits.datasets("pages")
    if not (forms and datasets):
        return None
    rows, _failed = contributions.together(datasets, lambda some: _ended_rows(some, forms), "search by code")
    last = max(rows, key=lambda row: row["until_revision"], default=None)
    return Ended(registry.get(last["dataset"]), last["ref"], last["at"]) if last else None


def _ended_rows(datasets: Sequence[Dataset], forms: list[str]) -> list[dict[str, Any]]:
    parts = [
        sql.SQL(
            "(SELECT {dataset} AS dataset, ref, until_revision,"
            " (SELECT applied_at FROM published.revision r WHERE r.number = e.until_revision) AS at"
            " FROM {view} e WHERE ref = ANY(%s::text[]) AND until_revision IS NOT NULL"
            " AND NOT EXISTS (SELECT FROM {view} n WHERE n.ref = e.ref AND n.until_revision IS NULL) LIMIT 10)"
        ).format(dataset=sql.Literal(dataset.name), view=published.view(dataset))
        for dataset in datasets
    ]
    return fetch(sql.SQL(" UNION ALL ").join(parts), [forms] * len(datasets))


def spellings(text: str) -> list[str]:
    """A code as data may write it: with hyphens, without punctuation, in small and in capital letters."""
    written = words.plain(text).strip()
    forms = [written, NOT_IN_REF.sub("-", written).strip("-"), "".join(filter(str.isalnum, written))]
    every = [form for one in forms for form in (one, one.lower(), one.upper())]
    return [form for form in dict.fromkeys(every) if SHORTEST_CODE <= len(form) <= LONGEST]


def _look_up(ways: Sequence[tuple[Dataset, str, str]], forms: list[str]) -> list[Found]:
    if not ways or not forms:
        return []
    datasets = list(dict.fromkeys(dataset for dataset, _column, _way in ways))
    found, _failed = contributions.together(
        datasets, lambda some: _rows([way for way in ways if way[0] in some], forms), "search by code"
    )
    return found


def _rows(ways: Sequence[tuple[Dataset, str, str]], forms: list[str]) -> list[Found]:
    parts = [
        sql.SQL(
            "(SELECT {dataset} AS dataset, ref, {way} AS way FROM {view}"
            " WHERE until_revision IS NULL AND {column} = ANY(%s::text[]) LIMIT 10)"
        ).format(
            dataset=sql.Literal(dataset.name),
            way=sql.Literal(way),
            view=published.view(dataset),
            column=sql.Identifier(column),
        )
        for dataset, column, way in ways
    ]
    rows = fetch(sql.SQL(" UNION ALL ").join(parts), [forms] * len(ways))
    return [Found(row["dataset"], row["ref"], row["way"]) for row in rows]
