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


@dataclass(frozen=True)
class Listed:
    """What the words of a question find as they are written, among the datasets of these names or among all."""

    question: Question
    among: Sequence[str] | None = None

    @property
    def datasets(self) -> list[Dataset]:
        return [one for one in exits.datasets("pages") if self.among is None or one.name in self.among]

    def counts(self) -> dict[Dataset, int]:
        """How many public rows in force of each dataset are found; those that have none are left out."""
        told, _failed = contributions.together(self.datasets, self._counts, "search")
        by_name = {row["dataset"]: row["n"] for row in told if row["n"]}
        return {dataset: by_name[dataset.name] for dataset in self.datasets if dataset.name in by_name}

    def page(self, dataset: Dataset, after: str | None, limit: int) -> list[Found]:
        """The rows of one dataset behind the reference `after`."""
        body, bound = self._body(dataset)
        query = sql.SQL(
            "SELECT ref {body} AND (%s::text IS NULL OR ref COLLATE natural_order > %s)"
            " ORDER BY ref COLLATE natural_order LIMIT {limit}"
        ).format(body=body, limit=sql.Literal(limit))
        return [Found(dataset.name, row["ref"], MATCH) for row in fetch(query, [*bound, after, after])]

    def _counts(self, datasets: Sequence[Dataset]) -> list[dict[str, Any]]:
        parts, bound = [], []
        for dataset in datasets:
            body, values = self._body(dataset)
            parts.append(sql.SQL("SELECT {} AS dataset, count(*) AS n {}").format(sql.Literal(dataset.name), body))
            bound += values
        return fetch(sql.SQL(" UNION ALL ").join(parts), bound)

    def _body(self, dataset: Dataset) -> tuple[sql.Composable, list[Any]]:
        asked = ways_of(self.question)
        query = sql.SQL(
            "FROM {view} WHERE until_revision IS NULL AND ref IN (SELECT ref FROM published.search_entry"
            " WHERE dataset = {name} AND ({ways}) AND ' ' || written || ' ' ~ ALL(%s::text[]))"
        ).format(
            view=published.view(dataset),
            name=sql.Literal(dataset.name),
            ways=sql.SQL(" OR ").join(sql.SQL(WAYS[way][1]) for way in asked),
        )
        return query, [*asked.values(), list(self.question.patterns)]
