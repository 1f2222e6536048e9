"""Parcels split and merged by their forms: by numbers alone, put into a change set, decided by another person, and public."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from landgis.cadastre.models import Parcel
from landgis.catalog import lineage, registry
from landgis.changes import minting
from landgis.changes.models import ChangeSet, State
from landgis.lib import divisions, geometry, statements
from landgis.workbench import corners, dividing
from landgis.workbench.models import Edit
from tests.waiting import PATIENCE_S, until
from tests.workbench.test_edits import approved, form_of, step

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]


def in_force(**about: Any) -> Any:
    return Parcel.objects.filter(until_revision=None, **about)


def a_parcel() -> Parcel:
    """A public one with neighbours, whose area on paper is known."""
    rows = in_force(is_public=True, area_legal_m2__gt=100, certificate_no__isnull=False).order_by("ref")
    return next(row for row in rows if len(dividing.neighbours(registry.get("parcels"), row)) > 1)


def across(row: Parcel) -> str:
    """A line across a parcel from the middle of its first side, as surveyors write it: number, X north, Y east."""
    plane = dividing.ground_of(row).plane
    side = divisions.sides(plane)[0]
    near, rest = divisions.by_area(plane, side, plane.area / 2, row.legal_srid)
    ends = shapely.get_coordinates(shapely.intersection(near, rest))
    return "\r\n".join(f"{at}\t{y:.3f}\t{x:.3f}" for at, (x, y) in enumerate(ends[[0, -1]], 1))


def asked(client: Client, address: str, **typed: Any) -> tuple[int, str, dict[str, str]]:
    """What the form answers, and what a browser would send of it next."""
    answer = client.post(address, {"step": "read", **typed})
    page = answer.content.decode()
    return answer.status_code, page, form_of(page)


def half(total: Any) -> list[str]:
    first = round(float(total) / 2, 1)
    return [f"{first:.1f}", f"{float(total) - first:.1f}"]


def split(client: Client, row: Parcel, **typed: str) -> ChangeSet:
    """Into two halves along a line, put into the open change set."""
    address, base = f"/en/officer/split/parcels/{row.ref}/", str(row.from_revision)
    said = {
        "base": base,
        "how": "line",
        "line": across(row),
        **dict(zip(("legal-0", "legal-1"), half(row.area_legal_m2), strict=True)),
    }
    status, page, form = asked(client, address, **said)
    assert status == 400 or 'value="count"' in page, page
    answer = client.post(address, form | said | typed | {"step": "count"})
    assert answer.status_code == 302, answer.content.decode()
    return Edit.objects.latest("id").change_set


def test_a_parcel_is_split_by_typed_coordinates(signed_in: ClientOf, client: Client) -> None:
    officer, row = signed_in("officer"), a_parcel()
    page = officer.get(f"/officer/split/parcels/{row.ref}/").content.decode()
    assert "Tách" in page and 'font-weight="600"' in page  # the sketch with its corners
    change_set = split(officer, row)
    kinds = [(edit.kind, edit.ref) for edit in change_set.edits.all()]
    assert kinds[0] == ("retire", row.ref) and [kind for kind, _ref in kinds[1:]] == ["add", "add"]
    page = step(officer, change_set, "hand-in", reason="Hồ sơ tách thửa")
    assert change_set.state == State.SUBMITTED, page
    assert not change_set.issues.filter(code__in=["overlap", "gap"]).exists()  # with the parcel that they replace
    page = signed_in("approver").get(f"/officer/changes/{change_set.pk}/").content.decode()
    assert "Tách thửa" in page and all(ref in page for _kind, ref in kinds)
    approved(signed_in("approver"), change_set)
    children = [in_force(ref=ref).get() for _kind, ref in kinds[1:]]
    assert not in_force(ref=row.ref).exists()
    for child in children:
        assert (child.land_user, child.land_use, child.address) == (row.land_user, row.land_use, row.address)
        assert (child.certificate_no, child.parcel_code) == (None, None)
        assert int(child.parcel_no) > max(int(re.match(r"\d+", one)[0]) for one in Parcel.objects.filter(  # type: ignore[index]
            old_commune_code=row.old_commune_code, map_sheet=row.map_sheet, from_revision__lt=child.from_revision
        ).values_list("parcel_no", flat=True))  # fmt: skip
        assert not any("area_m2" in use for use in child.land_uses or [])
    assert abs(sum(child.area_m2 for child in children) - row.area_m2) < 0.01
    gone = client.get(f"/parcels/{row.ref}/")
    assert gone.status_code == 410
    assert all(f"/parcels/{child.ref}/" in gone.content.decode() for child in children)
    before = lineage.lineage(registry.get("parcels"), children[0].ref).predecessors
    assert [one.ref for one in before] == [row.ref]


def test_who_undoes_a_split_leads_its_addresses_back(signed_in: ClientOf, client: Client) -> None:
    officer, row = signed_in("officer"), a_parcel()
    change_set = split(officer, row)
    step(officer, change_set, "hand-in", reason="Hồ sơ tách thửa")
    approved(signed_in("approver"), change_set)
    children = change_set.edits.filter(kind="add").values_list("ref", flat=True)
    undone(signed_in, change_set)
    assert client.get(f"/parcels/{row.ref}/").status_code == 200
    for ref in children:
        answer = client.get(f"/parcels/{ref}/")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/parcels/{row.ref}/")


# Questions (of the office, of readers) that an empty form costs; one more needs a reason here.
QUESTIONS = {"split": (12, 1), "merge": (13, 1)}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_page_asks_the_database_no_more_than_it_has_to(signed_in: ClientOf, name: str) -> None:
    officer, row = signed_in("officer"), a_parcel()
    address = f"/en/officer/{name}/parcels/{row.ref}/"
    officer.get(address)
    with CaptureQueriesContext(connection) as own, CaptureQueriesContext(connections["public"]) as public:
        assert officer.get(address).status_code == 200
    most, of_readers = QUESTIONS[name]
    assert len(own) <= most and len(public) <= of_readers, [one["sql"][:80] for one in own]


def test_neighbours_are_merged_and_their_addresses_lead_on(signed_in: ClientOf, client: Client) -> None:
    officer, row = signed_in("officer"), a_parcel()
    dataset = registry.get("parcels")
    other = next(one for one in dividing.neighbours(dataset, row) if one.is_public and one.area_legal_m2)
    address, total = f"/en/officer/merge/parcels/{row.ref}/", float(row.area_legal_m2 + other.area_legal_m2)
    status, page, form = asked(officer, address, base=str(row.from_revision), **{"with": other.ref})
    assert status == 400 and "Type the area of the document" in page
    assert not (row.land_user and row.land_user in page)  # what the public does not see stands on no page
    said = form | {"with": other.ref, "legal-0": f"{total:.1f}", "from-land_user": row.ref, "step": "count"}
    assert officer.post(address, said).status_code == 302
    change_set = Edit.objects.latest("id").change_set
    page = step(officer, change_set, "hand-in", reason="Hồ sơ hợp thửa")
    assert change_set.state == State.SUBMITTED, page
    approved(signed_in("approver"), change_set)
    (ref,) = change_set.edits.filter(kind="add").values_list("ref", flat=True)
    merged = in_force(ref=ref).get()
    assert merged.land_user == row.land_user and abs(merged.area_m2 - row.area_m2 - other.area_m2) < 0.01
    for one in (row, other):
        answer = client.get(f"/parcels/{one.ref}/")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/parcels/{ref}/")
    undone(signed_in, change_set)
    assert [client.get(f"/parcels/{one.ref}/").status_code for one in (row, other)] == [200, 200]
    gone = client.get(f"/parcels/{ref}/")
    assert gone.status_code == 410
    assert all(f"/parcels/{one.ref}/" in gone.content.decode() for one in (row, other))


def test_a_parcel_gets_another_number_and_keeps_all_else(signed_in: ClientOf, client: Client) -> None:
    officer, row, dataset = signed_in("officer"), a_parcel(), registry.get("parcels")
    address = f"/en/officer/renumber/parcels/{row.ref}/"
    assert 'name="number-0"' in officer.get(address).content.decode()
    taken = in_force(map_sheet=row.map_sheet, commune_code=row.commune_code).exclude(ref=row.ref)
    other = taken.values_list("parcel_no", flat=True).first()
    for number, why in ((row.parcel_no, "a number of its own"), (other, "was given before")):
        status, page, _form = asked(officer, address, **{"base": str(row.from_revision), "number-0": number})
        assert status == 400 and why in page
    status, page, form = asked(officer, address, base=str(row.from_revision))
    assert status == 200, page
    assert form["proposed-0"] and not (row.land_user and row.land_user in page)
    assert officer.post(address, form | {"step": "count"}).status_code == 302
    change_set = Edit.objects.latest("id").change_set
    page = step(officer, change_set, "hand-in", reason="Đo đạc lại bản đồ")
    assert change_set.state == State.SUBMITTED, [(one.code, one.ref, one.params) for one in change_set.issues.all()]
    assert "Renumber parcel" in page
    approved(signed_in("approver"), change_set)
    (ref,) = change_set.edits.filter(kind="add").values_list("ref", flat=True)
    after = in_force(ref=ref).get()
    named = {*dataset.identity, *dataset.optional_identity}
    kept = [field.name for field in dataset.fields if field.name not in named]
    assert {name: getattr(after, name) for name in kept} == {name: getattr(row, name) for name in kept}
    assert after.boundary == row.boundary and after.parcel_no == form["proposed-0"]
    answer = client.get(f"/parcels/{row.ref}/")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/parcels/{ref}/")
    undone(signed_in, change_set)
    assert client.get(f"/parcels/{row.ref}/").status_code == 200


def undone(signed_in: ClientOf, change_set: ChangeSet) -> None:
    """By whoever made it, and approved."""
    step(signed_in("officer"), change_set, "undo")
    inverse = Edit.objects.latest("id").change_set
    page = step(signed_in("officer"), inverse, "hand-in", reason="Nhầm hồ sơ")
    assert inverse.state == State.SUBMITTED, page
    approved(signed_in("approver"), inverse)


def test_who_undoes_a_split_of_a_hidden_parcel_shows_it_to_nobody(signed_in: ClientOf, client: Client) -> None:
    officer, row = signed_in("officer"), a_parcel()
    said = {"base": str(row.from_revision), "step": "withdraw", "reason": "Đang tranh chấp"}
    officer.post(f"/en/officer/edit/parcels/{row.ref}/", said)
    hiding = Edit.objects.latest("id")
    officer.post(f"/en/officer/edit/parcels/{row.ref}/", {"step": "count", "saves": str(hiding.saves)})
    step(officer, hiding.change_set, "hand-in", reason="Tranh chấp")
    approved(signed_in("approver"), hiding.change_set)
    hidden = in_force(ref=row.ref).get()
    change_set = split(officer, hidden)
    step(officer, change_set, "hand-in", reason="Hồ sơ tách thửa")
    approved(signed_in("approver"), change_set)
    children = list(change_set.edits.filter(kind="add").values_list("ref", flat=True))
    never = client.get("/parcels/26521-3-99999/")
    before = client.get(f"/parcels/{row.ref}/").status_code
    undone(signed_in, change_set)
    assert not in_force(ref=row.ref).get().is_public
    assert client.get(f"/parcels/{row.ref}/").status_code == before
    assert [client.get(f"/parcels/{ref}/").status_code for ref in children] == [never.status_code] * 2 == [404] * 2


def test_a_split_is_looked_at_beside_the_other_drafts_of_its_author(signed_in: ClientOf) -> None:
    officer, row = signed_in("officer"), a_parcel()
    near = dividing.neighbours(registry.get("parcels"), row)[0]
    said = {"base": str(row.from_revision), "how": "line", "line": across(row), "legal-0": "1", "legal-1": "1"}
    address = f"split/parcels/{row.ref}"
    assert "overlap" not in codes(officer, address, said)
    there = corners.text_of(registry.get("parcels"), row)  # the neighbour as it would lie on the same ground
    about = {"base": str(near.from_revision), "corners": there, "srid": str(row.legal_srid), "step": "save"}
    assert officer.post(f"/officer/edit/parcels/{near.ref}/", about).status_code == 302
    assert "overlap" in codes(officer, address, said)


def codes(client: Client, path: str, said: dict[str, str]) -> set[str]:
    """Of the issues that are told while one draws."""
    answer = client.post(f"/officer/{path}/checks.json", said)
    assert answer.status_code == 200, answer.content
    return {one["code"] for one in answer.json()["issues"]}


def test_what_cannot_be_divided_so_says_why(signed_in: ClientOf) -> None:
    officer, row = signed_in("officer"), a_parcel()
    address, base = f"/en/officer/split/parcels/{row.ref}/", str(row.from_revision)
    for typed, told in (
        ({"how": "line", "line": "1 2\r\n3 4"}, "lies beside it"),
        ({"how": "line", "line": "1000"}, "is not two numbers"),
        ({"how": "distance", "side": "0", "distance": "100000"}, "From this side it reaches"),
        ({"how": "distance", "side": "99", "distance": "1"}, "Choose a side"),
        ({"how": "area", "side": "0", "area": "-1"}, "write less, and more than 0"),
        ({"how": "area", "side": "0", "area": "một"}, "is no number"),
    ):
        status, page, _form = asked(officer, address, base=base, **typed)
        assert status == 400 and told in page and 'value="count"' not in page, typed
    status, page, _form = asked(
        officer, address, base=base, how="area", side="0", area="50", **{"legal-0": "10", "legal-1": "10"}
    )
    assert status == 400 and "On paper the new ones have" in page
    assert not Edit.objects.exists()


def test_two_officers_split_one_parcel_and_one_wins_whole(signed_in: ClientOf) -> None:
    first, second, row = signed_in("officer"), signed_in("second"), a_parcel()
    mine, theirs = split(first, row), split(second, row)
    assert "touches it, too" in first.get(f"/en/officer/split/parcels/{row.ref}/").content.decode()
    step(first, mine, "hand-in", reason="One")
    step(second, theirs, "hand-in", reason="Two")
    assert mine.state == theirs.state == State.SUBMITTED
    refs = [set(one.edits.filter(kind="add").values_list("ref", flat=True)) for one in (mine, theirs)]
    assert not refs[0] & refs[1]  # the second one got the numbers behind
    approved(signed_in("approver"), mine)
    page = step(signed_in("approver"), theirs, "approve")
    assert "was retired" in page or theirs.state == State.APPROVED
    step(second, theirs, "reopen")
    step(second, theirs, "hand-in", reason="Two")
    assert theirs.state != State.SUBMITTED
    answer = second.get(f"/en/officer/split/parcels/{row.ref}/", follow=True)
    assert "retired meanwhile" in answer.content.decode()


def test_two_that_hand_in_at_once_share_no_number(signed_in: ClientOf) -> None:
    first = a_parcel()
    sheet = {"old_commune_code": first.old_commune_code, "map_sheet": first.map_sheet}
    second = in_force(**sheet, is_public=True, area_legal_m2__gt=100).exclude(ref=first.ref).order_by("ref")[0]
    clients = [signed_in("officer"), signed_in("second")]
    mine = [split(client, row) for client, row in zip(clients, (first, second), strict=True)]
    given = [set(one.edits.filter(kind="add").values_list("ref", flat=True)) for one in mine]
    assert given[0] == given[1]  # what both were shown as free

    def hand_in(client: Client, change_set: ChangeSet) -> None:
        try:
            step(client, change_set, "hand-in", reason="At once")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=hand_in, args=pair) for pair in zip(clients, mine, strict=True)]
    with transaction.atomic():  # until both have come to the sheet, nobody gets at it
        minting.hold_sheets(registry.get("parcels"), [vars(first)])
        for one in threads:
            one.start()
        until(lambda: _waiting_for_a_sheet() == len(threads))
    for one in threads:
        one.join(PATIENCE_S)
    numbers = [ref for one in mine for ref in one.edits.filter(kind="add").values_list("ref", flat=True)]
    assert [one.state for one in mine] == [State.SUBMITTED] * 2
    assert len(numbers) == len(set(numbers)) == 4


def _waiting_for_a_sheet() -> int:
    return int(
        statements.value(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [minting.RESERVE_LOCK],
        )
    )


def test_the_next_numbers_of_a_sheet_are_found_without_reading_others() -> None:
    """Past ones too. The plan is that of a large table: with few rows all of them are read rather than an index."""
    dataset, like = registry.get("parcels"), vars(a_parcel())
    of_sheet = Parcel.objects.filter(old_commune_code=like["old_commune_code"], map_sheet=like["map_sheet"]).count()
    assert of_sheet * 4 < Parcel.objects.count()
    with transaction.atomic():
        statements.execute("SET LOCAL enable_seqscan = off")
        with CaptureQueriesContext(connection) as asked:
            minting.next_free(dataset, like, 2)
        (query,) = [one["sql"] for one in asked if 'FROM "cadastre_parcel"' in one["sql"]]
        (plan,) = statements.value(f"EXPLAIN (ANALYZE, FORMAT JSON) {query.replace('%', '%%')}")
    assert of_sheet <= _read(plan["Plan"]) <= of_sheet * 1.1


def _read(plan: dict[str, Any]) -> int:
    """How many rows the scans of tables in a plan looked at."""
    of_own = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) if "Relation Name" in plan else 0
    return int(of_own) + sum(map(_read, plan.get("Plans", ())))


def test_a_split_is_taken_out_and_mended_as_a_whole(signed_in: ClientOf) -> None:
    officer, row = signed_in("officer"), a_parcel()
    change_set = split(officer, row)
    child = change_set.edits.filter(kind="add").first()
    for path in (f"edit/parcels/{row.ref}/", f"edit/parcels/new/?draft={child.pk}"):
        answer = officer.get(f"/en/officer/{path}")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/en/officer/changes/{change_set.pk}/")
    page = officer.get(f"/en/officer/changes/{change_set.pk}/").content.decode()
    assert page.count("/out/") == 1
    answer = officer.post(f"/en/officer/split/parcels/{row.ref}/", {"step": "count"})
    assert answer.status_code == 400
    step(officer, change_set, "withdraw", reason="Sai hồ sơ")
    officer.post(f"/en/officer/changes/{change_set.pk}/edits/{child.pk}/mend/")
    again = Edit.objects.latest("id").change_set
    assert again.pk != change_set.pk and again.edits.count() == 3 and again.passages.get().descents.count() == 2
    officer.post(f"/en/officer/changes/{again.pk}/edits/{again.edits.last().pk}/out/")
    again.refresh_from_db()
    assert (again.state, again.edits.count(), again.passages.count()) == (State.WITHDRAWN, 0, 0)


def test_a_parcel_that_changed_meanwhile_is_looked_at_again(signed_in: ClientOf) -> None:
    officer, row = signed_in("officer"), a_parcel()
    said = {"how": "line", "line": across(row), "legal-0": "1", "legal-1": "1", "base": str(row.from_revision - 1)}
    status, page, form = asked(officer, f"/en/officer/split/parcels/{row.ref}/", **said)
    assert status == 400 and "Somebody else changed it" in page
    assert form["base"] == str(row.from_revision) and form["line"].split() == said["line"].split()


def test_ground_that_is_not_divided_stays_where_it_was() -> None:
    row = a_parcel()
    ground = dividing.ground_of(row)
    parts = dividing.divided(registry.get("parcels"), ground, {"how": "line", "line": across(row)})
    there = {tuple(xy) for xy in shapely.get_coordinates(ground.shape).tolist()}
    kept = {tuple(xy) for part in parts for xy in shapely.get_coordinates(part).tolist()}
    assert there <= kept
    assert geometry.to_wgs84(ground.plane, row.legal_srid).equals_exact(ground.shape, 1e-9)
