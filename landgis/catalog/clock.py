"""The one clock: the database's. Deadlines and days left are counted by it, in every process and on every machine alike."""

import datetime
import threading
import time
from typing import Any

from django.utils import timezone
from psycopg import sql

from landgis.catalog.queries.database import fetch, public_database

ASK_AGAIN_S = 30  # in between it is carried on by a counter of this machine that nobody sets

_asked: dict[Any, tuple[datetime.datetime, float]] = {}  # what the database said, and the counter then
_lock = threading.Lock()


def now() -> datetime.datetime:
    """The time of `catalog_clock`, by which states are told too, asked for once every ASK_AGAIN_S seconds."""
    place, counter = public_database(), time.monotonic()
    with _lock:
        said = _asked.get(place)
    if said is None or counter - said[1] >= ASK_AGAIN_S:
        (row,) = fetch(sql.SQL("SELECT now FROM published.clock"), [])
        said = row["now"], counter
        with _lock:
            _asked.clear()
            _asked[place] = said
    return said[0] + datetime.timedelta(seconds=counter - said[1])


def today() -> datetime.date:
    """The day by that clock, where the office is."""
    return timezone.localdate(now())
