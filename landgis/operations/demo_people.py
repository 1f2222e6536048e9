"""The people of the demo: who they are, and where they work."""

import json
from collections.abc import Callable, Iterable

from landgis.accounts.actions import DemoPerson, ensure_demo_people
from landgis.accounts.models import Role, User
from landgis.places import holdings

PASSWORDS, SECRETS = "demo-people.json", "demo-factors.json"


def kept_people(noted: Callable[[str], str], note: Callable[[str, str], None]) -> list[DemoPerson]:
    """All of them; passwords and secrets are drawn once and kept by `note`, for this user's eyes."""
    kept = {name: json.loads(noted(name) or "{}") for name in (PASSWORDS, SECRETS)}
    people = ensure_demo_people(kept[PASSWORDS], kept[SECRETS])
    _place(person.name for person in people)
    drawn = {
        PASSWORDS: {person.name: person.password for person in people},
        SECRETS: {person.name: person.secret for person in people if person.secret},
    }
    for name, values in drawn.items():
        if values != kept[name]:
            note(name, json.dumps(values, indent=1))
    return people


def _place(names: Iterable[str]) -> None:
    """Give people, who are called by their roles, the whole office in these; safe to repeat."""
    for name in names:
        if name in Role.values:
            holdings.give_whole_office(User.objects.get(username=name), [Role(name)], by=None)
