"""Reading values as the type a field declares: never month first, never a silent guess."""

import datetime
from decimal import Decimal

import pytest

from landgis.catalog import registry
from landgis.changes import issues
from landgis.ingest.values import reader


def read(name: str, value: object) -> tuple[object, str | None]:
    dataset = registry.get("public-land")
    parsed, finding = reader(dataset, dataset.field(name))(value)
    return parsed, finding.code if finding else None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1250.5", "1250.5"),
        ("1250,5", "1250.5"),
        ("1.234.567,8", "1234567.8"),
        ("1,234,567.8", "1234567.8"),
        ("1 234 567,8", "1234567.8"),
        ("1.234.567", "1234567.0"),
        (1250.5, "1250.5"),
        (12, "12.0"),
    ],
)
def test_numbers_are_read_in_both_ways_of_writing(text: object, number: str) -> None:
    assert read("area_legal_m2", text) == (Decimal(number), None)


@pytest.mark.parametrize("text", ["abc", "NaN", "1e400", "inf", "12-5", "1e30"])
def test_what_is_no_number_is_an_issue(text: str) -> None:
    assert read("area_legal_m2", text) == (None, "value-unreadable")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/05/2025", datetime.date(2025, 5, 12)),
        ("1/2/2025", datetime.date(2025, 2, 1)),
        ("31.12.2024", datetime.date(2024, 12, 31)),
        ("2025-05-12", datetime.date(2025, 5, 12)),
        ("2025-05-12T00:00:00", datetime.date(2025, 5, 12)),
        (datetime.datetime(2025, 5, 12, 23, 59), datetime.date(2025, 5, 12)),
    ],
)
def test_dates_are_day_first_or_iso(text: object, day: datetime.date) -> None:
    assert read("decision_on", text) == (day, None)


@pytest.mark.parametrize(
    "text",
    [
        *("05/13/2025", "31/02/2025", "29/02/2023", "2025", "hôm qua"),
        # What programs write for no day, and a year of the Buddhist era.
        *("0001-01-01", "01/01/0001 00:00:00", "0000-00-00", "1899-12-30", "9999-12-31", "05/03/2567"),
    ],
)
def test_what_is_no_date_is_an_issue(text: str) -> None:
    assert read("decision_on", text) == (None, "value-unreadable")


@pytest.mark.parametrize("text", ["vacant", "TRONG", "trong", "Vacant, not in use", "VACANT, NOT IN USE"])
def test_a_code_is_read_from_code_crosswalk_or_label(text: str) -> None:
    assert read("current_use", text) == ("vacant", None)


def test_an_unknown_code_is_an_issue_that_names_the_list() -> None:
    dataset = registry.get("public-land")
    _parsed, finding = reader(dataset, dataset.field("current_use"))("occupied")
    assert finding is not None
    assert finding.code == "code-unknown"
    assert "vacant" in issues.text(dataset, finding.code, finding.field, finding.params)[1]


def test_text_is_composed_trimmed_and_bounded() -> None:
    assert read("name", "  Đất Đỏ  ".replace("ấ", "a\u0302\u0301")) == ("Đất Đỏ", None)
    assert read("name", "x" * 201) == (None, "value-too-long")
    assert read("name", "   ") == (None, None)


def test_an_identity_read_as_a_number_keeps_its_digits() -> None:
    assert read("commune_code", 26506.0) == ("26506", None)


@pytest.mark.parametrize(("value", "flag"), [("có", True), ("không", False), (1, True), (0.0, False), (True, True)])
def test_yes_and_no_are_read_in_both_languages(value: object, flag: bool) -> None:
    assert read("is_public", value) == (flag, None)
