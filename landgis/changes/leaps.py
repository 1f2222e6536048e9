"""Numbers that are hundreds of times what is known of the same feature: one among many, in a column that is right."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from psycopg import sql

from landgis.catalog.dataset import NUMBERS, Dataset
from landgis.changes.issues import WARN, Finding, IssueKind, add_kinds
from landgis.changes.models import ChangeSet
from landgis.lib import statements

TIMES = 500  # a mark that was read as another makes it a thousand
MOST = 1000  # of a field
CODE = "value-leaps"

add_kinds(
    {
        CODE: IssueKind(
            WARN,
            _("“%(label)s” would be %(read)s, where %(known)s is known of the same feature."),
            _("Look whether the value lacks its thousands or is in another unit; correct it if so."),
        )
    }
)


def leaping_values(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Values that are TIMES what is in force for the feature, or less by as much; areas also beside those computed."""
    in_force = sql.SQL(
        "SELECT i.row, i.ref, i.{column}, f.{column} FROM {items} i JOIN {in_force} f ON f.ref = i.ref"
        " AND f.until_revision IS NULL WHERE i.change_set_id = %s AND i.{column} > 0 AND f.{column} > 0"
        " AND greatest(i.{column} / f.{column}, f.{column} / i.{column}) >= {times} ORDER BY i.row LIMIT {most}"
    )
    declared = [field.name for field in dataset.fields if field.name in change_set.brings]
    for name in declared:
        if isinstance(dataset.model_field(name), NUMBERS):
            yield from _found(in_force, name, dataset, change_set)
    measure = dataset.geometry_kind.measure
    if measure is None or dataset.legal_area not in change_set.brings or dataset.geometry not in change_set.brings:
        return
    computed = sql.SQL(
        "SELECT i.row, i.ref, i.{column}, i.{measure} FROM {items} i"
        " WHERE i.change_set_id = %s AND i.{column} > 0 AND i.{measure} > 0"
        " AND greatest(i.{column} / i.{measure}, i.{measure} / i.{column}) >= {times} ORDER BY i.row LIMIT {most}"
    )
    yield from _found(computed, str(dataset.legal_area), dataset, change_set, measure=sql.Identifier(measure.column))


def _found(
    query: sql.SQL, name: str, dataset: Dataset, change_set: ChangeSet, **pieces: sql.Composable
) -> Iterator[Finding]:
    filled = query.format(
        column=sql.Identifier(name),
        items=sql.Identifier(dataset.proposed._meta.db_table),
        in_force=sql.Identifier(dataset.in_force._meta.db_table),
        times=TIMES,
        most=MOST,
        **pieces,
    )
    for row, ref, read, known in statements.rows(filled, [change_set.pk]):
        yield Finding(CODE, row=row, ref=ref, field=name, params={"read": _plain(read), "known": _plain(known)})


def _plain(number: object) -> str:
    return f"{number:.1f}".removesuffix(".0")
