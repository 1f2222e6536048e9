"""What a program needs that a test starts beside it: the databases of the test, and a folder of state that no other program has."""

import os
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connections

from tests.databases import OWNER


def address(alias: str, database: str = "") -> str:
    """Of a database, that in use if none is named, with the login of an alias or of the owner."""
    told = (
        connections["default"].settings_dict | settings.OWNER_LOGIN
        if alias == OWNER
        else connections[alias].settings_dict
    )
    name = database or told["NAME"]
    return f"postgresql://{told['USER']}:{told['PASSWORD']}@{quote(told['HOST'], '')}:{told['PORT']}/{name}"


def environment(state: Path, database: str = "", *, as_owner: bool = False) -> dict[str, str]:
    """Of a program that works on a database, that in use if none is named; its images and stored tiles lie in `state`.

    The login of the owner is told to those only that make or change tables.
    """
    roles = {"": "default", "_PUBLIC": "public"} | ({"_OWNER": OWNER} if as_owner else {})
    addresses = {f"DATABASE{role}_URL": address(alias, database) for role, alias in roles.items()}
    return {**os.environ, **addresses, "LANDGIS_STATE": str(state)}
