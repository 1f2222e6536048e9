"""Background work: the stored tiles follow the revisions."""

import time

import structlog

from landgis.catalog import contributions, exits
from landgis.changes import followers
from landgis.lib.schedule import periodic
from landgis.tiles import pyramid

log = structlog.get_logger(__name__)

AT_A_TIME_S = 20.0  # then others that wait for the worker have their turn


@periodic(cron="* * * * * *")  # the sixth field is seconds
def follow_tiles() -> None:
    """Every second: what an apply or the clock touched is forgotten, and cut anew."""
    followers.follow(pyramid.TileFollower.name)
    until = time.monotonic() + AT_A_TIME_S
    cut, _failed = contributions.each(
        exits.datasets("tiles"), lambda dataset: pyramid.cut(dataset, until=until), pyramid.TileFollower.name
    )
    if sum(cut):
        log.info("tiles cut", tiles=sum(cut))
