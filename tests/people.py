"""People of the tests: whoever has a role has it in the whole office, where a test says nothing else."""

from collections.abc import Iterable

from landgis.accounts.models import Role, User
from landgis.places import holdings


def in_whole_office(*people: User, roles: Iterable[str] = Role.values) -> None:
    """Let people act everywhere in these roles; whether they have them is another matter."""
    for person in people:
        holdings.give_whole_office(person, [Role(role) for role in roles], by=None)
