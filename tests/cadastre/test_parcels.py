"""Parcels: identity, uses, codes, communes of today, and what their page shows."""

from typing import Any

import pytest
from django.test import Client

from landgis.catalog import published, queries, registry
from landgis.catalog.dataset import Exits
from landgis.operations.ownership import as_owner
from tests.cadastre.conftest import parcel, square

CENTRE = "w3u5wwrc8sq4"


def parcels() -> Any:
    return registry.get("parcels")


def test_a_parcel_is_known_by_commune_sheet_and_number(places_world: str, load: Any) -> None:
    assert load([parcel(1)]) == []
    row = queries.feature(parcels(), "26558-12-1")
    assert row is not None
    assert row["area_legal_m2"] == 400
    assert row["area_m2"] == pytest.approx(400, abs=0.01)


def test_two_parcels_of_one_number_need_a_letter(places_world: str, load: Any) -> None:
    doubled = [parcel(1), parcel(2, parcel_no="1")]
    assert load(doubled) == [(1, "identity-twins"), (2, "identity-twins")]
    assert queries.feature(parcels(), "26558-12-1") is None
    assert load([parcel(1), parcel(2, parcel_no="1", twin="b")]) == []
    assert queries.feature(parcels(), "26558-12-1-b") is not None


def test_the_commune_of_today_follows_from_that_of_the_sheet(places_world: str, load: Any) -> None:
    load([parcel(1), parcel(2, old_commune_code="26560", old_commune_name="Phường Phước Trung")])
    today = queries.rows(parcels(), fields=["commune_code", "commune_name"])
    assert today == [
        {"commune_code": "26572", "commune_name": "Phường Tam Long"},
        {"commune_code": "26560", "commune_name": "Phường Bà Rịa"},
    ]


def test_the_main_use_is_the_one_with_the_largest_area(places_world: str, load: Any) -> None:
    without = {name: value for name, value in parcel(1).items() if name != "land_use"}
    assert load([{**without, "land_uses": "ODT:150; CLN:250"}]) == []
    (row,) = queries.rows(parcels())
    assert row["land_use"] == "CLN"
    assert row["land_uses"] == [{"use": "ODT", "area_m2": 150.0}, {"use": "CLN", "area_m2": 250.0}]


def test_uses_that_do_not_add_up_are_named(places_world: str, load: Any) -> None:
    found = load([parcel(1, land_uses="ODT:150; CLN:240"), parcel(2, land_uses="ODT:150; CLN")])
    assert found == [(1, "land-uses-sum")]


def test_a_code_is_given_once(places_world: str, load: Any) -> None:
    found = load([parcel(1, parcel_code=CENTRE), parcel(2, parcel_code=CENTRE)])
    assert {code for _row, code in found} >= {"parcel-code-taken"}
    assert queries.count(parcels()) == 0
    load([parcel(1, parcel_code=CENTRE)])
    assert (1, "parcel-code-taken") in load([parcel(2, parcel_code=CENTRE)])
    # The same parcel may bring its code again.
    assert (1, "parcel-code-taken") not in load([parcel(1, parcel_code=CENTRE, area_legal_m2=401)])


def test_the_page_has_corners_and_uses_and_no_land_user(places_world: str, load: Any) -> None:
    load([parcel(1, land_uses="ODT:150; CLN:250", land_user="Nguyễn Văn Thử", land_user_id_no="079012345678")])
    page = Client().get("/parcels/26558-12-1/")
    text = page.content.decode()
    assert "Thửa 1, tờ bản đồ 12" in text
    # X is the northing, Y the easting.
    assert "1.162.000,000</td><td>440.420,000" in text
    assert "20,00" in text
    assert "Đất trồng cây lâu năm" in text
    assert "Nguyễn" not in text
    assert "079012345678" not in text
    assert page["X-Robots-Tag"] == "noindex"


def test_an_office_that_opens_nothing_has_no_lists_and_no_bulk(
    places_world: str, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    load([parcel(1)])
    reader = Client()
    assert b"26558-12-1/" in reader.get("/parcels/").content
    assert reader.get("/parcels.geojson").status_code == 200
    monkeypatch.setattr(parcels(), "exits", type(parcels()).exits)
    closed = reader.get("/parcels/")
    assert closed.status_code == 200
    assert b"26558-12-1/" not in closed.content
    assert reader.get("/parcels.json").status_code == 404
    assert reader.get("/parcels.geojson").status_code == 404
    assert reader.get("/parcels/26558-12-1/").status_code == 200
    assert type(parcels()).exits == Exits(geojson=False, lists=False, indexed=False)


# Masks


def test_a_mask_withholds_its_whole_block_and_gives_it_back(places_world: str, load: Any, mask: Any) -> None:
    reader = Client()
    load([parcel(number) for number in (0, 1, 2, 10, 11, 12)])
    shown = {row["ref"] for row in queries.rows(parcels())}
    assert len(shown) == 6
    load([mask], "parcel-masks")
    assert {row["ref"] for row in queries.rows(parcels())} == {"26558-12-2", "26558-12-12"}
    assert published.differences(parcels()) == 0
    hidden, never = reader.get("/parcels/26558-12-1/"), reader.get("/parcels/26558-99-9/")
    assert hidden.status_code == never.status_code == 404
    assert hidden.content.replace(b"26558-12-1", b"*") == never.content.replace(b"26558-99-9", b"*")
    assert queries.rows(parcels(), as_of=queries.latest_number(), fields=["ref"]) == [
        {"ref": "26558-12-2"},
        {"ref": "26558-12-12"},
    ]
    load([{**mask, "mask_code": "M2", "shape": square(50)}], "parcel-masks", complete=True)
    assert {row["ref"] for row in queries.rows(parcels())} == shown
    assert published.differences(parcels()) == 0


def test_a_parcel_that_comes_later_is_withheld_too(places_world: str, load: Any, mask: Any) -> None:
    load([mask], "parcel-masks")
    load([parcel(1), parcel(2)])
    assert [row["ref"] for row in queries.rows(parcels())] == ["26558-12-2"]
    assert published.differences(parcels()) == 0


def test_a_mask_is_nobodys_business(places_world: str, load: Any, mask: Any) -> None:
    before = queries.latest_number()
    load([mask], "parcel-masks", source="Secret source")
    reader = Client()
    assert queries.latest_number() == before
    assert reader.get("/parcel-masks/").status_code == 404
    assert reader.get("/parcel-masks/M1/").status_code == 404
    assert reader.get("/tiles/parcel-masks.json").status_code == 404
    assert b"Secret source" not in reader.get("/").content


def test_defence_land_without_a_mask_stops(places_world: str, load: Any, mask: Any) -> None:
    assert load([parcel(1, land_use="CQP")]) == [(1, "parcel-not-masked")]
    assert queries.count(parcels()) == 0
    load([mask], "parcel-masks")
    assert load([parcel(1, land_use="CQP"), parcel(2)]) == []
    assert [row["ref"] for row in queries.rows(parcels())] == ["26558-12-2"]


def test_a_rebuild_keeps_what_is_withheld(places_world: str, load: Any, mask: Any) -> None:
    load([mask], "parcel-masks")
    load([parcel(1), parcel(2)])
    with as_owner():
        published.rebuild(force=True)
    assert [row["ref"] for row in queries.rows(parcels())] == ["26558-12-2"]


# Prices: a dataset without geometry


def test_land_prices_have_no_geometry_and_all_else(places_world: str, load: Any) -> None:
    price = {
        "price_code": "BR-001",
        "street": "Bạch Đằng",
        "commune_name": "Phường Bà Rịa",
        "position": 1,
        "land_use": "ODT",
        "price_vnd_m2": 25_000_000,
        "shape": None,
    }
    assert load([price], "land-prices") == []
    reader = Client()
    page = reader.get("/land-prices/BR-001/").content.decode()
    assert "25.000.000" in page
    assert "Bạch Đằng" in reader.get("/land-prices/").content.decode()
    assert reader.get("/land-prices/BR-001.json").json()["price_vnd_m2"] == 25_000_000
    assert reader.get("/tiles/land-prices.json").status_code == 404
