"""What a change set of places is checked for beside the usual."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from psycopg import sql

from landgis.catalog import clock
from landgis.catalog.dataset import Dataset
from landgis.changes import touched
from landgis.changes.issues import STOP, WARN, Finding, IssueKind, add_kinds
from landgis.changes.models import ChangeSet
from landgis.lib import statements

add_kinds(
    {
        "unit-unknown": IssueKind(
            WARN,
            _("“%(label)s” names %(unit)s, which is no unit of this file or in force."),
            _("Correct the reference, or add the unit."),
        ),
        "period-reversed": IssueKind(
            STOP,
            _("The unit ends on %(last)s, before its first day %(first)s."),
            _("Correct the two dates."),
        ),
        "unit-in-effect": IssueKind(
            WARN,
            _("“%(label)s” does not fit the first and last day of the unit today: %(first)s, %(last)s."),
            _("Correct what is wrong, or publish it on the day from which it holds."),
        ),
    }
)


def unknown_relatives(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """Successors and predecessors that are neither staged nor in force."""
    if since is not None and not touched.is_touched(since, dataset.name):
        return
    query = sql.SQL(
        "SELECT i.row, i.ref, r.field, r.unit FROM {items} i CROSS JOIN LATERAL ("
        " SELECT 'successors' AS field, unnest(string_to_array(i.successors, ' ')) AS unit"
        " UNION ALL SELECT 'predecessors', unnest(string_to_array(i.predecessors, ' '))) r"
        " WHERE i.change_set_id = %(id)s AND r.unit <> ''"
        " AND NOT EXISTS (SELECT FROM {items} o WHERE o.change_set_id = %(id)s AND o.ref = r.unit{coming})"
        " AND NOT EXISTS (SELECT FROM {in_force} f WHERE f.ref = r.unit AND f.until_revision IS NULL)"
        " ORDER BY i.row, r.unit"
    ).format(
        items=sql.Identifier(dataset.proposed._meta.db_table),
        in_force=sql.Identifier(dataset.in_force._meta.db_table),
        coming=touched.among_items("o", since),
    )
    for row, ref, field, unit in statements.rows(query, {"id": change_set.pk}):
        yield Finding("unit-unknown", row=row, ref=ref, field=field, params={"unit": unit})


def period_in_order(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Units whose last day lies before their first."""
    query = sql.SQL(
        "SELECT i.row, i.ref, i.valid_from::text, i.valid_to::text FROM {items} i"
        " WHERE i.change_set_id = %(id)s AND i.valid_to < i.valid_from ORDER BY i.row"
    ).format(items=sql.Identifier(dataset.proposed._meta.db_table))
    for row, ref, first, last in statements.rows(query, {"id": change_set.pk}):
        yield Finding("period-reversed", row=row, ref=ref, field="valid_to", params={"first": first, "last": last})


def in_effect_as_dated(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Units that are said to be of today before their first day or after their last one, or not to be between the two."""
    query = sql.SQL(
        "SELECT i.row, i.ref, coalesce(i.valid_from::text, '…'), coalesce(i.valid_to::text, '…') FROM {items} i"
        " WHERE i.change_set_id = %(id)s AND (i.valid_to < i.valid_from) IS NOT TRUE"
        " AND CASE WHEN i.is_current THEN i.valid_from > %(today)s OR i.valid_to < %(today)s"
        " ELSE i.valid_from <= %(today)s AND i.valid_to >= %(today)s END ORDER BY i.row"
    ).format(items=sql.Identifier(dataset.proposed._meta.db_table))
    for row, ref, first, last in statements.rows(query, {"id": change_set.pk, "today": clock.today()}):
        yield Finding("unit-in-effect", row=row, ref=ref, field="is_current", params={"first": first, "last": last})
