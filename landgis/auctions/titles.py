"""What readers of another language call an auction: what is sold, and where."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from landgis.auctions.models import Stream
from landgis.catalog.dataset.told import MadeTitle
from landgis.places.naming import kind_as_spoken

COUNT, STREAM, ROUND, PLACE, MORE_PLACES = "lot_count", "stream", "round", "commune_today", "commune_today_also"


def _of_auction(values: Mapping[str, Any]) -> str:
    """Auction of 17 residential lots, Phú Mỹ ward; empty where number or place is not known."""
    if not values.get(COUNT) or not values.get(PLACE):
        return ""
    count = int(values[COUNT])
    names = [values[PLACE], *filter(None, (values.get(MORE_PLACES) or "").split(", "))]
    told = {"n": number_format(count, force_grouping=True), "place": ", ".join(map(kind_as_spoken, names))}
    title = _what(values.get(STREAM), count) % told
    again = int(values.get(ROUND) or 1)
    return _("%(title)s (round %(round)s)") % {"title": title, "round": again} if again > 1 else title


def _what(stream: str | None, count: int) -> str:
    if stream == Stream.RESIDENTIAL:
        return ngettext(
            "Auction of %(n)s residential lot, %(place)s", "Auction of %(n)s residential lots, %(place)s", count
        )
    return ngettext(
        "Auction of %(n)s lot for investment, %(place)s", "Auction of %(n)s lots for investment, %(place)s", count
    )


AUCTION_TITLE = MadeTitle((COUNT, STREAM, ROUND, PLACE, MORE_PLACES), _of_auction)
NAMED_BY = ("title", *AUCTION_TITLE.fields)
