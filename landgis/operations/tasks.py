"""Background work. It follows the revisions in order and may be repeated or cut short at any time."""

import structlog
from django.db import transaction
from django.db.models import Max

from landgis.catalog import published, registry
from landgis.catalog.models import Revision
from landgis.changes import item_storage, seals, ticks
from landgis.lib import statements
from landgis.lib.schedule import periodic
from landgis.operations import kept_pages, verification
from landgis.operations.models import PublishedCheck

log = structlog.get_logger(__name__)


@periodic(cron="* * * * * */5")  # the sixth field is seconds
def write_ticks() -> None:
    """Write down which deadlines have passed, and midnight, for those who follow."""
    if written := ticks.write():
        log.info("ticks", written=written)


@periodic(cron="* * * * * *")
def follow_pages() -> None:
    """Every second: what nginx kept before a revision or tick is found no more, whoever was killed in between."""
    kept_pages.move_on()


@periodic(cron="* * * * *")
def check_published() -> None:
    """Compare `published` with what is in force after each revision not yet looked at.

    Only the newest revision of a dataset is compared: what came before it has passed.
    """
    for dataset in registry.all_datasets():
        newest = Revision.objects.filter(dataset=dataset.name).order_by("-number").first()
        if newest is None or PublishedCheck.objects.filter(revision=newest.number).exists():
            continue
        with transaction.atomic():
            # One snapshot for both sides, or an apply in between would look like a fault.
            statements.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            number = Revision.objects.filter(dataset=dataset.name).aggregate(newest=Max("number"))["newest"]
            differences = published.differences(dataset)
        # Outside the snapshot, which would not see that the task of the next minute has looked at it meanwhile.
        PublishedCheck.objects.update_or_create(
            revision=number, defaults={"dataset": dataset.name, "differences": differences}
        )
        if differences:
            log.error("published differs", dataset=dataset.name, revision=number, differences=differences)


@periodic(cron="* * * * *")
def put_items_away() -> None:
    """Put the items of change sets that have ended into files of the store."""
    if done := item_storage.put_away_ended():
        log.info("items put away", change_sets=done)


@periodic(cron="* * * * *")
def seal_audit() -> None:
    """Seal the lines of the audit that are new; the head is in the log, where the database does not reach."""
    if sealed := seals.seal():
        log.info("audit sealed", lines=sealed, head=seals.head())


@periodic(cron="* * * * *")
def verify_part() -> None:
    """Look at the next part of the rows in force; what is damaged is in the log, in `/admin/` and in `/readyz`."""
    verification.verify_part()
