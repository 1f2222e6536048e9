"""All that has the words of a question, dataset by dataset: how many rows, and page by page in the order of their references."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from landgis.catalog import contributions, exits, published
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries import fetch
from landgis.search.hits import Found
from landgis.search.queries import WAYS, ways_of
from landgis.search.questions import Question

MATCH = "words"
MOST_COUNTED = 10_000  # rows: of more it is said that they are more


@dataclass(frozen=True)
class Listed:
    """What the words of a question find as they are written, among the datasets of these names or among all."""

    question: Question
    among: Sequence[str] | None = None

    @property
    def datasets(self) -> list[Dataset]:
        return [one for one in exits.datasets("pages") if self.among is None or one.name in self.among]

    def counts(self) -> dict[Dataset, int]:
        """How many public rows in force of each dataset are found; those that have none are left out. One more than MOST_COUNTED
        stands for any number above.
        """
        told, _failed = contributions.together(self.datasets, self._counts, "search")
        by_name = {row["dataset"]: row["n"] for row in told if row["n"]}
        return {dataset: by_name[dataset.name] for dataset in self.datasets if dataset.name in by_name}

    def page(self, dataset: Dataset, after: str | None, limit: int, *, are_many: bool) -> list[Found]:
        """The rows of one dataset behind the reference `after`; where they `are_many` they are met in the order of all."""
        found, bound = self._entries(dataset)
        chosen = "EXISTS (SELECT {found} AND e.ref = v.ref)" if are_many else "v.ref IN (SELECT e.ref {found})"
        behind = sql.SQL(" AND v.ref COLLATE natural_order > %s") if after else sql.SQL("")
        query = sql.SQL(
            "SELECT v.ref FROM {view} v WHERE v.until_revision IS NULL AND {chosen}{behind}"
            " ORDER BY v.ref COLLATE natural_order LIMIT {limit}"
        ).format(
            view=published.view(dataset),
            chosen=sql.SQL(chosen).format(found=found),
            behind=behind,
            limit=sql.Literal(limit),
        )
        return [Found(dataset.name, row["ref"], MATCH) for row in fetch(query, [*bound, *([after] if after else [])])]

    def _counts(self, datasets: Sequence[Dataset]) -> list[dict[str, Any]]:
        parts, bound = [], []
        for dataset in datasets:
            found, values = self._entries(dataset)
            parts.append(
                sql.SQL(
                    "SELECT {name} AS dataset, count(*) AS n FROM (SELECT {found} AND EXISTS (SELECT FROM {view} v"
                    " WHERE v.ref = e.ref AND v.until_revision IS NULL) LIMIT {most}) c"
                ).format(
                    name=sql.Literal(dataset.name),
                    found=found,
                    view=published.view(dataset),
                    most=sql.Literal(MOST_COUNTED + 1),
                )
            )
            bound += values
        return fetch(sql.SQL(" UNION ALL ").join(parts), bound)

    def _entries(self, dataset: Dataset) -> tuple[sql.Composable, list[Any]]:
        """FROM and WHERE of the entries `e` that have the words, with what is bound."""
        asked = ways_of(self.question)
        query = sql.SQL(
            "FROM published.search_entry e WHERE e.dataset = {name} AND ({ways}) AND ' ' || written || ' ' ~ ALL(%s::text[])"
        ).format(
            name=sql.Literal(dataset.name),
            ways=sql.SQL(" OR ").join(sql.SQL(WAYS[way][1]) for way in asked),
        )
        return query, [*asked.values(), list(self.question.patterns)]
