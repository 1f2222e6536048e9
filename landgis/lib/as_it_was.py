"""Rows of a published view with what is derived of them as it was said at a revision; the same for server and notebooks.

A view shows what is said now, since which revision (`located_since`), and what was said before (`located_before`).
"""

from collections.abc import Mapping, Sequence

from psycopg import sql


def as_it_was(
    view: sql.Composable, name: sql.Composable, columns: Sequence[str], derived: Mapping[str, str], as_of: int
) -> sql.Composed:
    """What stands after FROM, under the name: the columns, and those that show what is derived (by what it is called)."""
    said = [
        sql.SQL("CASE WHEN v.located_since <= {as_of} THEN v.{shown} ELSE w.{derived} END AS {shown}").format(
            as_of=sql.Literal(as_of), shown=sql.Identifier(shown), derived=sql.Identifier(known)
        )
        for known, shown in derived.items()
    ]
    kept = [sql.SQL("v.{}").format(sql.Identifier(column)) for column in columns if column not in derived.values()]
    return sql.SQL(
        "(SELECT {columns} FROM {view} v LEFT JOIN LATERAL jsonb_to_recordset(CASE WHEN v.located_since > {as_of}"
        " THEN v.located_before END) AS w(since bigint, until bigint, {types}) ON w.since <= {as_of} AND w.until > {as_of})"
        " {name}"
    ).format(
        columns=sql.SQL(", ").join([*kept, *said]),
        view=view,
        as_of=sql.Literal(as_of),
        types=sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(known)) for known in derived),
        name=name,
    )
