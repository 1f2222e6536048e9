"""Background work: the stored tiles follow the revisions."""

import time
from pathlib import Path

import structlog
from django.conf import settings

from landgis.catalog import contributions, exits
from landgis.catalog.dataset import Dataset
from landgis.lib.schedule import periodic
from landgis.tiles import pyramid
from landgis.tiles.store import sweep

log = structlog.get_logger(__name__)

follower = pyramid.TileFollower()

AT_A_TIME_S = 20.0  # then others that wait for the worker have their turn


@periodic(cron="* * * * * *")  # the sixth field is seconds
def follow_tiles() -> None:
    """Every second: what an apply or the clock touched is forgotten, and cut anew. Where no tile was ever stored none is."""
    sweep(Path(settings.TILES))
    until = time.monotonic() + AT_A_TIME_S
    begun = [dataset for dataset in exits.datasets("tiles") if pyramid.store_of(dataset).is_begun()]
    cut, _failed = contributions.each(begun, lambda dataset: _brought_in_line(dataset, until), follower.name)
    if sum(cut):
        log.info("tiles cut", tiles=sum(cut))


def _brought_in_line(dataset: Dataset, until: float) -> int:
    try:
        follower.follow(dataset)
        return pyramid.cut(dataset, until=until)
    except OSError as error:  # no room: marked tiles are cut for their readers, and again here a second later
        log.warning("tiles not kept", dataset=dataset.name, error=error.strerror)
        return 0
