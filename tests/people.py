"""People of the tests: whoever has a role has it in the whole office, where a test says nothing else."""

from collections.abc import Iterable

from django.contrib.auth.hashers import ScryptPasswordHasher

from landgis.accounts.models import Role, User
from landgis.places import holdings


class QuickHasher(ScryptPasswordHasher):
    """Its hashes say how much work they are, so every process that the tests start can check them."""

    work_factor = 2


def in_whole_office(*people: User, roles: Iterable[str] = ()) -> None:
    """Let people act everywhere in these roles; in those that they have, where none is said."""
    for person in people:
        found = list(roles) or person.groups.values_list("name", flat=True)
        holdings.give_whole_office(person, [Role(role) for role in found if role in Role.values], by=None)
