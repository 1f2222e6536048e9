"""What the state of a feature is now, on the second dataset that declares one, and what keeps the moments."""

import datetime
import threading
from typing import Any

import mapbox_vector_tile
import pytest
from django.db import connection, connections
from django.test import Client

from landgis.catalog import memory, published, queries, registry
from landgis.catalog.models import Instant
from landgis.changes import ticks
from landgis.operations.ownership import as_owner
from tests import clocks

VIETNAM = datetime.timezone(datetime.timedelta(hours=7))
MIDNIGHT = datetime.datetime(2031, 1, 1, tzinfo=VIETNAM)  # the plan of the demo that was approved is in force from then
SECOND = datetime.timedelta(seconds=1)


def approved() -> dict[str, Any]:
    return next(one for one in queries.rows(registry.get("planning-zones")) if one["reported_plan_state"] == "approved")


@pytest.mark.parametrize(("moment", "code"), [(MIDNIGHT - SECOND, "approved"), (MIDNIGHT, "in-force")])
def test_a_plan_is_in_force_from_midnight_of_its_day_on_the_clocks_here(
    own_world: str, client: Client, moment: datetime.datetime, code: str
) -> None:
    zone = approved()
    assert zone["plan_state"] == "approved"
    with clocks.stopped_at(moment):
        assert client.get(f"/planning/{zone['ref']}.json").json()["plan_state"] == code
        listed = client.get(f"/planning.json?plan_state={code}&plan_name={zone['plan_name']}").json()["rows"]
        assert zone["ref"] in {row["ref"] for row in listed}
        told = client.get(f"/planning/{zone['ref']}.geojson").json()["properties"]
        assert (told["plan_state"], told["reported_plan_state"]) == (code, "approved")
        drawn = (
            client.get("/tiles/planning-zones/6/51/30.mvt").content
            or client.get("/tiles/planning-zones/6/50/30.mvt").content
        )
        [features] = [layer["features"] for layer in mapbox_vector_tile.decode(drawn).values()]
        assert {one["properties"]["plan_state"] for one in features if one["properties"]["ref"] == zone["ref"]} == {
            code
        }
        past = queries.latest_number()
        assert client.get(f"/planning/{zone['ref']}.json?as_of={past}").json()["plan_state"] == "approved"


def test_a_feature_of_another_dataset_is_told_of_the_plan_of_today(own_world: str) -> None:
    """What touches it stands under the plans in force once that is so, under those to come before."""
    from landgis.catalog.surroundings import surroundings

    zones = registry.get("planning-zones")
    zone = approved()
    moved: list[tuple[int, int]] = []
    for moment in (MIDNIGHT - SECOND, MIDNIGHT):
        with clocks.stopped_at(moment):
            [theme] = [
                one for one in surroundings(registry.get("admin-units"), _unit(zone)).themes if one.dataset is zones
            ]
            moved.append((len(theme.hits), len(theme.pending)))
    assert moved[1][0] > moved[0][0] and moved[1][1] < moved[0][1]


def _unit(zone: dict[str, Any]) -> str:
    from psycopg import sql

    query = sql.SQL(
        "SELECT u.ref FROM published.admin_units u JOIN published.planning_zones z ON ST_Intersects(u.boundary, z.boundary)"
        " WHERE z.ref = %s AND u.until_revision IS NULL AND z.until_revision IS NULL AND u.is_current ORDER BY 1 LIMIT 1"
    )
    ref: str = queries.fetch(query, [zone["ref"]])[0]["ref"]
    return ref


def test_the_moments_are_those_of_what_is_public(own_world: str) -> None:
    before = list(Instant.objects.order_by("dataset", "at").values_list("dataset", "at"))
    assert ("planning-zones", MIDNIGHT) in before
    assert {name for name, _at in before} == {"auctions", "auction-lots", "planning-zones"}
    Instant.objects.all().delete()
    with as_owner():
        published.rebuild(force=True)
    assert list(Instant.objects.order_by("dataset", "at").values_list("dataset", "at")) == before


def test_two_workers_write_a_tick_once(own_world: str) -> None:
    with clocks.stopped_at(MIDNIGHT):
        written: list[int] = []

        def work() -> None:
            written.append(ticks.write())
            connection.close()

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        numbers = [tick for tick in Instant.objects.values_list("tick", flat=True) if tick is not None]
        assert sum(written) == len(numbers) == len(set(numbers)) == max(numbers)
        assert Instant.objects.filter(dataset="", at=MIDNIGHT, tick__isnull=False).count() == 1
        assert not Instant.objects.filter(at__lte=MIDNIGHT, tick=None).exists()


def test_no_tile_row_holds_a_state_of_then(own_world: str) -> None:
    """So that a comparison with what is in force finds no difference when time goes by."""
    for moment in (MIDNIGHT - SECOND, MIDNIGHT):
        with clocks.stopped_at(moment):
            for name in ("planning-zones", "auction-lots", "auctions"):
                assert published.differences(registry.get(name)) == 0


def test_what_is_kept_of_another_moment_is_read_again(own_world: str) -> None:
    zones = registry.get("planning-zones")
    counts = []
    for moment in (MIDNIGHT - SECOND, MIDNIGHT):
        with clocks.stopped_at(moment):
            told = memory.of_all("zones", [zones], lambda: queries.totals(zones, by=["plan_state"])["plan_state"])
            counts.append({line["value"]: line["count"] for line in told})
    assert counts[1]["in-force"] == counts[0]["in-force"] + counts[0]["approved"] and "approved" not in counts[1]


def test_the_past_and_the_history_say_what_was_reported(own_world: str) -> None:
    from landgis.catalog.lineage import lineage

    zone = approved()
    with clocks.stopped_at(MIDNIGHT):
        [version] = lineage(registry.get("planning-zones"), zone["ref"]).versions
        assert version.row["plan_state"] == "approved"


def test_the_clock_is_for_all_to_read_and_for_nobody_to_set(own_world: str) -> None:
    with connections["public"].cursor() as cursor:
        cursor.execute("SELECT now FROM published.clock")
        assert cursor.fetchone()[0].tzinfo is not None
        cursor.execute("SELECT has_table_privilege('catalog_clock', 'SELECT')")
        assert cursor.fetchone()[0] is False
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        assert cursor.fetchone()[0] is False
