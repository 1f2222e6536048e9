"""What the lists of auctions and of lots have beyond their fields: what stands first, whose days they show, how people ask."""

from django.utils.translation import gettext_lazy as _

from landgis.auctions import lookups, states
from landgis.auctions.models import AuctionStatus, LotStatus
from landgis.catalog.dataset import Beside, Lists, Spoken
from landgis.catalog.dataset.list_attributes import Headed, Heading
from landgis.catalog.unit_filters import by_place

APPLY = _("taking dossiers|still taking dossiers|can still apply|can still be applied for|open for dossiers")
SOLD = _("sold|already sold")
APPLICABLE, TO_COME = _("Still taking dossiers"), _("Not open yet, or waiting for the session")
OVER = _("Over, stopped, postponed or cancelled")

AUCTIONS = Lists(
    headed=Headed(
        "status",
        (
            Heading(APPLICABLE, (AuctionStatus.SELLING_DOSSIERS,)),
            Heading(
                TO_COME,
                (AuctionStatus.REGISTRATION_CLOSED, *states.ANNOUNCED[::-1], *states.PLANNED[::-1]),
            ),
        ),
        rest=Heading(OVER, (AuctionStatus.NOT_REPORTED,)),
    ),
    sorts=("dossiers_to", "opens_at", "lot_count", "starting_total_vnd"),
    spoken=Spoken(
        days=("opens_at_min", "opens_at_max"),
        phrases=((APPLY, "status", AuctionStatus.SELLING_DOSSIERS.value),),
        example=_("e.g. this month, still taking dossiers"),
    ),
)
LOTS = Lists(
    headed=Headed(
        "status",
        (
            Heading(APPLICABLE, (LotStatus.OPEN,)),
            Heading(TO_COME, (LotStatus.NOT_OPEN, LotStatus.REGISTRATION_CLOSED)),
        ),
        rest=Heading(OVER),
    ),
    lookups=(by_place("auction-lots"), *lookups.OPENS),
    beside=Beside("auctions", "auction_code", ("dossiers_to", "opens_at")),
    sorts=("starting_price_vnd", "area_legal_m2"),
    has_pictures=True,
    spoken=Spoken(
        _("lot|lots"),
        ("opens_from", "opens_to"),
        ((APPLY, "status", LotStatus.OPEN.value), (SOLD, "status", LotStatus.WON.value)),
        _("e.g. under 2 billion, still taking dossiers"),
    ),
)
