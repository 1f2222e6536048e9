"""The apply checks again what came into force since: what no longer holds stops, and nothing is overwritten."""

from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from landgis.catalog import published, registry
from landgis.changes import actions as changes
from landgis.changes import checks, gaps, issues, overlaps, rechecks, strips
from landgis.changes.models import ChangeSet, Door, State
from landgis.publicland.models import Plot
from tests import samples

pytestmark = pytest.mark.usefixtures("empty_world")
METRE = 1 / 110_600  # of latitude, in degrees
HERE = (107.0, 10.5, 107.0004, 10.5004)  # 1,937 m²


@pytest.fixture(params=[overlaps.overlaps, gaps.neighbours], ids=["overlaps", "neighbours"])
def checked_for_overlaps(request: pytest.FixtureRequest) -> Iterator[None]:
    dataset = samples.public_land()
    dataset.checks = (*type(dataset).checks, request.param)
    yield
    del dataset.checks


def approved(name: str, *rows: dict[str, Any], **about: Any) -> ChangeSet:
    """A change set of any dataset, of rows with values by field; each has the boundary HERE unless it brings one."""
    dataset = registry.get(name)
    change_set = changes.draft(dataset, by=None, door=Door.COMMAND_LINE, **about)
    shape = ["boundary", "area_m2", "legal_srid"]
    columns = sorted({column for row in rows for column in row} - {"box"})
    records = []
    for number, row in enumerate(rows, 1):
        drawn = shapely.set_srid(shapely.MultiPolygon([shapely.box(*row.get("box", HERE))]), 4326)
        wkb = shapely.to_wkb(drawn, hex=True, include_srid=True)
        records.append((number, dataset.ref(row), None, *(row.get(one) for one in columns), wkb, 1937.0, 4326))
    changes.stage(change_set, [*columns, *shape], records)
    changes.check(change_set)
    changes.submit(change_set, by=change_set.author)
    changes.approve(change_set, by=None)
    return change_set


def put_in_force(name: str, *rows: dict[str, Any], **about: Any) -> int:
    return changes.apply(approved(name, *rows, **about), by=None)


def stopped(late: ChangeSet) -> list[tuple[str, str]]:
    """(code, ref) of what stops its apply, which must leave it approved."""
    with pytest.raises(changes.MovedOn) as moved:
        changes.apply(late, by=None)
    late.refresh_from_db()
    assert (late.state, late.revision) == (State.APPROVED, None)
    assert {finding.code for finding in moved.value.findings} == {issues.UNSOUND}
    return [(str(finding.params["found"]), finding.ref) for finding in moved.value.findings]


@pytest.mark.usefixtures("checked_for_overlaps")
class TestBoundaries:
    def test_of_two_that_overlap_only_the_first_comes_into_force(self) -> None:
        first = samples.approved([samples.plot(1)])
        late = samples.approved([samples.plot(2, box=samples.plot(1)["box"]), samples.plot(9)])
        changes.apply(first, by=None)
        assert stopped(late) == [("overlap", "P-00002")]
        assert stopped(late) == [("overlap", "P-00002")]  # the same when somebody tries again
        assert list(Plot.objects.values_list("ref", flat=True)) == ["P-00001"]
        assert published.differences(samples.public_land()) == 0
        changes.withdraw(late, by=None, reason="read again")
        # Read again it is compared with what is there, and whoever approves it has been told.
        again = samples.approved([samples.plot(2, box=samples.plot(1)["box"]), samples.plot(9)])
        assert again.issues.filter(code="overlap").count() == 1
        assert changes.apply(again, by=None) == 2

    def test_a_file_that_holds_every_plot_meets_what_came_since(self) -> None:
        late = samples.approved([samples.plot(2, box=samples.plot(1)["box"])], is_complete=True)
        samples.applied([samples.plot(1)])
        assert stopped(late) == [("overlap", "P-00002")]

    def test_what_was_told_before_and_what_lies_elsewhere_stop_nothing(self) -> None:
        samples.applied([samples.plot(1)])
        late = samples.approved([samples.plot(2, box=samples.plot(1)["box"])])
        samples.applied([samples.plot(50)])
        samples.applied([samples.plot(3)])  # beside both, over neither
        assert changes.apply(late, by=None) == 4

    def test_a_neighbour_that_was_drawn_otherwise_counts(self) -> None:
        west, south, east, north = samples.plot(1)["box"]
        samples.applied([samples.plot(1)])
        late = samples.approved([samples.plot(2, box=(east, south, east + samples.SIDE, north))])
        samples.applied([samples.plot(1, box=(west, south, east + 3 * METRE, north))])
        assert stopped(late) == [("overlap", "P-00002")]

    def test_only_what_lies_beside_is_read(self) -> None:
        """No statement of the checks goes through a table: each finds its rows by an index."""
        samples.applied([samples.plot(number) for number in range(1000, 1200)])
        late = samples.approved([samples.plot(number) for number in range(200)])
        samples.applied([samples.plot(300)])
        since = late.base_revision
        with CaptureQueriesContext(connection) as caught:
            changes.apply(late, by=None)
        [identity] = [one["sql"] for one in caught if f"f.from_revision > {since} AND (" in one["sql"]]
        beside = strips._features(samples.public_land(), late, None, since)  # read by a cursor that is not caught
        for question in (identity, beside.as_string(connection.connection) % {"id": late.pk}):
            assert "Seq Scan" not in plan(question), question


def plan(question: str) -> str:
    """How the question is answered where tables are large."""
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("EXPLAIN " + question.replace("%", "%%"))
        return "\n".join(line for (line,) in cursor.fetchall())


def test_the_other_checks_of_what_is_in_force_are_asked_again() -> None:
    every = [check for dataset in registry.all_datasets() for check in (*checks.EVERY_DATASET, *dataset.checks)]
    looking = {getattr(check, "__name__", "") for check in every if rechecks.looks_at_what_is_in_force(check)}
    assert looking >= {"taken_identity", "same_place", "code_taken", "outside_masks", "auction_in_force"}
    # They see it by their item's revision: the apply compares that itself.
    by_item = {"missing_boundaries", "changed_since", "files_are_kept"}
    blind = {check for check in every if not rechecks.looks_at_what_is_in_force(check)}
    for check in blind:
        if check.__name__ not in by_item:
            assert not {"in_force", "until_revision"} & set(check.__code__.co_names), check.__name__


def test_a_reference_is_not_given_twice_although_its_bearer_is_gone_again() -> None:
    late = samples.approved([samples.plot(1)])
    samples.applied([samples.plot(2)])
    samples.applied([samples.plot(1, plot_code="P.00001")])
    samples.applied([samples.plot(2)], is_complete=True)
    assert stopped(late) == [("identity-taken", "P-00001")]


AUCTION = {"auction_code": "A-1", "title": "Auction", "stream": "residential", "status": "announced"}
LOT = {"lot_code": "L-1", "auction_code": "A-1", "name": "Lot", "status": "open", "area_legal_m2": 1937}
OTHER_LOT = {**LOT, "lot_code": "L-2", "auction_code": "A-2"}


def test_a_lot_whose_auction_or_plot_was_retired_since() -> None:
    put_in_force("auctions", AUCTION, {**AUCTION, "auction_code": "A-2"})
    samples.applied([samples.plot(1), samples.plot(2)])
    late = approved("auction-lots", {**LOT, "plot_code": "P-00001"})
    put_in_force("auctions", {**AUCTION, "auction_code": "A-2"}, is_complete=True)
    assert stopped(late) == [("auction-unknown", "L-1")]
    samples.the_whole_state([samples.plot(2)])
    assert stopped(late) == [("auction-unknown", "L-1"), ("plot-unknown", "L-1")]


def test_an_auction_is_not_retired_under_a_lot_that_came_since() -> None:
    put_in_force("auctions", AUCTION, {**AUCTION, "auction_code": "A-2"})
    late = approved("auctions", {**AUCTION, "auction_code": "A-2"}, is_complete=True)
    put_in_force("auction-lots", LOT)
    assert stopped(late) == [("lot-left", "A-1")]


def test_a_total_that_others_changed_since() -> None:
    put_in_force("auctions", {**AUCTION, "starting_total_vnd": 30})
    late = approved("auction-lots", {**LOT, "starting_price_vnd": 30})
    put_in_force("auction-lots", {**LOT, "lot_code": "L-3", "starting_price_vnd": 30})
    assert stopped(late) == [("lots-total", "A-1")]


class TestListedAsItWas:
    """What a file lists as it was in force, and others changed since, counts as it is now: the item stands for nothing."""

    @pytest.mark.usefixtures("checked_for_overlaps")
    def test_a_neighbour(self) -> None:
        west, south, east, north = samples.plot(1)["box"]
        samples.applied([samples.plot(1)])
        beside = samples.plot(2, box=(east, south, east + samples.SIDE, north))
        late = samples.approved([samples.plot(1), beside], is_complete=True)
        samples.applied([samples.plot(1, box=(west, south, east + 3 * METRE, north))])
        assert stopped(late) == [("overlap", "P-00002")]

    def test_a_code(self) -> None:
        other = {**PARCEL, "parcel_no": "2", "parcel_code": "w3u5wwrc8sq5", "box": EAST}
        put_in_force("parcels", other)
        late = approved("parcels", {**PARCEL, "parcel_no": "1", "parcel_code": "w3u5wwrc8sq4"}, other)
        put_in_force("parcels", {**other, "parcel_code": "w3u5wwrc8sq4"})
        assert ("parcel-code-taken", "26558-12-1") in stopped(late)

    def test_a_price(self) -> None:
        put_in_force("auctions", {**AUCTION, "starting_total_vnd": 30})
        there = {**LOT, "starting_price_vnd": 20}
        put_in_force("auction-lots", there)
        late = approved("auction-lots", there, {**LOT, "lot_code": "L-3", "starting_price_vnd": 10})
        put_in_force("auction-lots", {**LOT, "starting_price_vnd": 25})
        assert stopped(late) == [("lots-total", "A-1")]

    def test_what_is_retired_counts_no_more(self) -> None:
        put_in_force("auctions", {**AUCTION, "starting_total_vnd": 30})
        put_in_force(
            "auction-lots", {**LOT, "starting_price_vnd": 20}, {**LOT, "lot_code": "L-3", "starting_price_vnd": 10}
        )
        late = approved("auction-lots", {**LOT, "starting_price_vnd": 30}, is_complete=True)
        put_in_force("auctions", {**AUCTION, "auction_code": "A-2"})
        assert changes.apply(late, by=None)

    def test_a_successor(self) -> None:
        unit = {"kind": "commune", "is_current": True, "valid_from": None, "successors": None}
        other = {**unit, "unit_ref": "2-b", "code": "2", "name": "B"}
        third = {**unit, "unit_ref": "3-c", "code": "3", "name": "C"}
        put_in_force("admin-units", other, third)
        first = {**unit, "unit_ref": "1-a", "code": "1", "name": "A", "successors": "2-b"}
        late = approved("admin-units", first, other)
        put_in_force("admin-units", third, is_complete=True)
        assert stopped(late) == [("unit-unknown", "1-a")]


def test_a_successor_that_was_retired_since() -> None:
    unit = {"kind": "commune", "is_current": True, "valid_from": None}
    other = {**unit, "unit_ref": "2-b", "code": "2", "name": "B"}
    third = {**unit, "unit_ref": "3-c", "code": "3", "name": "C"}
    put_in_force("admin-units", other, third)
    late = approved("admin-units", {**unit, "unit_ref": "1-a", "code": "1", "name": "A", "successors": "2-b"})
    put_in_force("admin-units", third, is_complete=True)
    assert stopped(late) == [("unit-unknown", "1-a")]


PARCEL = {"map_sheet": "12", "old_commune_code": "26558", "land_use": "ODT", "area_legal_m2": 1937, "is_public": True}
EAST = (107.001, 10.5, 107.0014, 10.5004)


def test_a_code_that_was_given_to_another_parcel_since() -> None:
    late = approved("parcels", {**PARCEL, "parcel_no": "1", "parcel_code": "w3u5wwrc8sq4"})
    put_in_force("parcels", {**PARCEL, "parcel_no": "2", "parcel_code": "w3u5wwrc8sq4", "box": EAST})
    assert ("parcel-code-taken", late_ref := "26558-12-1") in stopped(late)
    assert late_ref == registry.get("parcels").ref({**PARCEL, "parcel_no": "1"})


def test_a_mask_and_what_it_withholds_do_not_miss_each_other() -> None:
    mask, elsewhere = {"mask_code": "M-1"}, {"mask_code": "M-2", "box": EAST}
    put_in_force("parcel-masks", mask, elsewhere)
    withheld = {**PARCEL, "land_use": "CQP"}
    parcel = approved("parcels", {**withheld, "parcel_no": "1"})
    unmasking = approved("parcel-masks", elsewhere, is_complete=True)
    changes.apply(approved("parcel-masks", elsewhere, is_complete=True), by=None)
    assert stopped(parcel) == [("parcel-not-masked", "26558-12-1")]
    put_in_force("parcel-masks", {**mask, "mask_code": "M-3"})
    changes.withdraw(unmasking, by=None, reason="too late")
    unmasking = approved("parcel-masks", elsewhere, is_complete=True)
    changes.apply(parcel, by=None)
    assert stopped(unmasking) == [("parcel-not-masked", "26558-12-1")]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_is_said_what_was_found(language: str) -> None:
    with translation.override(language):
        params = {"found": "overlap", "other": "P-1", "area": "1937.00"}
        message, remedy = issues.text(samples.public_land(), issues.UNSOUND, "", params)
        assert "P-1" in message and "1" in message and remedy
