"""What is counted, summed or found out over many rows."""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from landgis.catalog import published
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries.database import fetch
from landgis.catalog.queries.kept_totals import kept_lines
from landgis.catalog.queries.pieces import body_of
from landgis.catalog.queries.revisions import PublishedRevision
from landgis.lib.filters import ALL, Filter
from landgis.lib.order import NATURAL

SIZES = ("area_legal", "area", "area_difference", "length")


def count(dataset: Dataset, where: Filter = ALL, *, as_of: int | None = None) -> int:
    if (kept := kept_lines(dataset, where, (), as_of)) is not None:
        return int(kept[""][0]["count"])
    body, bound = body_of(dataset, where, as_of)
    return int(fetch(sql.SQL("SELECT count(*) AS n {}").format(body), bound)[0]["n"])


def totals(
    dataset: Dataset, where: Filter = ALL, *, by: Sequence[str] = (), as_of: int | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Numbers of rows and sums of areas or lengths: those that are kept, else recomputed from the rows in one pass.

    The key "" holds one line for all rows; each name in `by` one line a value, the most frequent first.
    A line has value, count, area_legal (the documents', m2 or None), area_legal_count (of how many rows), area
    (computed, m2 or None), area_difference (how much more is computed for the rows that have both, m2 or None),
    length (computed, m; of lines only), is_made_up (whether any of its rows is), is_of_one_time: where rows were
    never in effect together their sizes are no sum, and stay None; and is_of_one_standing: where some rows hold and others
    are pending (`theme.pending`), their sizes are no sum either, and those of the rows that hold are given.
    """
    if (kept := kept_lines(dataset, where, by, as_of)) is not None:
        return kept
    body, bound = body_of(dataset, where, as_of)
    sets = [sql.SQL("()"), *(sql.SQL("({})").format(sql.Identifier(name)) for name in by)]
    # GROUPING() has one bit a column, set where the line is not of that column. There may be no column at all.
    parts = [sql.SQL("WHEN GROUPING({}) = 0 THEN {}").format(sql.Identifier(name), sql.Literal(name)) for name in by]
    values = [sql.SQL("{}::text").format(sql.Identifier(name)) for name in by]
    query = sql.SQL(
        "SELECT {which} AS part, {value} AS value, count(*) AS count, {legal}, {sums},"
        " coalesce(bool_or(is_made_up), false) AS is_made_up, {of_one_time} AS is_of_one_time,"
        " {of_one_standing} AS is_of_one_standing {body} GROUP BY GROUPING SETS ({sets})"
        " ORDER BY count(*) DESC, {value} COLLATE {natural}"
    ).format(
        which=sql.SQL("CASE WHEN false THEN '' {} ELSE '' END").format(sql.SQL(" ").join(parts)),
        value=sql.SQL("coalesce({})").format(sql.SQL(", ").join([*values, sql.SQL("NULL")])),
        legal=_legal(dataset),
        sums=_sums(dataset),
        of_one_time=_of_one_time(dataset),
        of_one_standing=_of_one_standing(dataset),
        body=body,
        sets=sql.SQL(", ").join(sets),
        natural=sql.Identifier(NATURAL),
    )
    lines: dict[str, list[dict[str, Any]]] = {"": [], **{name: [] for name in by}}
    for line in fetch(query, bound):
        sizes = () if line["is_of_one_time"] else SIZES
        lines[line.pop("part")].append({**line, **{name: None for name in sizes if name in line}})
    return lines


def _of_one_time(dataset: Dataset) -> sql.Composable:
    """Whether there is a day on which all rows are in effect."""
    if not dataset.period:
        return sql.SQL("true")
    first, last = (sql.Identifier(name) for name in dataset.period)
    return sql.SQL("coalesce(max({}) <= min({}), true)").format(first, last)


def _legal(dataset: Dataset) -> sql.Composable:
    """The sum of the areas on paper, of how many rows it is, and by how much what is computed of these is more."""
    measure = dataset.geometry_kind.measure
    legal = sql.Identifier(dataset.legal_area) if dataset.legal_area else sql.SQL("NULL::numeric")
    computed = sql.Identifier(measure.column) if measure and measure.total == "area" else sql.SQL("NULL::float")
    of_both = "sum(CASE WHEN {} IS NOT NULL THEN {} END)"
    return sql.SQL(
        "{area} AS area_legal, {count} AS area_legal_count, round(({computed})::numeric, 1) - {legal} AS area_difference"
    ).format(
        area=_over_what_adds_up(dataset, sql.SQL("sum({})").format(legal)),
        count=_over_what_adds_up(dataset, sql.SQL("count({})").format(legal)),
        computed=_over_what_adds_up(dataset, sql.SQL(of_both).format(legal, computed)),
        legal=_over_what_adds_up(dataset, sql.SQL(of_both).format(computed, legal)),
    )


def _of_one_standing(dataset: Dataset) -> sql.Composable:
    """Whether all rows hold, or all are pending in the same way."""
    if not dataset.theme.pending:
        return sql.SQL("true")
    standing = sql.SQL("coalesce({}::text, '')").format(sql.Identifier(dataset.theme.pending[0]))
    return sql.SQL("coalesce(min({standing}) = max({standing}), true)").format(standing=standing)


def _over_what_adds_up(dataset: Dataset, total: sql.Composable) -> sql.Composable:
    """A sum or count over rows that add up: of different standings over those that hold."""
    if not dataset.theme.pending:
        return total
    name, codes = dataset.theme.pending
    return sql.SQL(
        "CASE WHEN {same} THEN {total} ELSE {total} FILTER (WHERE NOT coalesce({standing}::text = ANY (ARRAY[{codes}]), false)) END"
    ).format(
        same=_of_one_standing(dataset),
        total=total,
        standing=sql.Identifier(name),
        codes=sql.SQL(", ").join(sql.Literal(str(code)) for code in codes),
    )


def _sums(dataset: Dataset) -> sql.Composable:
    """The sum of what is measured, under its name."""
    measure = dataset.geometry_kind.measure
    sums: dict[str, sql.Composable] = {"area": sql.SQL("NULL")}
    if measure is not None:
        total = sql.SQL("sum({})").format(sql.Identifier(measure.column))
        sums[measure.total] = _over_what_adds_up(dataset, total)
    return sql.SQL(", ").join(sql.SQL("{} AS {}").format(each, sql.Identifier(name)) for name, each in sums.items())


def newest_and_made_up(datasets: Sequence[Dataset]) -> tuple[PublishedRevision | None, bool]:
    """The newest revision of all, and whether any public row in force of some datasets is made up; one question."""
    parts = [_is_made_up(dataset) for dataset in datasets]
    query = sql.SQL(
        "SELECT m.found, r.* FROM (SELECT {} AS found) m LEFT JOIN"
        " (SELECT * FROM published.revision ORDER BY number DESC LIMIT 1) r ON true"
    )
    found = fetch(query.format(sql.SQL(" OR ").join(parts) if parts else sql.SQL("false")), [])[0]
    is_made_up = found.pop("found")
    return PublishedRevision(**found) if found["number"] is not None else None, is_made_up


def _is_made_up(dataset: Dataset) -> sql.Composed:
    if published.keeps_totals(dataset):
        return sql.SQL("EXISTS (SELECT FROM {} WHERE part = '' AND made_up > 0)").format(published.total_table(dataset))
    return sql.SQL(
        "EXISTS (SELECT FROM published.revision r WHERE r.is_made_up AND r.dataset = {name} AND EXISTS"
        " (SELECT FROM {view} v WHERE v.from_revision = r.number AND v.until_revision IS NULL))"
    ).format(name=sql.Literal(dataset.name), view=published.view(dataset))
