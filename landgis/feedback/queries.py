"""What the public may know of reports: number, feature, status and days; nothing that anybody wrote."""

import datetime
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from landgis.catalog import exits, published, registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries import fetch
from landgis.feedback.models import OPEN

PUBLISHED = sql.SQL("SELECT number, dataset, ref, kind, status, made_at, status_at FROM feedback_report")


@dataclass(frozen=True)
class Backlog:
    """Reports on the public features of a dataset."""

    dataset: Dataset
    open: int
    done: int
    oldest: datetime.datetime | None


def report(number: str) -> dict[str, Any] | None:
    """A report by its number, with `is_public`: whether its feature still is."""
    found = fetch(sql.SQL("SELECT * FROM published.report WHERE number = %s"), [number])
    return found[0] if found else None


def backlog() -> list[Backlog]:
    """For each dataset with pages how many reports are open and done; those on what is not public are not counted."""
    datasets = exits.datasets("pages")
    found = fetch(sql.SQL(" UNION ALL ").join(_counts(dataset) for dataset in datasets), []) if datasets else []
    return [Backlog(registry.get(row["dataset"]), row["open"], row["done"], row["oldest"]) for row in found]


def open_reports(dataset: Dataset, ref: str) -> tuple[int, int]:
    """How many reports are open on one feature, and on all public ones of its dataset."""
    query = sql.SQL(
        "SELECT (SELECT count(*) FROM published.report WHERE dataset = %s AND ref = %s AND status = ANY(%s)) AS own, c.open FROM ({}) c"
    )
    row = fetch(query.format(_counts(dataset)), [dataset.name, ref, list(OPEN)])[0]
    return row["own"], row["open"]


def _counts(dataset: Dataset) -> sql.Composed:
    return sql.SQL(
        "SELECT {name} AS dataset, count(*) FILTER (WHERE {is_open}) AS open, count(*) FILTER (WHERE NOT {is_open}) AS done,"
        " min(made_at) FILTER (WHERE {is_open}) AS oldest FROM published.report r WHERE r.dataset = {name}"
        " AND EXISTS (SELECT FROM {view} v WHERE v.ref = r.ref)"
    ).format(
        name=sql.Literal(dataset.name),
        view=published.view(dataset),
        is_open=_is_open(),
    )


def open_by_ref(dataset: Dataset) -> sql.Composed:
    """(ref, n) of the open reports on features of a dataset, for its coverage."""
    return sql.SQL("SELECT ref, count(*) AS n FROM published.report WHERE dataset = {} AND {} GROUP BY ref").format(
        sql.Literal(dataset.name), _is_open()
    )


def _is_open() -> sql.Composed:
    return sql.SQL("status IN ({})").format(sql.SQL(", ").join(sql.Literal(str(status)) for status in OPEN))
