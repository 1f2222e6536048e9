"""How the queue stands, in numbers that name nobody."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from landgis.lib import statements


@dataclass(frozen=True)
class Queue:
    """`oldest_s` is how long the oldest mail has waited, 0 where none does; `overdue` have been tried in vain."""

    waiting: int
    overdue: int
    oldest_s: float
    given_up: int
    sent: int

    @property
    def since(self) -> datetime.datetime:
        """When the oldest mail began to wait."""
        return timezone.now() - datetime.timedelta(seconds=self.oldest_s)


def queue() -> Queue:
    return Queue(
        *statements.row(
            "SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'waiting' AND error <> ''),"
            " coalesce(extract(epoch FROM clock_timestamp() - min(made_at) FILTER (WHERE state = 'waiting')), 0)::float,"
            " count(*) FILTER (WHERE state = 'given-up'), count(*) FILTER (WHERE state = 'sent') FROM mail_mail"
        )
    )
