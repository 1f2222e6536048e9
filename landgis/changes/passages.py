"""Splits and merges of a change set: what was said of them, kept with it and published once it is applied.

Parents and children are ordinary items, so that territories, four eyes, checks, apply and log take them as any other. A
passage says which of them come from which (docs/decisions/0027-lineage-is-said.md).
"""

from collections.abc import Sequence

from django.db import transaction
from psycopg import sql

from landgis.catalog import published, registry
from landgis.catalog.dataset import Dataset
from landgis.changes.models import ChangeSet, Door
from landgis.changes.passage_models import Descent, Passage, PassageKind


@transaction.atomic
def say(change_set: ChangeSet, parents: Sequence[str], children: Sequence[str], *, remeasured: str = "") -> Passage:
    """Note that features of a change set come from others. Raises ValueError for what is no split, merge or renumbering."""
    refs = [*parents, *children]
    sizes = (len(parents), len(children))
    if min(sizes) != 1 or len(set(refs)) != len(refs):
        raise ValueError(f"no split, merge or renumbering: {parents} to {children}")
    kind = PassageKind.RENUMBER if sizes == (1, 1) else PassageKind.SPLIT if len(parents) == 1 else PassageKind.MERGE
    found = Passage.objects.create(change_set=change_set, kind=kind, remeasured=remeasured)
    Descent.objects.bulk_create(
        Descent(passage=found, parent=parent, child=child) for parent in parents for child in children
    )
    return found


def renumbered_sql(one: str, other: str) -> sql.Composable:
    """Whether, of two items of a change set under these aliases, one is the other under another number."""
    return sql.SQL(
        "EXISTS (SELECT FROM changes_descent d JOIN changes_passage p ON p.id = d.passage_id"
        " WHERE p.change_set_id = {one}.change_set_id AND p.kind = {kind}"
        " AND ARRAY[d.parent, d.child] <@ ARRAY[{one}.ref, {other}.ref])"
    ).format(one=sql.Identifier(one), other=sql.Identifier(other), kind=sql.Literal(PassageKind.RENUMBER.value))


def published_sql() -> sql.Composable:
    """SELECT of (dataset, parent, child, revision): what was said of features that may be seen, both of them."""
    areas = [one for one in registry.all_datasets() if not one.is_internal and one.geometry_kind.covers]
    nothing = sql.SQL("SELECT ''::text AS dataset, ''::text AS parent, ''::text AS child, 0::bigint AS revision")
    parts = [_published_of(dataset) for dataset in areas]
    return sql.SQL(" UNION ALL ").join(parts) if parts else nothing + sql.SQL(" WHERE false")


def _published_of(dataset: Dataset) -> sql.Composable:
    there = sql.SQL("EXISTS (SELECT FROM {table} f WHERE f.ref = {ref} AND f.{revision} = c.revision AND {is_public})")
    table, is_public = sql.Identifier(dataset.in_force._meta.db_table), published.is_public_sql(dataset)
    parent, child = (
        there.format(table=table, is_public=is_public, ref=sql.Identifier("d", ref), revision=sql.Identifier(revision))
        for ref, revision in (("parent", "until_revision"), ("child", "from_revision"))
    )
    return sql.SQL(
        "SELECT {name}::text AS dataset, d.parent::text AS parent, d.child::text AS child, c.revision FROM changes_descent d"
        " JOIN changes_passage p ON p.id = d.passage_id JOIN changes_changeset c ON c.id = p.change_set_id"
        " WHERE c.dataset = {name} AND c.revision IS NOT NULL AND {parent} AND {child}"
    ).format(name=sql.Literal(dataset.name), parent=parent, child=child)


def edited_sql() -> sql.Composable:
    """SELECT of the revisions in which people say what comes from what, so that nothing is guessed."""
    internal = [dataset.name for dataset in registry.all_datasets() if dataset.is_internal]
    return sql.SQL(
        "SELECT c.revision FROM changes_changeset c WHERE c.door = {door} AND c.revision IS NOT NULL"
        " AND c.dataset <> ALL ({internal}::text[])"
    ).format(door=sql.Literal(Door.OFFICER.value), internal=sql.Literal(internal))
