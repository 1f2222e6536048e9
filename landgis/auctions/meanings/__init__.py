"""What the fields of auctions and their lots say and where that comes from, and what the codes mean."""

from landgis.auctions.meanings.auctions import AUCTIONS
from landgis.auctions.meanings.codes import CODES
from landgis.auctions.meanings.lots import AUCTION_LOTS

__all__ = ["AUCTIONS", "AUCTION_LOTS", "CODES"]
