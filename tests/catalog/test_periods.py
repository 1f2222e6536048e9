"""Sizes of features that were never in effect together are no sum."""

import pytest
from django.test import Client

from landgis.catalog import queries, registry
from landgis.lib.filters import Equals

pytestmark = pytest.mark.usefixtures("world")


def test_units_of_three_periods_have_no_total(client: Client) -> None:
    units = registry.get("admin-units")
    rows = queries.rows(units)
    today = [row for row in rows if row["is_current"]]
    assert len({(row["valid_from"], row["valid_to"]) for row in rows}) > 2
    [all_of_them] = queries.totals(units)[""]
    assert (all_of_them["count"], all_of_them["area"], all_of_them["is_of_one_time"]) == (len(rows), None, False)
    [current] = queries.totals(units, Equals("is_current", True))[""]
    assert current["is_of_one_time"] and current["area"] == pytest.approx(sum(row["area_m2"] for row in today))
    by_time = {line["value"]: line for line in queries.totals(units, by=["is_current"])["is_current"]}
    assert by_time["true"]["area"] == current["area"] and by_time["false"]["area"] is None
    for prefix, words in (("", "không cộng: thuộc nhiều thời kỳ"), ("/en", "not summed: of different times")):
        assert words in client.get(f"{prefix}/places/?is_current=").content.decode()
        assert words in client.get(f"{prefix}/places/?is_current=false").content.decode()
        # A list is of today unless the reader asks for more.
        assert words not in client.get(f"{prefix}/places/").content.decode()
        assert words not in client.get(f"{prefix}/public-land/").content.decode()
    told = [client.get(f"/places.json{asked}").json()["totals"][""][0] for asked in ("", "?is_current=")]
    assert [(one["is_of_one_time"], one["area"] is None) for one in told] == [(True, False), (False, True)]
    assert client.get("/datasets/admin-units.json").json()["is_of_one_time"] is True
