"""The commune in the documents and the commune of today: beside each other in every exit, and found by either."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import shapely
from django.db import connection
from django.test import Client

from landgis.catalog import memory, queries, registry
from landgis.catalog.published import locating
from landgis.changes import actions as changes
from landgis.changes.models import Door, LogEntry
from tests import databases, samples

WEST, SOUTH, STEP = samples.WEST, samples.SOUTH, samples.STEP
SPLIT_AT = WEST + 4.5 * STEP  # through the fifth plot of a row


def unit(ref: str, code: str, name: str, box: tuple[float, float, float, float], **values: Any) -> dict[str, Any]:
    return {
        "unit_ref": ref,
        "code": code,
        "name": name,
        "kind": "commune",
        "is_current": False,
        "successors": None,
        "box": box,
        **values,
    }


def publish(units: Iterable[dict[str, Any]]) -> int:
    """Exactly these units in force; returns the revision."""
    dataset = registry.get("admin-units")
    change_set = changes.draft(dataset, by=None, door=Door.COMMAND_LINE, is_complete=True)
    units = list(units)
    names = [name for name in units[0] if name != "box"]
    rows = []
    for row, one in enumerate(units, 1):
        drawn = shapely.set_srid(shapely.MultiPolygon([shapely.box(*one["box"])]), 4326)
        written = shapely.to_wkb(drawn, hex=True, include_srid=True)
        rows.append((row, dataset.ref(one), None, *(one[name] for name in names), written, 1.0, 4326))
    changes.stage(change_set, [*names, "boundary", "area_m2", "legal_srid"], rows)
    changes.check(change_set)
    changes.submit(change_set, by=None)
    changes.approve(change_set, by=None)
    return changes.apply(change_set, by=None)


ALL = (WEST - 1, SOUTH - 1, WEST + 1, SOUTH + 1)
LEFT, RIGHT = (WEST - 1, SOUTH - 1, SPLIT_AT, SOUTH + 1), (SPLIT_AT, SOUTH - 1, WEST + 1, SOUTH + 1)
FORMER = unit("1-a", "00001", "Xã Cũ", ALL)
WHOLE = [{**FORMER, "is_current": True}]
DIVIDED = [
    {**FORMER, "successors": "1-b 2-b"},
    unit("1-b", "00001", "Xã Trái", LEFT, is_current=True),
    unit("2-b", "00002", "Xã Phải", RIGHT, is_current=True),
]
PLOTS = [samples.plot(number, commune_name="Xã Cũ", commune_code="00001") for number in range(9)]


@pytest.fixture(scope="module", autouse=True)
def revisions(migrated: str, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """Plots before there are units, with one commune, and with that commune divided in two; the fifth plot is astride."""
    with django_db_blocker.unblock(), databases.made(migrated) as name, databases.used(name):
        plots = [*PLOTS, samples.plot(9, commune_name="Nowhere")]
        yield {
            "no units": samples.the_whole_state(plots),
            "whole": publish(WHOLE),
            "divided": publish(DIVIDED),
        }


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    memory.forget()


def counts(query: str = "") -> dict[str | None, int]:
    """The group of the list by commune of today."""
    answer = Client().get(f"/public-land.json{query}").json()
    return {line["value"]: line["count"] for line in answer["totals"]["commune_today"]}


def test_the_place_decides_between_the_parts_of_a_divided_commune() -> None:
    rows = {row["ref"]: row for row in queries.rows(registry.get("public-land"))}
    now = [rows[f"P-{number:05d}"]["commune_today"] for number in range(10)]
    assert now[:4] == ["Xã Trái"] * 4
    assert now[5:9] == ["Xã Phải"] * 4
    astride = rows["P-00004"]
    assert {astride["commune_today"], astride["commune_today_also"]} == {"Xã Trái", "Xã Phải"}
    assert [row["ref"] for row in rows.values() if row["commune_today_also"]] == ["P-00004"]
    assert rows["P-00000"]["commune_today_by"] == "place"
    assert rows["P-00000"]["commune_name"] == "Xã Cũ"


def test_a_commune_that_nobody_knows_is_decided_by_the_place_and_said_so() -> None:
    [row] = queries.rows(registry.get("public-land"), samples_named("Nowhere"))
    assert (row["commune_today"], row["commune_today_by"]) == ("Xã Phải", "place")


def samples_named(name: str) -> Any:
    from landgis.lib.filters import Equals

    return Equals("commune_name", name)


def test_groups_add_up_to_the_total() -> None:
    found = counts()
    assert sum(found.values()) == 10
    assert set(found) == {"Xã Trái", "Xã Phải"}


def test_a_past_day_has_the_communes_of_that_day(revisions: dict[str, int]) -> None:
    assert counts(f"?as_of={revisions['no units']}") == {None: 10}
    assert counts(f"?as_of={revisions['whole']}") == {"Xã Cũ": 10}
    assert counts(f"?as_of={revisions['divided']}") == counts()
    page = Client().get(f"/public-land/P-00000.json?as_of={revisions['whole']}").json()
    assert page["commune_today"] == "Xã Cũ"
    assert counts(f"?as_of={revisions['whole']}&place=00001") == {"Xã Cũ": 10}


def test_what_a_unit_moved_stands_in_the_log(revisions: dict[str, int]) -> None:
    entry = LogEntry.objects.get(dataset="public-land", revision=revisions["divided"])
    assert len(entry.refs) == 10
    assert (entry.added, entry.changed, entry.retired) == (0, 0, 0)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("commune_name=Xã Cũ", 9),  # as the documents write it
        ("commune_name=xa cu", 9),
        ("place=Xã Cũ", 9),  # a former name: what was issued so
        ("commune_today=Xã Cũ", 9),
        ("commune_today=Trái", None),  # of today, without its kind and by its code
        ("commune_name=Xã Trái", None),
        ("place=trai", None),
        ("place=00001", None),  # given to both: today's is meant
    ],
)
def test_any_name_or_code_finds_what_it_means(query: str, count: int | None) -> None:
    left = counts()["Xã Trái"]
    assert sum(counts(f"?{query}").values()) == (count or left)
    assert len(Client().get(f"/public-land.geojson?{query}").getvalue().split(b'"Feature"')) - 1 == (count or left)
    assert len(Client().get(f"/public-land.csv?{query}").getvalue().splitlines()) - 1 == (count or left)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("commune_name=Trái", "commune of today: Xã Trái"),
        ("place=cu", "commune in the documents: Xã Cũ"),
        ("place=2", None),
        ("place=00002", "commune of today: Xã Phải"),
    ],
)
def test_the_list_says_what_a_name_was_taken_for(query: str, said: str | None) -> None:
    response = Client().get(f"/en/public-land/?{query}")
    assert response.status_code == (200 if said else 400)
    if said:
        assert said in response.content.decode()


def test_an_unknown_name_is_no_empty_list() -> None:
    response = Client().get("/en/public-land.json?place=Xã Trai1")
    assert response.status_code == 400
    assert "Xã Trái" in response.json()["detail"]
    assert Client().get("/public-land.json?commune_name=Nobody").status_code == 400
    assert sum(counts("?commune_name=Nowhere").values()) == 1


def test_what_readers_take_away_has_both() -> None:
    row = Client().get("/public-land/P-00000.json").json()
    assert (row["commune_name"], row["commune_today"], row["commune_today_code"]) == ("Xã Cũ", "Xã Trái", "00001")
    feature = Client().get("/public-land/P-00000.geojson").json()["properties"]
    assert (feature["commune_name"], feature["commune_today"]) == ("Xã Cũ", "Xã Trái")
    head = Client().get("/en/public-land.csv").getvalue().decode("utf-8-sig").splitlines()[0]
    assert "commune of today,code of the commune of today" in head
    assert "commune in the documents" in head
    page = Client().get("/en/public-land/P-00004/").content.decode()
    assert "Reaches into" in page
    assert "by where it lies" in page


def test_a_tile_of_a_commune_of_today_has_its_plots() -> None:
    tile = Client().get("/tiles/public-land/14/13061/7708.mvt?commune_today=Xã Trái")
    assert tile.status_code in (200, 204)


def test_what_was_derived_is_found_to_be_what_the_rows_give() -> None:
    from landgis.catalog import published

    assert published.differences(registry.get("public-land")) == 0


def test_the_declaration_says_that_no_file_brings_it() -> None:
    described = Client().get("/datasets/public-land.json").json()
    names = [field["name"] for field in described["fields"]]
    assert names.index("commune_today") < names.index("commune_name")
    assert json.dumps(described)


def test_a_large_load_leaves_statistics_of_where_its_features_lie(empty_world: str) -> None:
    """Without them the next load of the dataset compared each of its features with each that was there: minutes for thousands."""
    samples.applied([samples.plot(number) for number in range(locating.MANY + 1)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'catalog_location'::regclass")
        assert cursor.fetchone()[0] == locating.MANY + 1
