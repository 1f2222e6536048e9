"""Where the people of the demo work: in the whole office."""

from collections.abc import Iterable

from landgis.accounts.models import Role, User
from landgis.places import holdings


def place(people: Iterable[tuple[str, str, str]]) -> None:
    """Give people, as (username, role, password), the whole office in their roles; safe to repeat."""
    for username, role, _password in people:
        if role in Role.values:
            holdings.give_whole_office(User.objects.get(username=username), [Role(role)], by=None)
