"""What the state of an auction and of a lot is now: the two tables that every exit follows (see docs/decisions/0022).

What a notice names ends by the clock: dossiers are taken in from and until the times in it, and a session was due at
its time. What a person must do, to hold a session and to say how it ended, the clock never does: it says that nobody
has reported it yet. A plan that was never announced opens nothing.
"""

from landgis.auctions.models import AuctionStatus as A
from landgis.auctions.models import LotStatus as L
from landgis.catalog.dataset import StateByClock, Turn
from landgis.catalog.dataset.attributes import OnlyWhen

PLANNED = (A.PLANNED, A.PLAN_APPROVED, A.DECIDED, A.AUCTIONEER_SELECTED)
ANNOUNCED = (A.ANNOUNCED, A.ANNOUNCED_TWICE)
OPEN = (A.SELLING_DOSSIERS, A.REGISTRATION_CLOSED)
CALLED_OFF = (A.STOPPED, A.POSTPONED, A.CANCELLED)
ENDED = (A.FAILED, A.HELD, A.RECOGNISED, *CALLED_OFF)
WAITING = (L.NOT_OPEN, L.OPEN, L.REGISTRATION_CLOSED)
LOTS_CALLED_OFF = (L.STOPPED, L.POSTPONED, L.CANCELLED)
# Codes of auctions that are true of their lots as well, unless the lot was reported to have ended already.
OF_ITS_AUCTION = ((A.FAILED, L.FAILED), (A.STOPPED, L.STOPPED), (A.POSTPONED, L.POSTPONED), (A.CANCELLED, L.CANCELLED))

AUCTION = StateByClock(
    "status",
    (
        Turn(A.SELLING_DOSSIERS, ANNOUNCED, at="dossiers_from"),
        Turn(A.REGISTRATION_CLOSED, (*ANNOUNCED, A.SELLING_DOSSIERS), at="dossiers_to"),
        Turn(A.NOT_REPORTED, PLANNED, at="dossiers_to"),
        Turn(A.NOT_REPORTED, (*PLANNED, *ANNOUNCED, *OPEN), at="opens_at"),
    ),
    unreported=(A.NOT_REPORTED,),
)
LOT = StateByClock(
    "status",
    (
        Turn(L.OPEN, (L.NOT_OPEN,), at="dossiers_from", theirs=(*ANNOUNCED, *OPEN)),
        Turn(L.REGISTRATION_CLOSED, (L.NOT_OPEN, L.OPEN), theirs=(A.REGISTRATION_CLOSED,)),
        Turn(L.REGISTRATION_CLOSED, (L.NOT_OPEN,), at="dossiers_to", theirs=(*ANNOUNCED, *OPEN)),
        Turn(L.REGISTRATION_CLOSED, (L.OPEN,), at="dossiers_to"),
        Turn(L.NOT_REPORTED, (L.NOT_OPEN,), at="dossiers_to", theirs=PLANNED),
        Turn(L.NOT_REPORTED, WAITING, at="opens_at", theirs=(*PLANNED, *ANNOUNCED, *OPEN)),
        Turn(L.NOT_REPORTED, WAITING, theirs=(A.HELD, A.RECOGNISED)),
        *(Turn(ours, WAITING, theirs=(theirs,)) for theirs, ours in OF_ITS_AUCTION),
    ),
    beside=("auctions", "auction_code"),
    unreported=(L.NOT_REPORTED,),
)


def _but(*before: A) -> OnlyWhen:
    return OnlyWhen("status", tuple(state for state in A if state not in before))


# From when on an auction can have the number of a decision, or somebody who runs it.
PLAN_APPROVED, DECIDED = _but(A.PLANNED), _but(A.PLANNED, A.PLAN_APPROVED)
ENTRUSTED = _but(A.PLANNED, A.PLAN_APPROVED, A.DECIDED)
