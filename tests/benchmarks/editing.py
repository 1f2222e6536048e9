"""What an officer's map asks while somebody draws, as the tests ask it: of any parcel, without a browser."""

from collections.abc import Callable, Sequence
from typing import Any

import shapely
from django.contrib.auth.models import Group
from django.test import Client

from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.catalog import registry
from landgis.lib import divisions
from landgis.workbench import change_sets, corners, dividing
from tests.people import in_whole_office

NEAR_M = 5.0


def officer() -> Client:
    ensure_roles()
    person = User.objects.create_user("editing")
    person.groups.set(Group.objects.filter(name=Role.OFFICER))
    in_whole_office(person)
    client = Client()
    client.force_login(person)
    return client


def some(count: int) -> list[Any]:
    """Rows in force that lie far from each other."""
    rows = change_sets.in_force_of(registry.get("parcels")).filter(until_revision=None)
    first = rows.order_by("id").values_list("id", flat=True)
    every = first[:: max(1, first.count() // count)]
    return list(rows.filter(pk__in=list(every)[:count]))


def asked(client: Client, row: Any) -> dict[str, Callable[[], Any]]:
    """What is asked of one parcel, by what it is called."""
    dataset, plane = registry.get("parcels"), dividing.ground_of(row).plane
    west, south, east, north = plane.bounds
    box = f"{west - NEAR_M},{south - NEAR_M},{east + NEAR_M},{north + NEAR_M}"
    about = {"base": str(row.from_revision), "srid": str(row.legal_srid)}
    form = about | {"corners": _moved(corners.text_of(dataset, row))}
    named = {name: str(getattr(row, name) or "") for name in dataset.identity} | {"parcel_no": "99999"}
    cut = {"how": "line", "line": _across(plane), "legal-0": "1", "legal-1": "1"} | about
    near = [one.ref for one in dividing.neighbours(dataset, row)][:1]
    roads: dict[str, tuple[str, dict[str, Any]]] = {
        "checks": (f"edit/parcels/{row.ref}", form),
        "checks of a new one": ("edit/parcels/new", form | named | {"base": ""}),
        "checks of a split": (f"split/parcels/{row.ref}", cut),
        "checks of a merge": (f"merge/parcels/{row.ref}", about | {"with": near, "legal-0": "1"}),
    }
    found = {name: _posted(client, path, said) for name, (path, said) in roads.items()}
    ground = {"srid": str(row.legal_srid), "box": box, "ref": row.ref}
    return found | {"ground": lambda: _told(client.get("/en/officer/edit/parcels/ground.json", ground))}


def _posted(client: Client, path: str, said: dict[str, Any]) -> Callable[[], Any]:
    return lambda: _told(client.post(f"/en/officer/{path}/checks.json", said))


def _told(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content[:500]
    return answer.json()


def _moved(text: str) -> str:
    """The first corner half a metre farther to the north."""
    first, *rest = text.split("\n")
    north, east = first.split()
    return "\n".join([f"{float(north) + 0.5:.4f} {east}", *rest])


def _across(plane: shapely.Geometry) -> str:
    near, rest = divisions.by_area(plane, divisions.sides(plane)[0], plane.area / 2, 5899)
    ends: Sequence[Any] = shapely.get_coordinates(shapely.intersection(near, rest))
    return "\n".join(f"{y:.4f} {x:.4f}" for x, y in (ends[0], ends[-1]))
