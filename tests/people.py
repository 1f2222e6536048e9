"""People of the tests: whoever has a role has it in the whole office, where a test says nothing else."""

from collections.abc import Iterable

from landgis.accounts.models import Role, User
from landgis.places import holdings


def in_whole_office(*people: User, roles: Iterable[str] = ()) -> None:
    """Let people act everywhere in these roles; in those that they have, where none is said."""
    for person in people:
        found = list(roles) or person.groups.values_list("name", flat=True)
        holdings.give_whole_office(person, [Role(role) for role in found if role in Role.values], by=None)
