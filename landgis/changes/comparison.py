"""What each item of a change set would do, by what is in force under its ref."""

from collections.abc import Iterable, Mapping

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.changes import displacements, likenesses
from landgis.changes.issues import Finding
from landgis.changes.marks import CUT, KEPT, RETIRES
from landgis.changes.models import ChangeSet, Door
from landgis.lib import statements


def compare(dataset: Dataset, change_set: ChangeSet, *, is_trial: bool = False) -> list[Finding]:
    """Set action and base revision of each item by what is in force under its ref.

    Of the columns that the source does not bring items get the values in force, or the default where the feature is
    new: so a file without the column that hides a row hides it still, and one without boundaries moves none.
    """
    alike = [] if is_trial else list(likenesses.settle(dataset, change_set))
    _keep(dataset, change_set)
    displacements.settle(dataset, change_set)
    _complete_cut(dataset, change_set)
    empty = _without_empty(dataset, change_set)
    columns = dataset.compared_columns
    mine = {name: sql.Identifier("i", name) for name in columns}
    defaults = {
        name: sql.Literal(dataset.model_field(name).get_default())
        for name in dataset.columns
        if name not in change_set.brings
    }
    kept = {
        name: sql.SQL("coalesce({}, {})").format(sql.Identifier("f", name), default)
        for name, default in defaults.items()
    }
    known = sql.SQL(
        "UPDATE {items} i SET {kept} base_revision = f.from_revision, action = CASE"
        " WHEN ({theirs}) IS NOT DISTINCT FROM ({mine}) THEN 'unchanged' ELSE 'change' END"
        " FROM {in_force} f WHERE f.ref = i.ref AND f.until_revision IS NULL AND i.change_set_id = %s"
    ).format(
        items=_items(dataset),
        in_force=_in_force(dataset),
        kept=_assignments(kept),
        theirs=_columns("f", columns),
        mine=sql.SQL(", ").join((mine | kept)[name] for name in columns),
    )
    new = sql.SQL("UPDATE {items} SET {defaults} action = 'add' WHERE change_set_id = %s AND action IS NULL").format(
        items=_items(dataset), defaults=_assignments(defaults)
    )
    statements.execute(known, [change_set.pk])
    statements.execute(new, [change_set.pk])
    _retire(dataset, change_set)
    return [*alike, *(Finding("column-empty", field=name) for name in empty)]


def _keep(dataset: Dataset, change_set: ChangeSet) -> None:
    """Give items what is in force in the columns that they leave alone though others of the change set bring them."""
    query = sql.SQL(
        "SELECT DISTINCT jsonb_array_elements_text(raw -> {0}) FROM {1} WHERE change_set_id = %s AND raw ? {0}"
    ).format(sql.Literal(KEPT), _items(dataset))
    for (name,) in statements.rows(query, [change_set.pk]):
        kept = sql.SQL(
            "UPDATE {items} i SET {column} = f.{column} FROM {in_force} f WHERE i.change_set_id = %s AND f.ref = i.ref"
            " AND f.until_revision IS NULL AND i.raw -> {kept} ? {name}"
        )
        pieces = {"items": _items(dataset), "in_force": _in_force(dataset), "column": sql.Identifier(name)}
        statements.execute(kept.format(**pieces, kept=sql.Literal(KEPT), name=sql.Literal(name)), [change_set.pk])


def _retire(dataset: Dataset, change_set: ChangeSet) -> None:
    """Let the items that say so retire their feature."""
    query = sql.SQL(
        "UPDATE {} SET action = 'retire' WHERE change_set_id = %s AND base_revision IS NOT NULL AND raw ? {}"
    )
    statements.execute(query.format(_items(dataset), sql.Literal(RETIRES)), [change_set.pk])


def _complete_cut(dataset: Dataset, change_set: ChangeSet) -> None:
    """Give items the text in force where the source may have cut theirs off, and it begins in the same way."""
    query = sql.SQL(
        "SELECT DISTINCT jsonb_array_elements_text(raw -> {0}) FROM {1} WHERE change_set_id = %s AND raw ? {0}"
    )
    cut = sql.Literal(CUT)
    for (name,) in statements.rows(query.format(cut, _items(dataset)), [change_set.pk]):
        completed = sql.SQL(
            "UPDATE {items} i SET {column} = f.{column} FROM {in_force} f WHERE i.change_set_id = %s AND f.ref = i.ref"
            " AND f.until_revision IS NULL AND i.raw -> {cut} ? {name}"
            " AND (i.{column} IS NULL OR starts_with(f.{column}::text, i.{column}::text))"
        )
        pieces = {"items": _items(dataset), "in_force": _in_force(dataset), "column": sql.Identifier(name)}
        statements.execute(completed.format(**pieces, cut=cut, name=sql.Literal(name)), [change_set.pk])


def _without_empty(dataset: Dataset, change_set: ChangeSet) -> list[str]:
    """Take from what the source brings the columns that the public does not see and of which no row has a value.

    Our own files lack them; a form with their headings must not wipe them. What an officer empties is meant.
    """
    if change_set.door == Door.OFFICER:
        return []
    query = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE change_set_id = %s AND {} IS NOT NULL)")
    empty = [
        name
        for name in change_set.brings
        if dataset.is_hidden(name)
        and not statements.value(query.format(_items(dataset), sql.Identifier(name)), [change_set.pk])
    ]
    if empty:
        change_set.brings = [name for name in change_set.brings if name not in empty]
        change_set.save(update_fields=["brings"])
    return empty


def _assignments(values: Mapping[str, sql.Composable]) -> sql.Composable:
    """For SET: each followed by a comma."""
    return sql.SQL(" ").join(sql.SQL("{} = {},").format(sql.Identifier(name), value) for name, value in values.items())


def _items(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(dataset.proposed._meta.db_table)


def _in_force(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(dataset.in_force._meta.db_table)


def _columns(alias: str, names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(alias, name) for name in names)
