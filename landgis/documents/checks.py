"""What a change set is checked for where its rows name files of documents."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.changes.issues import STOP, WARN, Finding, IssueKind, add_kinds
from landgis.changes.models import ChangeSet
from landgis.documents import pictures, store
from landgis.documents.queries import naming
from landgis.lib import statements

add_kinds(
    {
        "document-absent": IssueKind(
            STOP,
            _("“%(label)s” names the file %(file)s, which is not kept here."),
            _("Add the file with manage.py document add, and write the name that it prints; or leave the name out."),
            on_page=_("Choose the file of the document once more, or leave it out."),
        ),
        "document-unseen": IssueKind(
            WARN,
            _(
                "Of “%(label)s”, readers do not see all pages of the file %(file)s in the page: they have to open the file."
            ),
            _(
                "A PDF without a password, or a picture of at most 200 megapixels, is shown; of either 30 pages at most."
            ),
        ),
    }
)


def files_are_kept(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Files that are named anew and were never handed in. What a row in force names already is for `verify` to find."""
    for field, key in naming(dataset):
        query = sql.SQL(
            "SELECT i.row, i.ref, one ->> {key} FROM {items} i CROSS JOIN LATERAL jsonb_array_elements(i.{field}) one"
            " LEFT JOIN {in_force} f ON f.ref = i.ref AND f.until_revision IS NULL"
            " WHERE i.change_set_id = %(id)s AND one ->> {key} <> ''"
            " AND (f.{field} @> jsonb_build_array(jsonb_build_object({key}, one ->> {key}))) IS NOT TRUE ORDER BY i.row"
        ).format(
            key=sql.Literal(key),
            items=sql.Identifier(dataset.proposed._meta.db_table),
            in_force=sql.Identifier(dataset.in_force._meta.db_table),
            field=sql.Identifier(field.name),
        )
        for row, ref, name in statements.rows(query, {"id": change_set.pk}):
            code = _trouble(name)
            if code:
                yield Finding(code, row=row, ref=ref, field=field.name, params={"file": name[:80]})


def _trouble(name: str) -> str:
    if not store.is_kept(name):
        return "document-absent"
    shown = pictures.of(name)
    return "document-unseen" if shown and pictures.missing_told(shown) else ""
