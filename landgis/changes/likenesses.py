"""Identities that differ only in what nobody means: upper and lower case, and letters of other scripts that look the same.

"ks-12" is KS-12, which is in force: read as a feature of its own it would stand beside it, and of a complete source
KS-12 would be retired. What may be meant, such as an O for a nought, is said and left to a person.
"""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.changes.issues import WARN, Finding, IssueKind, add_kinds
from landgis.changes.models import ChangeSet
from landgis.lib import statements
from landgis.lib.text import LOOKALIKES

add_kinds(
    {
        "identity-alike": IssueKind(
            WARN,
            _(
                "“%(value)s” is read as %(other)s, which is in force: they differ in upper and lower case or in signs that look alike; "
                "so in %(count)s rows."
            ),
            _("Nothing is to be done; compare a row or two."),
        ),
        "identity-mistaken": IssueKind(
            WARN,
            _("The new identity looks like that of %(other)s, which is in force and which the source lacks."),
            _("Look whether an O stands there for a 0, or an I for a 1; correct it if so."),
        ),
    }
)
_MEANT = {unlike: alike for unlike, alike in LOOKALIKES.items() if alike.isalnum() or alike == "-"}
UNLIKE, ALIKE = "".join(_MEANT), "".join(_MEANT.values())
# Letters and figures that are taken for one another in reading and typing.
MISTAKEN, MEANT = "oil", "011"
MOST_MISTAKEN = 1000


def key(dataset: Dataset, alias: str) -> sql.Composed:
    """The identity of a row as it is compared."""
    columns = (*dataset.identity, *dataset.optional_identity)
    values = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(alias, name)) for name in columns)
    return sql.SQL("lower(translate(concat_ws(chr(31), {}), {}, {}))").format(values, UNLIKE, ALIKE)


def settle(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Give items the identity in force that theirs is like, and say so once."""
    query = sql.SQL(
        "WITH fresh AS (SELECT i.id, i.row, concat_ws(' ', {mine}) AS written, {i_key} AS key FROM {items} i"
        " WHERE i.change_set_id = %s AND i.ref <> '' AND NOT EXISTS"
        " (SELECT FROM {in_force} g WHERE g.ref = i.ref AND g.until_revision IS NULL AND ({i_same}) = ({g_same}))),"
        " meant AS (SELECT {f_key} AS key, min(f.ref) AS ref FROM {in_force} f WHERE f.until_revision IS NULL"
        " AND EXISTS (SELECT FROM fresh) GROUP BY 1 HAVING count(*) = 1)"
        " SELECT n.id, n.row, n.written, m.ref FROM fresh n JOIN meant m USING (key) ORDER BY n.row"
    )
    found = list(statements.rows(_filled(query, dataset), [change_set.pk]))
    if not found:
        return
    update = sql.SQL(
        "UPDATE {items} i SET ref = f.ref, {columns} FROM {in_force} f, unnest(%s::bigint[], %s::text[]) AS n (id, ref)"
        " WHERE i.id = n.id AND f.ref = n.ref AND f.until_revision IS NULL"
    )
    ids, _rows, _texts, refs = map(list, zip(*found, strict=True))
    statements.execute(_filled(update, dataset), [ids, refs])
    _id, _first_row, written, ref = found[0]
    yield Finding("identity-alike", params={"value": written, "other": ref, "count": len(found)})


def mistaken(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """New features whose identity can be taken for that of one in force which the source lacks."""
    query = sql.SQL(
        "WITH fresh AS (SELECT i.row, i.ref, translate({i_key}, {mistaken}, {meant}) AS key FROM {items} i"
        " WHERE i.change_set_id = %s AND i.action = 'add' AND i.ref <> '')"
        " SELECT n.row, n.ref, min(f.ref) FROM fresh n JOIN {in_force} f"
        " ON translate({f_key}, {mistaken}, {meant}) = n.key AND f.until_revision IS NULL"
        " AND NOT EXISTS (SELECT FROM {items} o WHERE o.change_set_id = %s AND o.ref = f.ref AND o.action <> 'retire')"
        " GROUP BY n.row, n.ref ORDER BY n.row LIMIT {most}"
    )
    for row, ref, other in statements.rows(_filled(query, dataset), [change_set.pk] * 2):
        yield Finding("identity-mistaken", row=row, ref=ref, params={"other": other})


def _filled(query: sql.SQL, dataset: Dataset) -> sql.Composed:
    columns = (*dataset.identity, *dataset.optional_identity)
    same = {
        f"{alias}_same": sql.SQL(", ").join(
            sql.SQL("coalesce({}::text, '')").format(sql.Identifier(alias, name)) for name in columns
        )
        for alias in ("i", "g")
    }
    return query.format(
        **same,
        items=sql.Identifier(dataset.proposed._meta.db_table),
        in_force=sql.Identifier(dataset.in_force._meta.db_table),
        mine=sql.SQL(", ").join(sql.SQL("i.{}::text").format(sql.Identifier(name)) for name in columns),
        columns=sql.SQL(", ").join(sql.SQL("{0} = f.{0}").format(sql.Identifier(name)) for name in columns),
        i_key=key(dataset, "i"),
        f_key=key(dataset, "f"),
        mistaken=MISTAKEN,
        meant=MEANT,
        most=MOST_MISTAKEN,
    )
