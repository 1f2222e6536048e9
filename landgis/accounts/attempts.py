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
MOST_OF_A_NAME, MOST_OF_AN_ADDRESS = 10, 50  # an office may have one address
KEPT = datetime.timedelta(days=1)


class TooMany(Exception):
    """So many attempts failed that the next ones are not looked at; after WITHIN it works again."""


@transaction.atomic
def begin(name: str, address: str) -> None:
    """Count an attempt, before it is looked at. Raises TooMany."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    Attempt.objects.filter(at__lt=now - KEPT).delete()
    of_name, of_address = _key("name", name.casefold()), _key("address", address)
    recent = Attempt.objects.filter(at__gt=now - WITHIN)
    if (
        recent.filter(name_key=of_name).count() >= MOST_OF_A_NAME
        or recent.filter(address_key=of_address).count() >= MOST_OF_AN_ADDRESS
    ):
        raise TooMany
    Attempt.objects.create(name_key=of_name, address_key=of_address, at=now)


def succeeded(name: str) -> None:
    """The password was right: what failed before under that name no longer counts."""
    Attempt.objects.filter(name_key=_key("name", name.casefold())).delete()


def _key(of: str, value: str) -> str:
    return salted_hmac("landgis.accounts.attempts", f"{of} {value}").hexdigest()[:32]
