"""What the checks of auctions and lots find in a file, beside the demo's world."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import call_command
from django.utils import translation

from landgis.catalog import registry
from landgis.changes import issues

pytestmark = pytest.mark.usefixtures("empty_world")

BOX = (107.1, 10.5, 107.1002, 10.5002)
AUCTION = {
    "auction_code": "T-1",
    "title": "Đấu giá",
    "stream": "DATO",
    "status": "TB1",
    "starting_total_vnd": 3_000_000_000,
}
LOT = {
    "auction_code": "T-1",
    "status": "open",
    "area_legal_m2": 484,
    "starting_price_vnd": 1_000_000_000,
    "deposit_vnd": 100_000_000,
    "deposit_pct": 10,
}


def a_lot(number: int, **values: Any) -> dict[str, Any]:
    return {**LOT, "lot_code": f"T-1-{number}", "name": f"Lô {number}", **values}


class Loader:
    """Loads rows from a GeoJSON file; `found` is code -> (ref, message) of its report."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]):
        self.folder, self.capsys = folder, capsys

    def load(self, dataset: str, rows: list[dict[str, Any]], **options: Any) -> dict[str, list[tuple[str, str]]]:
        is_bare = options.pop("without_shape", False)
        shape = None if is_bare else shapely.geometry.mapping(shapely.box(*BOX))
        features = [{"type": "Feature", "properties": row, "geometry": shape} for row in rows]
        file = self.folder / "rows.geojson"
        file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        with contextlib.suppress(SystemExit), translation.override("en"):
            call_command("load", file, dataset=dataset, json=True, commit=True, **options)
        report = json.loads(self.capsys.readouterr().out)
        return {
            group["code"]: [(example["ref"], example["message"]) for example in group["examples"]]
            for group in report["issues"]
        }


@pytest.fixture
def loader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Loader:
    return Loader(tmp_path, capsys)


def test_dates_in_the_wrong_order_are_named_by_both_labels(loader: Loader) -> None:
    wrong = {"notice1_on": "2026-12-05", "notice2_on": "2026-12-01", "dossiers_to": "2026-12-20T17:00:00"}
    found = loader.load("auctions", [AUCTION | wrong | {"opens_at": "2026-12-18T08:30:00"}])
    messages = [message for _ref, message in found["dates-order"]]
    assert sorted(messages) == [
        "“dossiers until” (20 Dec 2026, 17:00) lies after “auction opens at” (18 Dec 2026, 08:30).",
        "“first public notice” (5 Dec 2026) lies after “second public notice” (1 Dec 2026).",
    ]


def test_a_date_beside_a_time_counts_as_its_day(loader: Loader) -> None:
    """06:00 in Vietnam is the day before in UTC."""
    same_day = {"viewing_to": "2026-12-18", "opens_at": "2026-12-18T06:00:00", "posted_on": "2026-12-01"}
    assert loader.load("auctions", [AUCTION | same_day]) == {}


def test_the_lots_have_to_add_up_to_the_auction(loader: Loader) -> None:
    assert loader.load("auctions", [AUCTION]) == {}
    assert loader.load("auction-lots", [a_lot(n) for n in (1, 2, 3)]) == {}
    more = loader.load("auction-lots", [a_lot(3, starting_price_vnd=1_500_000_000, deposit_vnd=150_000_000)])
    [(ref, message)] = more["lots-total"]
    assert ref == "T-1"
    assert message == (
        "The starting prices of the lots of T-1 add up to 3,500,000,000 đ, the auction says 3,000,000,000 đ."
    )
    assert "lots-total" in loader.load("auctions", [AUCTION])
    assert loader.load("auctions", [AUCTION | {"starting_total_vnd": 3_500_000_000}]) == {}


def test_lots_that_a_complete_file_lacks_no_longer_count(loader: Loader) -> None:
    loader.load("auctions", [AUCTION])
    loader.load("auction-lots", [a_lot(n) for n in (1, 2, 3)])
    assert "lots-total" in loader.load("auction-lots", [a_lot(1), a_lot(2)], complete=True)


def test_a_deposit_that_is_not_its_share_is_a_warning(loader: Loader) -> None:
    loader.load("auctions", [AUCTION])
    lots = [a_lot(1, deposit_vnd=100_000_900), a_lot(2, deposit_vnd=200_000_000), a_lot(3)]
    [(ref, message)] = loader.load("auction-lots", lots)["deposit-difference"]
    assert ref == "T-1-2"
    assert message == ("The deposit is 200,000,000 đ; 10% of the starting price would be 100,000,000 đ.")


def test_a_price_per_area_that_does_not_follow_is_a_warning(loader: Loader) -> None:
    loader.load("auctions", [AUCTION])
    prices = {"starting_price_vnd": 1_950_000_000, "area_legal_m2": 130}
    lots = [
        a_lot(1, **prices, starting_price_per_m2_vnd=15_000_000),
        a_lot(2, **prices, starting_price_per_m2_vnd=14_950_000),  # rounded
        a_lot(3, **prices, starting_price_per_m2_vnd=14_461_538),  # of the price before
        a_lot(4, **prices),
    ]
    [(ref, message)] = loader.load("auction-lots", lots)["price-per-area"]
    assert ref == "T-1-3"
    assert message == ("The starting price per m² is 14,461,538 đ; the starting price over the area is 15,000,000 đ.")


def test_a_lot_of_no_auction_stops(loader: Loader) -> None:
    found = loader.load("auction-lots", [a_lot(1)])
    assert found["auction-unknown"] == [("T-1-1", "There is no auction T-1 in force.")]
    assert issues.severity("auction-unknown") == issues.STOP


def test_messages_name_another_field_by_its_label() -> None:
    params = {"earlier": "a", "later": "b", "other_field": "opens_at"}
    with translation.override("vi"):
        message, _remedy = issues.text(registry.get("auctions"), "dates-order", "dossiers_to", params)
    assert message == "“hạn nộp hồ sơ” (a) sau “thời gian đấu giá” (b)."


def test_a_use_against_the_plan_in_force_is_told_and_one_of_the_same_kin_is_not(loader: Loader) -> None:
    zone = {"zone_code": "Z-1", "plan_name": "Quy hoạch", "plan_state": "in-force", "land_use": "ONT"}
    loader.load("planning-zones", [zone])
    loader.load("auctions", [AUCTION])
    found = loader.load("auction-lots", [a_lot(1, land_use="ODT"), a_lot(2, land_use="TMD")])
    message = "Auctioned as TMD; the plan in force has ONT for 100 % of it (Z-1)."
    assert found["use-against-plan"] == [("T-1-2", message)]


def test_a_price_below_the_table_for_its_use_and_commune_is_told(loader: Loader) -> None:
    line = {"commune_name": "Xã Gần", "land_use": "ODT", "position": "2", "price_vnd_m2": 2_000_000}
    lines = [
        {**line, "price_code": "G-1"},
        {**line, "price_code": "G-2", "position": "1", "price_vnd_m2": 9_000_000},
        {**line, "price_code": "G-3", "land_use": "TMD", "price_vnd_m2": 3_000_000},
        {**line, "price_code": "G-4", "commune_name": "Xã Xa", "price_vnd_m2": 3_000_000},
    ]
    units = [("U-1", "101", "Xã Gần"), ("U-2", "102", "Xã Xa")]
    named = [{"unit_ref": ref, "code": code, "name": name, "kind": "commune"} for ref, code, name in units]
    loader.load("admin-units", [{**one, "is_current": True, "valid_from": "2025-07-01"} for one in named])
    loader.load("land-prices", lines, without_shape=True)
    loader.load("auctions", [AUCTION])
    here = {"commune_name": "Xã Gần", "land_use": "ODT"}
    lots = [
        a_lot(1, **here, starting_price_per_m2_vnd=1_999_999),
        a_lot(2, **here, starting_price_per_m2_vnd=2_000_000),
        a_lot(3, **here),
    ]
    [(ref, message)] = loader.load("auction-lots", lots)["price-below-table"]
    assert ref == "T-1-1"
    assert message == (
        "The starting price per m² is 1,999,999 đ; for this use here the land-price table begins at 2,000,000 đ."
    )
