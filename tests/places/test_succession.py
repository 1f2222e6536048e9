"""Which unit a code or a name meant on a day, and what it is today: the demo's 191 units of three times."""

import datetime
from collections import Counter

import pytest

from landgis.catalog import queries, registry
from landgis.lib.text import fold
from landgis.places.queries import PublishedUnit, all_units, names, origins, resolve, road_to_today, today

pytestmark = pytest.mark.usefixtures("world")

END_A, END_B = datetime.date(2024, 12, 31), datetime.date(2025, 6, 30)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def units(world: None) -> dict[str, PublishedUnit]:
    return all_units()


def test_the_communes_of_the_three_times_are_counted(units: dict[str, PublishedUnit]) -> None:
    communes = Counter(unit.valid_to for unit in units.values() if unit.kind != "district")
    assert communes == {END_A: 82, END_B: 77, None: 30}
    assert [unit.name for unit in units.values() if unit.kind == "district"] == ["Huyện Côn Đảo"] * 2


def test_every_unit_lives_on_in_exactly_one_of_today(units: dict[str, PublishedUnit]) -> None:
    for ref in units:
        [now] = today(units, ref)
        assert now.is_current
        assert all(len(generation) == 1 for generation in road_to_today(units, ref))


def test_the_oldest_units_are_divided_among_those_of_today(units: dict[str, PublishedUnit]) -> None:
    oldest = [unit.ref for now in units.values() if now.is_current for unit in origins(units, now.ref)]
    assert sorted(oldest) == sorted(unit.ref for unit in units.values() if unit.valid_to == END_A)


def test_succession_is_told_the_same_from_both_ends(units: dict[str, PublishedUnit]) -> None:
    forwards = {(unit.ref, name) for unit in units.values() for name in unit.successors}
    backwards = {(name, unit.ref) for unit in units.values() for name in unit.predecessors}
    assert forwards == backwards
    assert all(after in units for _before, after in forwards)


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("26632", END_B, "Xã Bông Trang"),
        ("26632", END_B + DAY, "Xã Xuyên Mộc"),
        ("26560", END_B, "Phường Phước Trung"),
        ("26560", END_B + DAY, "Phường Bà Rịa"),
        ("26506", END_A, "Phường 1"),
        ("26506", datetime.date(2026, 12, 1), "Phường Vũng Tàu"),
        ("26551", END_A, "Phường Phước Hiệp"),
        ("26551", END_A + DAY, None),
        ("00000", END_A, None),
    ],
)
def test_a_code_with_a_day_names_one_unit(code: str, day: datetime.date, name: str | None) -> None:
    found = resolve(code, day)
    assert (found.name if found else None) == name


def test_no_code_is_ambiguous_on_any_day_of_change(units: dict[str, PublishedUnit]) -> None:
    for day in (END_A, END_A + DAY, END_B, END_B + DAY):
        codes = Counter(unit.code for unit in units.values() if unit.is_valid_on(day))
        assert max(codes.values()) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Phường Thắng Tam", "Phường Vũng Tàu"),
        ("Phường Phước Hưng", "Phường Bà Rịa"),
        ("Xã Phước Hưng", "Xã Long Hải"),
        ("Thị trấn Phước Bửu", "Xã Hồ Tràm"),
        ("Huyện Côn Đảo", "Đặc khu Côn Đảo"),
        ("Xã Long Sơn", "Xã Long Sơn"),
    ],
)
def test_an_old_name_leads_to_the_unit_of_today(old: str, new: str) -> None:
    assert [unit.name for unit in names()[fold(old)]] == [new]


def test_the_inventory_of_public_land_names_the_oldest_units(units: dict[str, PublishedUnit]) -> None:
    lines = queries.totals(registry.get("public-land"), by=["commune_name"])["commune_name"]
    assert {line["value"] for line in lines} <= {unit.name for unit in units.values() if unit.valid_to == END_A}
