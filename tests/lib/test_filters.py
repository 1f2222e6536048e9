"""The tree of filters from the texts of an address, and as SQL: without Django."""

import datetime
import subprocess
import sys
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from landgis import env
from landgis.lib.conditions import to_sql
from landgis.lib.filters import (
    ALL,
    And,
    AtLeast,
    AtMost,
    Equals,
    FilterColumn,
    FilterError,
    OneOf,
    Or,
    Within,
    read,
    read_box,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
COLUMNS = (
    FilterColumn("use", "text", is_range=False, codes=("ODT", "CLN"), default="ODT"),
    FilterColumn("name", "text", is_range=False),
    FilterColumn("is_corner", "boolean", is_range=False),
    FilterColumn("area", "number", is_range=True),
    FilterColumn("ends_on", "date", is_range=True),
    FilterColumn("opens_at", "datetime", is_range=True),
)


def test_the_library_of_filters_loads_no_django() -> None:
    program = "import sys; sys.modules['django'] = None\nimport landgis.lib.filters, landgis.lib.conditions"
    subprocess.run([sys.executable, "-c", program], cwd=env.BASE_DIR, check=True)


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ({}, [Equals("use", "ODT")]),
        ({"use": ""}, []),
        ({"use": "CLN", "name": " Bà Rịa ", "page": "2"}, [Equals("use", "CLN"), Equals("name", "Bà Rịa")]),
        ({"use": "", "is_corner": "false"}, [Equals("is_corner", False)]),
        ({"use": "", "area_min": "1200.5", "area": "3"}, [AtLeast("area", Decimal("1200.5"))]),
        ({"use": "", "ends_on_max": "2026-12-31"}, [AtMost("ends_on", datetime.date(2026, 12, 31))]),
        (
            {"use": "", "opens_at_min": "2026-01-01", "opens_at_max": "2026-01-01"},
            [
                AtLeast("opens_at", datetime.datetime(2026, 1, 1, tzinfo=ZONE)),
                AtMost("opens_at", datetime.datetime(2026, 1, 1, 23, 59, 59, 999999, tzinfo=ZONE)),
            ],
        ),
        (
            {"use": "", "opens_at_min": "2026-01-01T08:00Z"},
            [AtLeast("opens_at", datetime.datetime(2026, 1, 1, 8, tzinfo=datetime.UTC))],
        ),
    ],
    ids=str,
)
def test_texts_are_read(query: dict[str, str], meant: list[object]) -> None:
    assert list(read(COLUMNS, query, ZONE)) == meant


@pytest.mark.parametrize("text", ["10.000", "10,000", "1.250.000,5", "1 ha", "1200,5", "2 billion", "+ 5"])
def test_addresses_have_numbers_with_one_reading(text: str) -> None:
    """Pages write 10.000 m², a program means ten by it: the one who asks says which. Pages read more (`written`)."""
    column = FilterColumn("area", "number", is_range=True, unit="m2", decimals=1)
    with pytest.raises(FilterError) as caught:
        list(read([column], {"area_min": text}, ZONE))
    assert caught.value.near == (("10", "10000") if text.startswith("10") else ())
    assert list(read([column], {"area_min": "1.2e3"}, ZONE)) == [AtLeast("area", Decimal(1200))]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"use": "XYZ"}, "use"),
        ({"name": "a\x00b"}, "name"),
        ({"is_corner": "maybe"}, "is_corner"),
        ({"area_min": "much"}, "area_min"),
        ({"area_max": "NaN"}, "area_max"),
        ({"area_max": "1e18"}, "area_max"),
        ({"ends_on_min": "2026-02-30"}, "ends_on_min"),
        ({"ends_on_min": "01/12/2026"}, "ends_on_min"),
        ({"opens_at_max": "yesterday"}, "opens_at_max"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_named(query: dict[str, str], parameter: str) -> None:
    with pytest.raises(FilterError) as caught:
        list(read(COLUMNS, query, ZONE))
    assert caught.value.parameter == parameter
    assert "%" not in str(caught.value)


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "2,1,1,2", "0,0,181,1", "nan,nan,nan,nan"])
def test_a_box_is_four_numbers_in_their_order(text: str) -> None:
    assert list(read_box({"bbox": "107,10,107.5,10.5"})) == [Within(107, 10, 107.5, 10.5)]
    assert not list(read_box({}))
    with pytest.raises(FilterError):
        list(read_box({"bbox": text}))


def test_the_tree_as_sql() -> None:
    where = And((Equals("name", "x"), Or((AtLeast("area", 1), OneOf("use", ("ODT", "CLN"))))))
    condition, bound = to_sql(where, {"name", "area", "use"}, "boundary")
    assert condition.as_string(None) == '("name" = %s AND ("area" >= %s OR "use" = ANY(%s)))'
    assert bound == ["x", 1, ["ODT", "CLN"]]
    assert [to_sql(one, (), "")[0].as_string(None) for one in (ALL, Or())] == ["(true)", "(false)"]
    with pytest.raises(FilterError, match="no filter"):
        to_sql(where, {"name", "use"}, "boundary")
