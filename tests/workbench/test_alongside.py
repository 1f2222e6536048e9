"""A side that two parcels share, moved in the form of one: both follow, in one change set or not at all."""

import re
from collections.abc import Callable

import pytest
import shapely
from django.test import Client

from landgis.cadastre.models import Parcel
from landgis.catalog import registry
from landgis.changes.models import ChangeSet, State
from landgis.workbench import corners, dividing, passing
from landgis.workbench.models import Edit
from tests.workbench.test_edits import approved, edit, step
from tests.workbench.test_splits import a_parcel, in_force, split

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]
BY_M = 0.3


def a_pair() -> tuple[Parcel, Parcel, tuple[float, float]]:
    """Two neighbours of one system, and a corner (degrees) that only these two share."""
    dataset, row = registry.get("parcels"), a_parcel()
    near = dividing.neighbours(dataset, row)
    every = {other.ref: places(other) for other in [row, *in_force(boundary__bboverlaps=row.boundary.buffer(1e-4))]}
    for other in near:
        shared = every[row.ref] & places(other)
        alone = [xy for xy in shared if sum(xy in one for one in every.values()) == 2]
        if alone and other.legal_srid == row.legal_srid:
            return row, other, sorted(alone)[0]
    raise AssertionError("no corner is shared by two alone")


def places(row: Parcel) -> set[tuple[float, float]]:
    return {(x, y) for x, y in shapely.get_coordinates(passing.size_of(row)).tolist()}


def moved(row: Parcel, place: tuple[float, float]) -> str:
    """The corners of a row with that one farther to the north."""
    (north, east) = written(row, place)
    text = corners.text_of(registry.get("parcels"), row)
    assert f"{north} {east}" in text
    return text.replace(f"{north} {east}", f"{float(north) + BY_M:.4f} {east}")


def written(row: Parcel, place: tuple[float, float]) -> tuple[str, str]:
    at = shapely.get_coordinates(passing.size_of(row)).tolist().index(list(place))
    x, y = shapely.get_coordinates(dividing.ground_of(row).plane)[at]
    lines = corners.text_of(registry.get("parcels"), row).split("\n")
    near = min(
        (line for line in lines if line),
        key=lambda line: abs(float(line.split()[0]) - y) + abs(float(line.split()[1]) - x),
    )
    north, east = near.split()
    return north, east


def said(row: Parcel, other: Parcel, place: tuple[float, float], **more: str) -> dict[str, str]:
    return {
        "base": str(row.from_revision),
        "srid": str(row.legal_srid),
        "corners": moved(row, place),
        f"along-{other.ref}": moved(other, place),
        f"base-{other.ref}": str(other.from_revision),
        "step": "read",
    } | more


def test_both_move_and_share_each_corner_to_the_last_bit(signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    row, other, place = a_pair()
    address = f"/en/officer/edit/parcels/{row.ref}/"
    told = officer.post(f"{address}checks.json", said(row, other, place)).json()
    assert not [one for one in told["issues"] if one["code"] in ("gap", "overlap")] and not told["is_stopped"]
    alone = officer.post(
        f"{address}checks.json",
        said(row, other, place) | {f"along-{other.ref}": corners.text_of(registry.get("parcels"), other)},
    )
    assert {one["code"] for one in alone.json()["issues"]} & {"gap", "overlap"}
    answer = officer.post(address, said(row, other, place))
    page = answer.content.decode()
    assert answer.status_code == 200 and "Neighbours that move along" in page and other.ref in page, page
    saves = re.search(r'name="saves" value="(\d+)"', page)
    assert saves and officer.post(address, {"step": "count", "saves": saves[1]}).status_code == 302
    change_set = ChangeSet.objects.latest("id")
    assert sorted(change_set.edits.values_list("ref", "is_ready")) == sorted([(row.ref, True), (other.ref, True)])
    before = [places(one) for one in (row, other)]
    step(officer, change_set, "hand-in", reason="Chỉnh cạnh chung")
    assert change_set.state == State.SUBMITTED
    assert not change_set.issues.filter(code__in=["gap", "overlap"]).exists()
    approved(signed_in("approver"), change_set)
    after = [places(in_force(ref=one.ref).get()) for one in (row, other)]
    assert all(len(was - now) == len(now - was) == 1 for was, now in zip(before, after, strict=True))
    assert after[0] - before[0] == after[1] - before[1]
    page = officer.get(f"/en/officer/history/parcels/{other.ref}/").content.decode()
    drawn = [page.count(f'<path class="side__{side}" d="M') for side in ("before", "after")]
    assert drawn == [1, 2]  # each state, and where it was another one the one before


def test_a_form_that_is_sent_again_keeps_what_moved_along(signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    row, other, place = a_pair()
    address = f"/en/officer/edit/parcels/{row.ref}/"
    for typed in ({}, {"address": "1 Lê Lợi"}):
        sent = {name: text for name, text in said(row, other, place).items() if not typed or "along" not in name}
        page = officer.post(address, sent | typed).content.decode()
        assert "Neighbours that move along" in page
    saves = Edit.objects.get(ref=row.ref).saves
    assert officer.post(address, {"step": "count", "saves": str(saves)}).status_code == 302
    assert all(Edit.objects.values_list("is_ready", flat=True))


def test_what_cannot_move_along_lets_nothing_be_kept(signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    row, other, place = a_pair()
    split(officer, other)
    drafts = Edit.objects.count()
    answer = officer.post(f"/en/officer/edit/parcels/{row.ref}/", said(row, other, place))
    page = answer.content.decode()
    assert answer.status_code == 400 and f"Nothing was kept. {other.ref}:" in page
    assert moved(row, place).split()[0] in page  # what was typed stands in the form still
    never = said(row, other, place) | {"along-never-was": "1 2"}
    assert officer.post(f"/en/officer/edit/parcels/{row.ref}/", never).status_code == 400
    assert Edit.objects.count() == drafts
    assert officer.post(f"/en/officer/edit/parcels/{row.ref}/checks.json", never).json()["is_stopped"]


def test_a_neighbour_that_changed_meanwhile_is_a_conflict_of_its_own(signed_in: ClientOf) -> None:
    officer, second = signed_in("officer"), signed_in("second")
    row, other, place = a_pair()
    sent = said(row, other, place)
    theirs = edit(second, "parcels", other.ref, address="9 Trần Phú")
    step(second, theirs, "hand-in", reason="Địa chỉ")
    approved(signed_in("approver"), theirs)
    told = officer.post(f"/en/officer/edit/parcels/{row.ref}/checks.json", sent).json()
    assert [(one["code"], one["ref"]) for one in told["issues"]] == [("changed-while-edited", other.ref)]
    page = officer.post(f"/en/officer/edit/parcels/{row.ref}/", sent).content.decode()
    assert f"{other.ref}: " in page and 'value="count"' not in page
    page = officer.get(f"/en/officer/edit/parcels/{other.ref}/").content.decode()
    assert "Changed by somebody else" in page
    assert all(f'<path class="side__{side}" d="M' in page for side in ("base", "theirs", "mine"))
    assert in_force(ref=other.ref).get().address == "9 Trần Phú"
