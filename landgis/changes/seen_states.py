"""Items whose author saw another state of the feature than the one in force."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.changes.issues import STOP, Finding, IssueKind, add_kinds
from landgis.changes.marks import BASE
from landgis.changes.models import ChangeSet
from landgis.lib import statements

WHILE_EDITED = "changed-while-edited"
add_kinds(
    {
        WHILE_EDITED: IssueKind(
            STOP,
            _("%(taken)s was changed by somebody else while it was being worked on."),
            _("Look at both states, and decide field by field; nothing is overwritten until then."),
        )
    }
)


def changed_while_edited(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Items whose feature is not in the state that their author saw; what comes into force later the apply finds."""
    query = sql.SQL(
        "SELECT row, ref FROM {items} WHERE change_set_id = %s AND raw ? {base}"
        " AND coalesce(base_revision, 0) <> (raw ->> {base})::bigint ORDER BY row"
    ).format(items=sql.Identifier(dataset.proposed._meta.db_table), base=sql.Literal(BASE))
    for row, ref in statements.rows(query, [change_set.pk]):
        yield Finding(WHILE_EDITED, row=row, ref=ref, params={"taken": ref})
