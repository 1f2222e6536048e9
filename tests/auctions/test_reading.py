"""Times and declared lists of a file."""

import datetime
import json

import pytest

from landgis.catalog import registry
from landgis.ingest.values import reader


def read(name: str, value: object) -> tuple[object, str | None]:
    dataset = registry.get("auctions")
    parsed, finding = reader(dataset, dataset.field(name))(value)
    return parsed, finding.code if finding else None


UTC = datetime.UTC
EIGHT_HERE = datetime.datetime(2026, 12, 5, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "05/12/2026 08:00",
        "08:00 05/12/2026",
        "2026-12-05T08:00:00",
        "2026-12-05 08:00",
        "2026-12-05T08:00:00+07:00",
        "2026-12-05T01:00:00Z",
        datetime.datetime(2026, 12, 5, 8, 0),
        EIGHT_HERE,
    ],
)
def test_a_time_without_a_zone_is_that_of_the_clocks_here(value: object) -> None:
    assert read("opens_at", value) == (EIGHT_HERE, None)


@pytest.mark.parametrize("value", ["12/31/2026 08:00", "05/12/2026 25:00", "sáng mai", "8h"])
def test_what_is_no_time_is_an_issue(value: str) -> None:
    assert read("opens_at", value) == (None, "value-unreadable")


def test_a_list_is_read_with_its_codes_and_dates() -> None:
    text = '[{"loai": "BANDO", "ten": " Bản đồ ", "so": "", "ngay": "05/12/2026"}, {"kind": "decision"}]'
    parsed, finding = read("documents", text)
    assert finding is None
    assert json.loads(str(parsed)) == [
        {"kind": "map", "title": "Bản đồ", "number": None, "dated": "2026-12-05"},
        {"kind": "decision"},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[{",
        '{"kind": "map"}',
        '["map"]',
        '[{"kind": "nothing known"}]',
        '[{"owner": "somebody"}]',
        '[{"dated": "31/02/2026"}]',
    ],
)
def test_a_list_of_another_shape_is_an_issue(text: str) -> None:
    assert read("documents", text) == (None, "value-unreadable")


def test_no_list_is_none() -> None:
    assert read("documents", "") == (None, None)
    assert read("documents", "[]") == ("[]", None)
