"""The code lists of auctions and their lots, by name."""

from landgis.auctions.models import AuctionStatus, DocumentKind, Facing, Form, LotStatus, Method, Stream, Term

CODE_LISTS = {
    "auction-stream": Stream,
    "auction-status": AuctionStatus,
    "auction-form": Form,
    "auction-method": Method,
    "auction-document": DocumentKind,
    "lot-status": LotStatus,
    "facing": Facing,
    "term-of-use": Term,
}
