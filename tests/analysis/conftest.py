"""The two sources of a notebook, on the same committed world."""

from urllib.parse import quote

import pytest
from django.db import connections


@pytest.fixture(scope="module")
def database(address: str) -> str:
    """The address of the server's database for the role that reads what is published."""
    told = connections["public"].settings_dict
    host = quote(str(told["HOST"]), safe="")
    return f"postgresql://{told['USER']}:{quote(told['PASSWORD'])}@/{told['NAME']}?host={host}&port={told['PORT']}"
