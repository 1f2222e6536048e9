"""Background work: the entries follow the revisions."""

import structlog

from landgis.lib.schedule import periodic
from landgis.search import actions

log = structlog.get_logger(__name__)


@periodic(cron="* * * * * */2")  # the sixth field is seconds
def follow_search() -> None:
    """Every two seconds, so that a reader finds what was applied at most five seconds later."""
    written = actions.follow()
    if written:
        log.info("search followed", entries=written)
