"""The people of the demo: who they are, and where they work."""

import json
from collections.abc import Callable, Iterable

from landgis.accounts.actions import DemoPerson, ensure_demo_people
from landgis.accounts.models import Role, User
from landgis.lib import statements
from landgis.lib.text import fold
from landgis.places import holdings
from landgis.places.models import Holding, Territory

BOTH = "demo-two-communes"  # the ref of the territory of the approver
NEIGHBOURS = (
    "WITH lying AS (SELECT unit, count(*) AS n FROM catalog_location WHERE dataset IN ('auction-lots', 'public-land')"
    " GROUP BY unit), today AS (SELECT u.ref, u.boundary, l.n FROM places_unit u JOIN lying l ON l.unit = u.ref"
    " WHERE u.until_revision IS NULL AND u.is_current)"
    " SELECT a.ref, b.ref FROM today a JOIN today b ON b.ref > a.ref AND ST_Intersects(a.boundary, b.boundary)"
    " ORDER BY least(a.n, b.n) DESC, a.ref, b.ref LIMIT 1"
)
NAMES = "SELECT ref, name FROM places_unit WHERE until_revision IS NULL AND ref = ANY (%s)"
PASSWORDS, SECRETS = "demo-people.json", "demo-factors.json"


def kept_people(noted: Callable[[str], str], note: Callable[[str, str], None]) -> list[DemoPerson]:
    """All of them; passwords and secrets are drawn once and kept by `note`, for this user's eyes."""
    kept = {name: json.loads(noted(name) or "{}") for name in (PASSWORDS, SECRETS)}
    local = _local()
    people = ensure_demo_people(
        kept[PASSWORDS], kept[SECRETS], local={name: role for name, (role, _place) in local.items()}
    )
    _place(person.name for person in people)
    for name, (role, territory) in local.items():
        person = User.objects.get(username=name)
        if not Holding.objects.filter(person=person, role=role, territory=territory).exists():
            holdings.give(person, role, territory, by=None)
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


def _local() -> dict[str, tuple[Role, Territory]]:
    """Officers of two neighbouring communes, and an approver for both: username -> role and territory.

    They are chosen once, those with most land in the demo; nobody where there are no communes.
    """
    known = Territory.objects.filter(ref=BOTH).first()
    units = known.units if known else [ref for pair in statements.rows(NEIGHBOURS) for ref in pair]
    names = dict(statements.rows(NAMES, [units]))
    found: dict[str, tuple[Role, Territory]] = {}
    for unit in units:
        slug = fold(names[unit]).replace(" ", "-")
        found[f"officer-{slug}"] = (Role.OFFICER, _territory(slug, names[unit], [unit]))
    if units:
        both = _territory(BOTH, " + ".join(names[unit] for unit in units), units)
        found["approver-two-communes"] = (Role.APPROVER, both)
    return found


def _territory(ref: str, name: str, units: list[str]) -> Territory:
    return Territory.objects.filter(ref=ref).first() or holdings.make(ref, name, units, by=None)
