"""Background work: the entries follow the revisions."""

from typing import Any

import structlog
from procrastinate.contrib.django import app

from landgis.search import actions

log = structlog.get_logger(__name__)


@app.periodic(cron="* * * * * */2")  # the sixth field is seconds
@app.task(name="follow_search", queueing_lock="follow_search", pass_context=False)
def follow_search(timestamp: int, **_more: Any) -> None:
    """Every two seconds, so that a reader finds what was applied at most five seconds later."""
    written = actions.follow()
    if written:
        log.info("search followed", entries=written)
