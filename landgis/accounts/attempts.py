"""Attempts to sign in, counted in the database so that every web process knows of them.

Neither names nor addresses are kept, only what can be compared with them.
"""

import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from landgis.accounts.models import Attempt

LOCK = 0x7369676E  # "sign": one attempt is counted at a time
WITHIN = datetime.timedelta(minutes=15)
# Of a name from one address, so that a stranger who guesses shuts nobody out elsewhere; an office may have one address.
MOST_OF_A_PAIR, MOST_OF_AN_ADDRESS = 10, 50
KEPT = datetime.timedelta(days=1)


class TooManyAttempts(Exception):
    """So many attempts failed that the next ones are not looked at; after WITHIN it works again."""


@transaction.atomic
def begin(name: str, address: str) -> None:
    """Count an attempt, before it is looked at. Raises TooManyAttempts."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    Attempt.objects.filter(at__lt=now - KEPT).delete()
    pair = _pair(name, address)
    of_address = Attempt.objects.filter(at__gt=now - WITHIN, address_key=pair["address_key"])
    if of_address.filter(**pair).count() >= MOST_OF_A_PAIR or of_address.count() >= MOST_OF_AN_ADDRESS:
        raise TooManyAttempts
    Attempt.objects.create(**pair, at=now)


def succeeded(name: str, address: str) -> None:
    """The password was right: what failed before under that name from there no longer counts."""
    Attempt.objects.filter(**_pair(name, address)).delete()


def _pair(name: str, address: str) -> dict[str, str]:
    return {"name_key": _key("name", name.casefold()), "address_key": _key("address", address)}


def _key(of: str, value: str) -> str:
    return salted_hmac("landgis.accounts.attempts", f"{of} {value}").hexdigest()[:32]
