"""A column that is a thousand times off although no value of it is in doubt is stopped, and one answer settles it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.utils import translation

from landgis.catalog import registry
from landgis.ingest.questions import notation_text
from tests.ingest.test_load import codes, load, write, zone

pytestmark = pytest.mark.usefixtures("empty_world")
CODE = "magnitude-doubtful"


def zones(path: Path, *areas: float, bring: bool = True, **more: Any) -> Path:
    """Squares of about 12,106 m2 with these areas on paper; without boundaries as a CSV."""
    if bring:
        return write(path, *(zone(f"Z-{n}", n, area_legal_m2=area, **more) for n, area in enumerate(areas)))
    rows = [f"Z-{n};{area}" for n, area in enumerate(areas)]
    path.write_text("\n".join(["zone_code;area_legal_m2", *rows]), encoding="utf-8")
    return path


def areas() -> list[Decimal]:
    rows = registry.get("planning-zones").in_force._default_manager.filter(until_revision=None)
    return list(rows.order_by("ref").values_list("area_legal_m2", flat=True))


def test_the_boundaries_tell(tmp_path: Path) -> None:
    path = zones(tmp_path / "a.geojson", 12_106_400, 12_200_000, 12_106_400)
    report = load(path, commit=True)
    assert (report["status"], codes(report)[CODE]) == (1, 1)
    [told] = [group["examples"][0] for group in report["issues"] if group["code"] == CODE]
    assert "12106400" in told["message"] and "1,000 times" in told["message"]
    assert "times:0.001" in told["remedy"]
    [question] = report["understood"]["questions"]
    assert [one["name"] for one in question["choices"]] == ["times:0.001", "as-written"]
    report = load(path, notation=["area_legal_m2=times:0.001"], commit=True)
    assert (report["status"], CODE in codes(report)) == (0, False)
    assert areas() == [Decimal("12106.4"), Decimal("12200.0"), Decimal("12106.4")]


def test_what_is_right_as_it_is_written_can_be_said(tmp_path: Path) -> None:
    path = zones(tmp_path / "a.geojson", 12.1, 12.2)
    assert codes(load(path))[CODE] == 1
    report = load(path, notation=["area_legal_m2=as-written"], commit=True)
    assert (report["status"], areas()) == (0, [Decimal("12.1"), Decimal("12.2")])


def test_what_is_in_force_for_the_same_features_tells(tmp_path: Path) -> None:
    load(zones(tmp_path / "a.geojson", 12_000, 12_100, 12_200), commit=True)
    report = load(zones(tmp_path / "b.csv", 12, 12.1, 12.2, bring=False))
    assert (report["status"], codes(report)[CODE]) == (1, 1)
    assert codes(load(zones(tmp_path / "c.csv", 11_000, 13_000, 12_200, bring=False))) == {"geometry-kept": 1}


def prices(path: Path, code: str, *amounts: int) -> Path:
    rows = [f"{code}-{n};Lê Lợi;Phường 1;ODT;1;{amount};2026-01-01" for n, amount in enumerate(amounts)]
    heading = "price_code;street;commune_name;land_use;position;price_vnd_m2;valid_from"
    path.write_text("\n".join([heading, *rows]), encoding="utf-8")
    return path


def test_prices_in_force_of_others_tell(tmp_path: Path) -> None:
    first = prices(tmp_path / "a.csv", "G", *range(1_000_000, 6_000_000, 200_000))
    assert load(first, dataset="land-prices", commit=True)["status"] == 0
    report = load(prices(tmp_path / "b.csv", "H", 1_250, 2_500, 5_000), dataset="land-prices")
    assert (report["status"], codes(report)[CODE]) == (1, 1)
    dear = prices(tmp_path / "c.csv", "H", 12_000_000, 7_500_000, 900_000)
    assert CODE not in codes(load(dear, dataset="land-prices"))


def test_one_value_among_many_is_no_column(tmp_path: Path) -> None:
    report = load(zones(tmp_path / "a.geojson", 12_106, 12_106, 12.1, 12_106))
    assert codes(report) == {"value-leaps": 1}
    assert "12.1, where 12,1" in report["issues"][0]["examples"][0]["message"]
    load(zones(tmp_path / "b.geojson", 12_106, 12_106, 12_106, 12_106), commit=True)
    report = load(zones(tmp_path / "c.csv", 12_106, 12_000, 12.1, 12_106, bring=False))
    assert codes(report) == {"geometry-kept": 1, "value-leaps": 1}


def test_a_column_in_doubt_over_marks_and_size_is_asked_once(tmp_path: Path) -> None:
    """Each choice says both, and none of them leads to a second question of the same name."""
    path = zones(tmp_path / "a.geojson", "12.106", "12.5", "11.95", "12.25", "12.75")  # type: ignore[arg-type]
    [question] = load(path)["understood"]["questions"]
    assert question["code"] == "notation"
    offered = [f"{way},{size}" for way in ("point", "comma") for size in ("times:1000", "as-written")]
    assert [one["name"] for one in question["choices"]] == offered
    for one, read in (("point,times:1000", "12106.0"), ("point,as-written", "12.1")):
        report = load(path, notation=[f"area_legal_m2={one}"], commit=True)
        assert (report["status"], report["understood"]["questions"]) == (0, [])
        assert areas()[0] == Decimal(read)


def test_of_a_column_of_which_the_mark_is_said_the_size_is_asked_with_it(tmp_path: Path) -> None:
    path = zones(tmp_path / "a.geojson", "12.106", "12.200")  # type: ignore[arg-type]
    report = load(path, notation=["area_legal_m2=point"])
    [question] = report["understood"]["questions"]
    assert [one["name"] for one in question["choices"]] == ["point,times:1000", "point,as-written"]
    assert "=times:1000,point”" in report["issues"][0]["examples"][0]["remedy"]
    with translation.override("en"):
        told = notation_text("point,times:1000")
    assert told == "1,234.5: a point before the decimals. Each number is multiplied by 1,000."
    assert load(path, notation=["area_legal_m2=times:1000,point"])["status"] == 0


@pytest.mark.parametrize("said", ["times:3", "comma,point", "day-first,as-written", "comma,", "x"])
def test_what_cannot_be_said_of_a_column_is_refused_with_what_can(tmp_path: Path, said: str) -> None:
    with pytest.raises(CommandError, match=r"COLUMN=times:0\.001.*COLUMN=as-written"):
        load(zones(tmp_path / "a.geojson", 12_106), notation=[f"area_legal_m2={said}"])
