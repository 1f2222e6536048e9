"""Whole columns: one notation for all their numbers and days, or a question; never a thousand times wrong in silence."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from landgis.catalog import registry
from landgis.changes.models import ChangeSet
from tests.ingest.test_load import codes, load

pytestmark = pytest.mark.usefixtures("empty_world")
SIDE = 0.001  # degrees: a square of some 12,100 m2
NUMBERS = itertools.count()
PRICES = "price_code;commune_name;land_use;price_vnd_m2"
ZONES = "zone_code;plan_name;area_legal_m2;decision_on;wkt"


def square(column: int) -> str:
    west, south = round(107.1 + column * 2 * SIDE, 4), 10.4
    corners = ((0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE), (0, 0))
    return "POLYGON((" + ",".join(f"{west + x:.4f} {south + y:.4f}" for x, y in corners) + "))"


def prices(folder: Path, *written: str) -> Path:
    number = next(NUMBERS)  # of features that are not in force yet
    lines = [PRICES, *(f"G{number}-{at};Xã Đất Đỏ;ONT;{price}" for at, price in enumerate(written))]
    return _written(folder / "prices.csv", lines)


def zones(folder: Path, *areas: str, days: tuple[str, ...] = (), shapes: bool = True, start: str = "Z") -> Path:
    days = days or ("",) * len(areas)
    lines = [ZONES if shapes else ZONES.rpartition(";")[0]]
    for at, (area, day) in enumerate(zip(areas, days, strict=True)):
        line = f"{start}{at};Quy hoạch;{area};{day}"
        lines.append(f'{line};"{square(at)}"' if shapes else line)
    return _written(folder / "zones.csv", lines)


@pytest.fixture
def one_zone(empty_world: str, tmp_path: Path) -> None:
    """So that a file of facts alone is about something."""
    load(_written(tmp_path / "base.csv", [ZONES, f'BASE;Quy hoạch;;;"{square(40)}"']), commit=True)


def _written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def read(dataset: str, field: str, path: Path, **options: Any) -> tuple[list[Any], dict[str, int]]:
    """The values of a field that a load stages, and the issues; it is committed and so kept, stopped or not."""
    report = load(path, dataset=dataset, commit=True, **options)
    items = registry.get(dataset).proposed._default_manager
    staged = items.filter(change_set=ChangeSet.objects.latest("id")).order_by("row")
    return [_plain(value) for value in staged.values_list(field, flat=True)], codes(report)


def _plain(value: Any) -> Any:
    return value if value is None else float(value) if not hasattr(value, "isoformat") else value.isoformat()


def test_whole_numbers_have_no_decimals(tmp_path: Path) -> None:
    for written, meant in (
        (["850.000", "1.250.000", "12.000.000", "850,000"], [850_000, 1_250_000, 12_000_000, 850_000]),
        (["850.000"], [850_000]),
        (["850,000", "1 250 000", "12'000'000"], [850_000, 1_250_000, 12_000_000]),
        (["850.000 đ", "850.000 đồng/m2", "0,85 triệu", "850 nghìn/m²"], [850_000] * 4),
        (["850.000 đ/ha"], [85]),
        (["1250.000", "850.000"], [1250, 850]),
    ):
        found, issues = read("land-prices", "price_vnd_m2", prices(tmp_path, *written))
        assert (found, issues) == (meant, {}), written


def test_another_unit_or_doubt_stops(tmp_path: Path) -> None:
    for written, code in (
        ("850 USD", "unit-other"),
        ("$850", "unit-other"),
        ("850 m2", "unit-other"),
        ("1.250 tỷ", "number-doubtful"),
        ("12,5", "value-unreadable"),
        ("12tr5", "value-unreadable"),
    ):
        assert read("land-prices", "price_vnd_m2", prices(tmp_path, written)) == ([None], {code: 1}), written


@pytest.mark.usefixtures("one_zone")
def test_the_values_of_a_column_tell_their_notation_together(tmp_path: Path) -> None:
    for written, meant, issues in (
        (["12.106,4", "850,5", "12.106", "1.250", "12106"], [12106.4, 850.5, 12106, 1250, 12106], {}),
        (["12,106.4", "850.5", "12,106", "1,250"], [12106.4, 850.5, 12106, 1250], {}),
        (["12.5", "12.500", "13.25"], [12.5, 12.5, 13.2], {}),
        (["1.234.567", "12,106"], [1234567, 12.1], {}),
        (["400 m2", "0,5 ha", "1.400,5", "2.000"], [400, 5000, 1400.5, 2000], {}),
        (["850,5", "850.5"], [850.5, 850.5], {"notation-both": 1}),
        (["850,5", "850.5", "1.250"], [850.5, 850.5, None], {"notation-both": 1, "notation-mixed": 1}),
        (["12.500", "13.250"], [None, None], {"number-doubtful": 2}),
        (["5 sào"], [None], {"unit-other": 1}),
    ):
        path = zones(tmp_path, *written, shapes=False)
        found, told = read("planning-zones", "area_legal_m2", path)
        assert found == meant, written
        assert {
            code: told[code] for code in told if "notation" in code or code in ("number-doubtful", "unit-other")
        } == issues


def test_boundaries_and_what_is_in_force_are_witnesses(tmp_path: Path) -> None:
    found, told = read("planning-zones", "area_legal_m2", zones(tmp_path, "12.106", "11.950"))
    assert (found, told) == ([12106, 11950], {"notation-told": 1})
    found, told = read("planning-zones", "area_legal_m2", zones(tmp_path, "12.106", "11.950", shapes=False))
    assert (found, told) == ([12106, 11950], {"notation-told": 1, "geometry-kept": 1})
    # The column says 12.1, the boundary 12,106: nobody is believed.
    found, told = read("planning-zones", "area_legal_m2", zones(tmp_path, "12.106", "12.5"))
    assert (found, told["number-doubtful"]) == ([None, 12.5], 1)


@pytest.mark.usefixtures("one_zone")
def test_what_is_said_of_a_column_holds_and_is_kept_in_the_profile(tmp_path: Path) -> None:
    path = zones(tmp_path, "12.500", "13.250", days=("01/02/2024", "02/13/2024"), shapes=False)
    said = ["area_legal_m2=point", "decision_on=month-first"]
    assert read("planning-zones", "area_legal_m2", path, notation=said, save_profile="B")[0] == [12.5, 13.2]
    found, _told = read("planning-zones", "decision_on", path, profile="B")
    assert found == ["2024-01-02", "2024-02-13"]
    assert read("planning-zones", "area_legal_m2", path, profile="B", notation=["area_legal_m2=comma"])[0] == [
        12500,
        13250,
    ]


@pytest.mark.usefixtures("one_zone")
def test_days_are_day_first_unless_the_column_shows_another_order(tmp_path: Path) -> None:
    for written, meant, issues in (
        (["05/03/2024", "13/05/2024", "2020/01/07 00:00:00"], ["2024-03-05", "2024-05-13", "2020-01-07"], {}),
        (["05/03/24", "12/05/98"], ["2024-03-05", "1998-05-12"], {"day-told": 1}),
        (["45356", "45357.5"], ["2024-03-05", "2024-03-06"], {"day-told": 1}),
        (["ngày 05 tháng 3 năm 2024", "2026-03-05T23:30Z"], ["2024-03-05", "2026-03-06"], {}),
        (["05/03/2024", "05/13/2024"], [None, None], {"day-doubtful": 1, "value-unreadable": 1}),
    ):
        path = zones(tmp_path, *["100"] * len(written), days=tuple(written), shapes=False)
        found, told = read("planning-zones", "decision_on", path)
        assert found == meant, written
        assert {code: told[code] for code in told if "day" in code or code == "value-unreadable"} == issues
