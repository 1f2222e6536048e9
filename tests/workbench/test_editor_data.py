"""What the map of the editor asks for: the ground round a feature, and what the checks say of what is drawn."""

from collections.abc import Callable
from typing import Any

import pytest
import shapely
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from landgis.cadastre.models import Parcel, ParcelItem
from landgis.catalog import registry
from landgis.changes.models import AuditEntry, ChangeSet
from landgis.lib import divisions
from landgis.workbench import corners, dividing, surroundings
from landgis.workbench.models import Edit
from tests.workbench.test_edits import edit
from tests.workbench.test_splits import a_parcel, across, half, split

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]
ROUND_M = 30


def box_of(row: Parcel) -> str:
    west, south, east, north = dividing.ground_of(row).plane.bounds
    return f"{west - ROUND_M},{south - ROUND_M},{east + ROUND_M},{north + ROUND_M}"


def around(client: Client, row: Parcel, **more: str) -> dict[str, Any]:
    said = {"ref": row.ref, "srid": str(row.legal_srid), "box": box_of(row)} | more
    answer = client.get("/en/officer/edit/parcels/ground.json", said)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def moved(row: Parcel, by_m: float) -> str:
    """Its corners with the first one farther to the north."""
    first, *rest = corners.text_of(registry.get("parcels"), row).split("\n")
    north, east = first.split()
    return "\n".join([f"{float(north) + by_m:.3f} {east}", *rest])


# Questions that the ground costs: one more needs a reason here.
QUESTIONS = 8  # who asks (2) and may (1), the own edits, what lies there, open change sets and what they touch (3)


def test_an_officer_sees_the_ground_round_a_parcel(signed_in: ClientOf) -> None:
    officer, row = signed_in("officer"), a_parcel()
    around(officer, row)
    with CaptureQueriesContext(connection) as asked:
        found = around(officer, row)
    assert len(asked) <= QUESTIONS, [one["sql"][:90] for one in asked]
    near = {one["ref"]: one for one in found["features"]}
    neighbours = {one.ref for one in dividing.neighbours(registry.get("parcels"), row)}
    assert neighbours < set(near) and not found["is_cut"] and "others" not in found
    own = near[row.ref]
    assert (own["revision"], own["is_draft"], own["is_elsewhere"]) == (row.from_revision, False, False)
    assert row.parcel_no in own["title"]
    plane, drawn = dividing.ground_of(row).plane, shapely.geometry.shape(own["shape"])
    assert drawn.equals_exact(plane, 1e-4) and shapely.get_num_coordinates(drawn) < 100
    others = around(officer, row, others="1", srid="4326", box="107.1,10.4,107.13,10.43")["others"]
    assert others and "parcel-masks" not in {one["dataset"] for one in others}
    assert row.ref in {one["ref"] for one in around(officer, row, srid="4326", box="1,1,1.01,1.01")["features"]}


def test_drafts_are_drawn_for_who_made_them_alone(signed_in: ClientOf) -> None:
    officer, row = signed_in("officer"), a_parcel()
    edit(officer, "parcels", row.ref, corners=moved(row, 0.5))
    before = dividing.ground_of(row).plane.area
    for name, is_own in (("officer", True), ("second", False)):
        (drawn,) = (one for one in around(signed_in(name), row)["features"] if one["ref"] == row.ref)
        area = shapely.geometry.shape(drawn["shape"]).area
        assert (abs(area - before) > 0.5, drawn["is_draft"], drawn["is_elsewhere"]) == (is_own, is_own, not is_own)


def test_of_a_split_that_was_drafted_the_parts_are_drawn(signed_in: ClientOf) -> None:
    officer, row = signed_in("officer"), a_parcel()
    children = set(split(officer, row).edits.filter(kind="add").values_list("ref", flat=True))
    seen = {one["ref"]: one for one in around(officer, row)["features"]}
    assert children < set(seen) and row.ref not in seen
    assert all(seen[ref]["is_draft"] and seen[ref]["revision"] is None for ref in children)
    assert row.ref in {one["ref"] for one in around(signed_in("second"), row)["features"]}


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"srid": "99999999"}, "srid"),
        ({"srid": "mười"}, "srid"),
        ({"box": ""}, "box"),
        ({"box": "1,2,3"}, "box"),
        ({"box": "2,2,1,1"}, "box"),
        ({"box": "0,0,nan,1"}, "box"),
        ({"box": "500000,1000000,504001,1000010"}, "box"),
    ],
)
def test_a_box_that_cannot_be_drawn_says_why(signed_in: ClientOf, said: dict[str, str], names: str) -> None:
    told = {"srid": "9210", "box": "500000,1000000,500100,1000100"} | said
    answer = signed_in("officer").get("/en/officer/edit/parcels/ground.json", told)
    assert (answer.status_code, answer.json()["parameter"]) == (400, names)


def test_where_there_is_more_than_is_drawn_the_nearest_are(
    signed_in: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = a_parcel()
    whole = around(signed_in("officer"), row)["features"]
    monkeypatch.setattr(surroundings, "MOST", 2)
    found = around(signed_in("officer"), row)
    assert found["is_cut"] and len(found["features"]) <= 3 < len(whole)
    assert row.ref in {one["ref"] for one in found["features"]}


def test_the_ground_of_what_has_no_place_is_nowhere(signed_in: ClientOf) -> None:
    assert signed_in("officer").get("/officer/edit/land-prices/ground.json").status_code == 404


# What the checks say


def form(row: Parcel, **typed: str) -> dict[str, str]:
    corner_text = corners.text_of(registry.get("parcels"), row)
    return {"base": str(row.from_revision), "srid": str(row.legal_srid), "corners": corner_text} | typed


def checked(client: Client, address: str, said: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(f"/en/officer/{address}/checks.json", said)
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


# Questions of one answer, whatever is wrong: one more needs a reason here.
CHECK_QUESTIONS = 38


def test_the_checks_say_what_is_measured_and_keep_nothing(signed_in: ClientOf) -> None:
    officer, row = signed_in("officer"), a_parcel()
    kept = (ChangeSet.objects.count(), Edit.objects.count(), ParcelItem.objects.count(), AuditEntry.objects.count())
    asked: list[str] = []

    def counted(execute: Any, statement: str, *rest: Any) -> Any:
        asked.append(statement)
        return execute(statement, *rest)

    with connection.execute_wrapper(counted):  # COPY passes by
        told = checked(officer, f"edit/parcels/{row.ref}", form(row, area_legal_m2="1,5", corners=moved(row, 0.01)))
    assert len(asked) <= CHECK_QUESTIONS, len(asked)
    assert "area-difference" in [one["code"] for one in told["issues"]]
    told = checked(officer, f"edit/parcels/{row.ref}", form(row))
    assert told["issues"] == [] and not told["is_stopped"] and told["error"] == ""
    assert told["area_m2"] == row.area_m2 and told["area"].endswith(" m²") and told["tolerance"].startswith("± ")
    plane = dividing.ground_of(row).plane
    assert len(told["sides"]) == len(divisions.sides(plane))
    assert told["perimeter"] == f"{plane.length:,.2f} m"
    legal, difference = (float(told[name].removesuffix(" m²").replace(",", "")) for name in ("legal", "difference"))
    assert abs(legal - row.area_m2 - difference) < 0.11
    now = (ChangeSet.objects.count(), Edit.objects.count(), ParcelItem.objects.count(), AuditEntry.objects.count())
    assert now == kept


def test_each_issue_is_shown_at_its_place(signed_in: ClientOf) -> None:
    officer, row = signed_in("officer"), a_parcel()
    dataset = registry.get("parcels")
    other = dividing.neighbours(dataset, row)[0]
    plane, theirs = (dividing.ground_of(one).plane for one in (row, other))
    middle = theirs.centroid
    wide = shapely.union_all([plane, theirs.buffer(0), shapely.LineString([plane.centroid, middle]).buffer(1)])
    text = "\n".join(f"{y:.3f} {x:.3f}" for x, y in shapely.get_coordinates(wide.convex_hull)[:-1])
    told = checked(officer, f"edit/parcels/{row.ref}", form(row, corners=text))
    (issue,) = (one for one in told["issues"] if one["code"] == "overlap" and other.ref in one["message"])
    assert issue["ref"] == row.ref and theirs.buffer(0.01).contains(shapely.Point(issue["at"]))
    assert issue["remedy"] and issue["severity"] in ("stop", "warn")
    crossed = "\n".join(f"{y:g} {x:g}" for x, y in ((0, 0), (9, 9), (9, 0), (0, 9)))
    told = checked(officer, f"edit/parcels/{row.ref}", form(row, corners=crossed))
    assert told["is_stopped"] and told["error"] and told["error_at"] == [4.5, 4.5]
    told = checked(officer, f"edit/parcels/{row.ref}", form(row, corners="1 2 3 4"))
    assert told["is_stopped"] and "is not two numbers" in told["error"]
    told = checked(officer, f"edit/parcels/{row.ref}", form(row, area_legal_m2="năm"))
    assert told["is_stopped"] and [one["field"] for one in told["issues"]] == ["area_legal_m2"]
    told = checked(officer, f"edit/parcels/{row.ref}", form(row, base=str(row.from_revision - 1), address="1 Lê Lợi"))
    assert [one["code"] for one in told["issues"]] == ["changed-while-edited"]
    assert checked(officer, "edit/parcels/new", {"corners": text, "srid": str(row.legal_srid)})["is_stopped"]


def test_what_would_come_of_a_split_is_told_while_it_is_drawn(signed_in: ClientOf) -> None:
    officer, row = signed_in("officer"), a_parcel()
    said = {"how": "line", "line": across(row), "base": str(row.from_revision)}
    told = checked(
        officer,
        f"split/parcels/{row.ref}",
        said | dict(zip(("legal-0", "legal-1"), half(row.area_legal_m2), strict=True)),
    )
    assert (told["issues"], told["error"], told["is_stopped"]) == ([], "", False)
    assert abs(sum(child["area_m2"] for child in told["children"]) - row.area_m2) < 0.01
    plane = dividing.ground_of(row).plane
    assert all(plane.buffer(0.001).contains(shapely.geometry.shape(child["shape"])) for child in told["children"])
    assert "Type the area" in checked(officer, f"split/parcels/{row.ref}", said)["issues"][0]["message"]
    assert "lies beside it" in checked(officer, f"split/parcels/{row.ref}", said | {"line": "1 2\n3 4"})["error"]
    other = dividing.neighbours(registry.get("parcels"), row)[0]
    told = checked(
        officer, f"merge/parcels/{row.ref}", {"with": other.ref, "base": str(row.from_revision), "legal-0": "1"}
    )
    assert len(told["children"]) == 1 and "passage-areas" in [one["code"] for one in told["issues"]]
    assert not Edit.objects.exists()
