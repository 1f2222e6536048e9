"""Is what lies here still what was written? Rows in force and the log by their checksums, files by theirs.

The worker looks at a part of the rows each minute, so that it has seen all of them within a day; `manage.py verify` looks
at everything, files included. What is found is in the log, in `/admin/` and in `/readyz`, until `verify` finds it whole.
"""

from collections.abc import Iterator

import structlog
from django.db import transaction
from django.db.models.functions import Now
from psycopg import sql

from landgis.catalog import contributions, registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.models import Revision
from landgis.changes import checksums, seals
from landgis.changes.checksums import Damaged
from landgis.lib import statements
from landgis.operations import stored_files
from landgis.operations.models import Damage, DataCheck

log = structlog.get_logger(__name__)

PARTS = 1200  # of the 1440 minutes of a day
LEAST_ROWS = 1000  # of a part: what is small is looked at whole
FORM = "form"


def verify(audit_head: str = "") -> list[Damaged]:
    """Look at everything; what is damaged, noted in place of what was noted before. The head is one written down before."""
    seals.seal()
    found = [*_damaged_rows(), *stored_files.damaged(), *seals.altered(audit_head)]
    with transaction.atomic():
        Damage.objects.all().delete()
        _note(found)
    return found


def verify_part() -> list[Damaged]:
    """Look at the next part of the rows of each dataset."""
    parts, _failed = contributions.each(registry.all_datasets(), _next_part, "verification")
    found = [damaged for part in parts for damaged in part]
    _note(found)
    return found


def _damaged_rows() -> Iterator[Damaged]:
    for dataset in registry.all_datasets():
        if checksums.is_in_line(dataset):
            yield from checksums.altered_rows(dataset)
            yield from checksums.wrong_revisions(dataset)
        else:
            yield FORM, dataset.name


def _note(found: list[Damaged]) -> None:
    for kind, place in found:
        log.error("damaged", kind=kind, place=place)
    Damage.objects.bulk_create([Damage(kind=kind, place=place) for kind, place in found], ignore_conflicts=True)


def _next_part(dataset: Dataset) -> list[Damaged]:
    """What is damaged in the part that follows the last one; behind the last row it begins anew."""
    if not checksums.is_in_line(dataset):
        return []
    check, _is_new = DataCheck.objects.get_or_create(dataset=dataset.name)
    last_row, last_revision = _last(dataset)
    row = check.row + max(LEAST_ROWS, last_row // PARTS + 1)
    revision = check.revision + 1 + last_revision // PARTS
    found = [
        *checksums.altered_rows(dataset, check.row, row),
        *checksums.wrong_revisions(dataset, check.revision, revision),
    ]
    moved: dict[str, object] = {"row": row, "revision": revision}
    if row >= last_row and revision >= last_revision:
        moved = {"row": 0, "revision": 0, "whole_at": Now()}
    DataCheck.objects.filter(pk=dataset.name).update(**moved)
    return found


def _last(dataset: Dataset) -> tuple[int, int]:
    """The highest id of a row, and the newest revision."""
    query = sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(dataset.in_force._meta.db_table))
    row = statements.value(query)
    newest = Revision.objects.order_by("-number").values_list("number", flat=True).first()
    return row, newest or 0
