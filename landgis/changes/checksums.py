"""Checksums of rows in force, by which it is found what was altered, added or removed behind the back of the write door.

The apply writes the checksum of each row that it begins, and into the log how many rows a revision began and ended and
the sum of their checksums: the first tells of a row that was altered, the second of one that is missing or too many.
No trigger and no generated column, which would follow whoever alters a row.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db import connection, models, transaction
from psycopg import sql

from landgis.catalog import published, registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.models import ChecksumForm
from landgis.changes import audit
from landgis.changes.models import LogEntry
from landgis.lib import statements

FORM = 1  # how the text of a row is written; with another one all checksums are made anew
OF_EVERY_ROW = ("ref", "from_revision", "source_row")
BATCH = 50_000  # rows of one transaction, when checksums are made anew
LOG = sql.Identifier(LogEntry._meta.db_table)
ROW, REVISION = "row", "revision"  # kinds of damage

Damaged = tuple[str, str]  # what kind of thing is not as it was written, and which one


def row_sum(dataset: Dataset, values: Mapping[str, sql.Composable]) -> sql.Composed:
    """The checksum of a row, a bigint, of the values of its columns.

    What is NULL counts as if there were no such column. Nothing of the text depends on settings of a session.
    """
    written = sql.SQL(", ").join(
        sql.SQL("{} || {}").format(sql.Literal(f"{name}="), _text(field, values[name]))
        for name, field in _covered(dataset).items()
    )
    return sql.SQL(
        "('x' || left(encode(sha256(convert_to(array_to_string(ARRAY[{}], ','), 'UTF8')), 'hex'), 16))::bit(64)::bigint"
    ).format(written)


def sums_with(dataset: Dataset, ids: Iterable[int], others: Mapping[str, sql.Composable]) -> dict[int, int]:
    """What the checksums of some rows would be with other values in some columns, by the id of the row."""
    values = {name: sql.Identifier("f", name) for name in _covered(dataset)} | dict(others)
    query = sql.SQL("SELECT f.id, {} FROM {} f WHERE f.id = ANY (%s)").format(row_sum(dataset, values), _table(dataset))
    return dict(statements.rows(query, [list(ids)]))


def _covered(dataset: Dataset) -> dict[str, Any]:
    return {name: dataset.model_field(name) for name in sorted({*OF_EVERY_ROW, *dataset.columns})}


def _text(field: Any, value: sql.Composable) -> sql.Composed:
    if isinstance(field, GeometryField):
        form = "encode(ST_AsEWKB({}), 'hex')"
    elif isinstance(field, models.DateTimeField):
        form = "extract(epoch FROM {})"
    elif isinstance(field, models.DateField):
        form = "to_char({}, 'YYYY-MM-DD')"
    else:
        form = "quote_literal({}::text)"
    return sql.SQL(form).format(value)


# What is damaged


def altered_rows(dataset: Dataset, after: int = 0, until: int | None = None) -> Iterator[Damaged]:
    """Rows, by their id after the one and until the other, that are not as the apply wrote them, or that no revision wrote."""
    query = sql.SQL(
        "SELECT f.id, f.ref FROM {table} f WHERE f.id > %s AND f.id <= coalesce(%s, f.id)"
        " AND (f.checksum IS DISTINCT FROM {row_sum} OR NOT {begun} OR f.until_revision IS NOT NULL AND NOT {ended})"
        " ORDER BY f.id"
    ).format(
        table=_table(dataset),
        row_sum=_stored_row_sum(dataset),
        begun=_is_revision(dataset, "from_revision"),
        ended=_is_revision(dataset, "until_revision"),
    )
    for row, ref in statements.rows(query, [after, until]):
        yield ROW, f"{dataset.name} {ref} (row {row})"


def wrong_revisions(dataset: Dataset, after: int = 0, until: int | None = None) -> Iterator[Damaged]:
    """Revisions, after the one and until the other, whose rows are not as many, or not those, that their apply began and ended."""
    query = sql.SQL(
        "SELECT r.number FROM catalog_revision r LEFT JOIN {log} l ON l.revision = r.number AND l.dataset = r.dataset"
        " CROSS JOIN LATERAL ({begun}) b CROSS JOIN LATERAL ({ended}) e"
        " WHERE r.dataset = %s AND r.number > %s AND r.number <= coalesce(%s, r.number) AND (l.added + l.changed, l.begun_sum,"
        " l.changed + l.retired, l.ended_sum) IS DISTINCT FROM (b.count, b.sum, e.count, e.sum) ORDER BY 1"
    ).format(log=LOG, begun=_sums(dataset, "from_revision"), ended=_sums(dataset, "until_revision"))
    for (number,) in statements.rows(query, [dataset.name, after, until]):
        yield REVISION, f"{dataset.name} {number}"


def _sums(dataset: Dataset, revision: str) -> sql.Composed:
    """SELECT of how many rows began or ended with the revision r.number, and the sum of their checksums."""
    return sql.SQL(
        "SELECT count(*) AS count, coalesce(bit_xor(checksum), 0) AS sum FROM {} WHERE {} = r.number"
    ).format(_table(dataset), sql.Identifier(revision))


def _is_revision(dataset: Dataset, revision: str) -> sql.Composed:
    return sql.SQL("EXISTS (SELECT FROM catalog_revision WHERE number = f.{} AND dataset = {})").format(
        sql.Identifier(revision), sql.Literal(dataset.name)
    )


# The form of the checksums


def is_in_line(dataset: Dataset) -> bool:
    """Whether the checksums that are there were made of the columns that the dataset has now."""
    return ChecksumForm.objects.filter(dataset=dataset.name, form=_form(dataset)).exists()


def bring_in_line() -> dict[str, int]:
    """Make anew the checksums of the datasets whose columns are others than they were; returns of how many rows, by dataset.

    To be done as the owner of the tables, behind migrations. Cut short it begins again, and writes only what is not there.
    """
    return {dataset.name: _make_anew(dataset) for dataset in registry.all_datasets() if not is_in_line(dataset)}


def _make_anew(dataset: Dataset) -> int:
    written, done = 0, 0
    while batch := _batch(dataset, done):
        written += _write(dataset, done, batch)
        done = batch
    with transaction.atomic():
        published.hold_apply_lock()
        written += _write(dataset, done, None)  # what came meanwhile
        _write_sums(dataset)
        ChecksumForm.objects.update_or_create(dataset=dataset.name, defaults={"form": _form(dataset)})
        if written:
            audit.write(None, "data.checksums", dataset.name, rows=written)
    return written


def _batch(dataset: Dataset, after: int) -> int | None:
    """The last id of a whole batch of rows; None where there are not so many any more."""
    query = sql.SQL("SELECT id FROM {} WHERE id > %s ORDER BY id OFFSET %s LIMIT 1").format(_table(dataset))
    found = statements.rows(query, [after, BATCH - 1])
    return found[0][0] if found else None


def _write(dataset: Dataset, after: int, until: int | None) -> int:
    query = sql.SQL(
        "WITH written AS (UPDATE {table} f SET checksum = {row_sum} WHERE id > %s AND id <= coalesce(%s, id)"
        " AND checksum IS DISTINCT FROM {row_sum} RETURNING 1) SELECT count(*) FROM written"
    ).format(table=_table(dataset), row_sum=_stored_row_sum(dataset))
    return int(statements.value(query, [after, until]))


def _write_sums(dataset: Dataset) -> None:
    query = sql.SQL(
        "UPDATE {log} l SET begun_sum = b.sum, ended_sum = e.sum FROM catalog_revision r"
        " CROSS JOIN LATERAL ({begun}) b CROSS JOIN LATERAL ({ended}) e"
        " WHERE l.dataset = %s AND r.dataset = l.dataset AND r.number = l.revision"
    ).format(log=LOG, begun=_sums(dataset, "from_revision"), ended=_sums(dataset, "until_revision"))
    statements.execute(query, [dataset.name])


def _form(dataset: Dataset) -> str:
    columns = [f"{name} {field.db_type(connection)}" for name, field in _covered(dataset).items()]
    return f"{FORM}: {', '.join(columns)}"


def _stored_row_sum(dataset: Dataset) -> sql.Composed:
    return row_sum(dataset, {name: sql.Identifier("f", name) for name in _covered(dataset)})


def _table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(dataset.in_force._meta.db_table)
