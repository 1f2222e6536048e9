"""Coverage place by place, recomputed from the rows."""

import datetime
import re
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from landgis.catalog import queries, registry
from landgis.catalog.coverage import by_place
from landgis.catalog.published import AREA_TOLERANCE
from landgis.feedback.actions import take_in
from landgis.feedback.models import Report, ReportStatus
from tests import samples


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("name", ["public-land", "auction-lots"])
def test_every_place_is_counted_and_measured(name: str) -> None:
    dataset = registry.get(name)
    rows = queries.rows(dataset)
    lines = by_place(dataset)
    assert sum(line.rows for line in lines) == len(rows)
    asked = [field for field in dataset.stated_fields if field.in_facts and not field.only_if_given]
    for line in lines:
        own = [row for row in rows if row["commune_name"] == line.place]
        assert line.rows == len(own)
        filled = [[row[field.name] is not None for field in asked if field.applies(row)] for row in own]
        assert line.filled == pytest.approx(sum(map(sum, filled)) / sum(map(len, filled)))
        agree = sum(
            abs(row["area_m2"] - float(row["area_legal_m2"])) <= float(row["area_legal_m2"]) * AREA_TOLERANCE
            for row in own
        )
        assert line.area_agrees == pytest.approx(agree / len(own))
        # Neither was measured on a known day nor says its source one: when they were loaded is not their age.
        assert (line.oldest, line.newest, line.undated) == (None, None, line.rows)


@pytest.mark.usefixtures("world")
def test_the_age_is_that_of_the_survey(client: Client) -> None:
    parcels = registry.get("parcels")
    rows = queries.rows(parcels)
    for line in by_place(parcels):
        days = [row["surveyed_on"] for row in rows if row["commune_name"] == line.place]
        known = [day for day in days if day]
        assert (line.oldest, line.newest) == (min(known, default=None), max(known, default=None))
        assert line.undated == len(days) - len(known)
    assert max(line.oldest for line in by_place(parcels) if line.oldest).year < 2024
    for prefix, known, unknown in (("", " năm", "Chưa rõ"), ("/en", " years", "Not known")):
        assert known in table_of(client, f"{prefix}/datasets/parcels/")
        assert unknown not in table_of(client, f"{prefix}/datasets/parcels/")
        assert unknown in table_of(client, f"{prefix}/datasets/public-land/")


def table_of(client: Client, address: str) -> str:
    """The table of the coverage."""
    return client.get(address).content.decode().partition("corners__table")[2].partition("</table>")[0]


@pytest.mark.usefixtures("empty_world")
def test_without_a_survey_the_day_of_the_source_counts_and_else_none(client: Client) -> None:
    samples.applied([samples.plot(0)], source_as_of=datetime.date(2019, 5, 6))
    samples.applied([samples.plot(1)])
    lines = {line.place: (line.oldest, line.undated) for line in by_place(samples.public_land())}
    assert lines == {"Commune 0": (datetime.date(2019, 5, 6), 0), "Commune 1": (None, 1)}


@pytest.mark.usefixtures("world")
def test_places_stand_in_vietnamese_order(client: Client) -> None:
    from landgis.lib.order import order_key

    places = [line.place or "" for line in by_place(registry.get("public-land"))]
    assert len(places) > 50 and places == sorted(places, key=order_key)
    page = client.get("/datasets/public-land/").content.decode()
    assert "Mức độ đầy đủ theo địa bàn" in page
    assert len(re.findall(r'href="/public-land/\?commune_name=', page)) == len(places)


def report(ref: str) -> Any:
    return take_in(
        dataset="public-land", ref=ref, revision=1, kind="fact", text="x", contact="", language="vi", sender="192.0.2.1"
    )


@pytest.mark.usefixtures("empty_world")
def test_open_reports_are_counted_where_they_are(client: Client) -> None:
    samples.the_whole_state([samples.plot(number) for number in range(4)])  # 0 and 3 lie in the same commune
    reports = [report("P-00000"), report("P-00003"), report("P-00001"), report("P-00404")]
    Report.objects.filter(pk=reports[2].pk).update(status=ReportStatus.CORRECTED)
    counted = {line.place: (line.rows, line.measures["open_reports"]) for line in by_place(samples.public_land())}
    assert counted == {"Commune 0": (2, 2), "Commune 1": (1, 0), "Commune 2": (1, 0)}
    assert "Open error reports" in client.get("/en/datasets/public-land/").content.decode()


@pytest.mark.usefixtures("empty_world")
def test_the_rows_are_looked_at_once_a_revision() -> None:
    samples.the_whole_state([samples.plot(number) for number in range(4)])
    first = by_place(samples.public_land())
    with CaptureQueriesContext(connections["public"]) as asked:
        assert by_place(samples.public_land()) == first
    assert not any("AS oldest" in one["sql"] for one in asked.captured_queries)
    samples.the_whole_state([samples.plot(number) for number in range(3)])
    assert sum(line.rows for line in by_place(samples.public_land())) == 3


@pytest.mark.usefixtures("world")
def test_a_dataset_without_places_has_no_coverage(client: Client) -> None:
    assert by_place(registry.get("admin-units")) == []
    assert client.get("/datasets/admin-units/").status_code == 200
