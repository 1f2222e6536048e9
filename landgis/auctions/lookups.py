"""What bidders filter lots by that is no column of them: the day of the auction."""

import datetime
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from landgis.catalog import queries, registry
from landgis.catalog.dataset import Lookup
from landgis.lib.filters import AtLeast, AtMost, Filter, FilterError, OneOf, iso_day


def _opens(parameter: str, kind: type[AtLeast | AtMost], time: datetime.time) -> Callable[[str, int | None], Filter]:
    """Lots whose auction opens not before, or not after, a day on the clocks here."""

    def read(text: str, as_of: int | None) -> Filter:
        try:
            moment = timezone.make_aware(datetime.datetime.combine(iso_day(text).day, time))
        except (ValueError, OverflowError):
            raise FilterError(parameter, _("Write a date such as 2026-12-31.")) from None
        auctions = queries.rows(registry.get("auctions"), kind("opens_at", moment), as_of=as_of, fields=("ref",))
        return OneOf("auction_code", tuple(row["ref"] for row in auctions))

    return read


OPENS = (
    Lookup(
        "opens_from", gettext_lazy("auction not before"), _opens("opens_from", AtLeast, datetime.time.min), kind="date"
    ),
    Lookup(
        "opens_to",
        gettext_lazy("auction not after"),
        _opens("opens_to", AtMost, datetime.time.max),
        kind="date",
        is_last=True,
    ),
)
