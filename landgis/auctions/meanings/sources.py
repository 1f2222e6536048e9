"""The papers from which auctions and lots are known, and how exact they are."""

from django.utils.translation import gettext_lazy as _

OFFICE = _("The publishing office")
NOTICE = _("Notice and rules of the auction")
AUCTION_DECISION = _("Decision on the auction")
PAPER_AREA = _("Written to 0.1 m²; how exact the survey was is not said")
RESULT = _("Minutes and result of the auction")
LOT_PLAN = _("Plan of the lots, with the notice")
PAPER_LENGTH = _("Written to 0.1 m; how it was measured is not said")
COMMUNE = _("Notice of the auction and list of administrative units")
ZONING = _("Detailed plan of the area, as the notice quotes it")
