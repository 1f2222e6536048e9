"""Attempts to sign in, counted in the database so that every web process knows of them.

Whoever guesses waits, longer each time: for one name from one address, and for all names from one address. A device from
which somebody has signed in before is counted by itself, so that no stranger shuts its owner out, whatever address
they share. Neither names nor addresses are kept, only what can be compared with them. Times are the database's.
"""

import datetime
import math

from django.db import transaction
from django.db.models import Count, Max
from django.utils.crypto import salted_hmac

from landgis.accounts.models import Attempt
from landgis.lib import statements

LOCK = 0x7369676E  # "sign": one attempt is counted at a time
# So many attempts may fail without a wait; then it doubles with each. An office may have one address.
FREE_OF_A_PAIR, FREE_OF_AN_ADDRESS = 5, 50
LONGEST_S = 900
KEPT = datetime.timedelta(days=1)


class TooManyAttempts(Exception):
    """So many attempts failed that the next one is not looked at before `wait_s` seconds have passed."""

    def __init__(self, wait_s: int):
        super().__init__(f"{wait_s} s")
        self.wait_s = wait_s


@transaction.atomic
def begin(name: str, address: str, device: str = "") -> None:
    """Count an attempt, before it is looked at. `device` is one that the person is known by. Raises TooManyAttempts."""
    _locked, now = statements.row("SELECT pg_advisory_xact_lock(%s), clock_timestamp()", [LOCK])
    Attempt.objects.filter(at__lt=now - KEPT).delete()
    pair = _pair(name, address, device)
    wait_s = _wait_s(now, FREE_OF_A_PAIR, **pair)
    if not device:
        wait_s = max(wait_s, _wait_s(now, FREE_OF_AN_ADDRESS, address_key=pair["address_key"]))
    if wait_s:
        raise TooManyAttempts(wait_s)
    Attempt.objects.create(**pair, at=now)


def succeeded(name: str, address: str, device: str = "") -> None:
    """The password was right: what failed before under that name from there no longer counts."""
    Attempt.objects.filter(**_pair(name, address, device)).delete()


def _wait_s(now: datetime.datetime, free: int, **of: str) -> int:
    """How long the next attempt has to wait, in whole seconds."""
    found = Attempt.objects.filter(**of).aggregate(failed=Count("id"), last=Max("at"))
    if found["failed"] < free:
        return 0
    pause = min(LONGEST_S, 2 ** min(found["failed"] - free, 20))
    return max(0, math.ceil(pause - (now - found["last"]).total_seconds()))


def _pair(name: str, address: str, device: str) -> dict[str, str]:
    return {
        "name_key": _key("name", name.casefold()),
        "address_key": _key(*(("device", device) if device else ("address", address))),
    }


def _key(of: str, value: str) -> str:
    return salted_hmac("landgis.accounts.attempts", f"{of} {value}").hexdigest()[:32]
