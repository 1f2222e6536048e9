"""What an inspector reads over the inventory, recomputed from the downloads."""

import csv
import datetime
import io
import json
import re
from collections import Counter
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import shapely
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone
from shapely.geometry import shape

from landgis.catalog import queries, registry
from landgis.catalog.subject import PublicState
from landgis.catalog.surroundings import cover
from landgis.lib import geometry
from landgis.lib.filters import And, Equals
from landgis.publicland import report
from tests.members import some_of

pytestmark = pytest.mark.usefixtures("world")

GROUPS = (
    "commune of today",
    "commune in the documents",
    "managed by",
    "kind of manager",
    "land use",
    "current use",
    "planned handling",
)
SRID = 5899


def downloaded(client: Client, query: str = "") -> list[dict[str, str]]:
    body = b"".join(client.get(f"/en/public-land.csv{query}").streaming_content)
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def table(html: str, heading: str) -> list[list[str]]:
    """The rows of the table under a summary, the sum last."""
    found = re.search(rf"<summary>{heading}</summary>.*?<table>(.*?)</table>", html, re.DOTALL)
    assert found, heading
    rows = re.findall(r"<tr>(.*?)</tr>", found[1], re.DOTALL)[1:]
    return [
        [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in rows
    ]


def number(text: str) -> int:
    return int(text.replace(",", ""))


def square_metres(text: str) -> Decimal:
    amount, unit = text.rsplit(" ", 1)
    return Decimal(amount.replace(",", "")) * {"ha": 10_000, "m²": 1}[unit]


@pytest.mark.parametrize("label", some_of(GROUPS, every=3))
def test_totals_by_group_and_their_sum_are_those_of_the_download(client: Client, label: str) -> None:
    html = client.get("/en/public-land/").content.decode()
    rows = downloaded(client)
    column = next(heading for heading in rows[0] if heading == label)
    counts: Counter[str] = Counter(row[column] or "not stated" for row in rows)
    areas: Counter[str] = Counter()
    for row in rows:
        areas[row[column] or "not stated"] += Decimal(row["legal area (m²)"])
    *lines, total = table(html, f"By {label}")
    lines = [[line[0].removesuffix(" (former)"), *line[1:]] for line in lines]
    assert {name: number(count) for name, count, *_areas in lines} == counts
    for name, _count, area, computed in lines:
        assert square_metres(area) == pytest.approx(areas[name], abs=51)  # shown to 0.01 ha
        assert square_metres(computed) == pytest.approx(areas[name], rel=Decimal("0.01"), abs=101)
    assert number(total[1]) == len(rows) == 7571
    assert square_metres(total[2]) == pytest.approx(sum(areas.values()), abs=51)
    assert total[2] == "11,104.20 ha"


def test_leases_that_end_are_counted_by_when(client: Client) -> None:
    html = client.get("/en/public-land/").content.decode()
    today = timezone.localdate()
    ends = [datetime.date.fromisoformat(row["lease ends on"]) for row in downloaded(client) if row["lease ends on"]]
    days = [(end - today).days for end in ends]
    wanted = [
        sum(day < 0 for day in days),
        sum(0 <= day <= 90 for day in days),
        sum(90 < day <= 365 for day in days),
        sum(day > 365 for day in days),
    ]
    lines = table(html, "Leases that end")
    assert [number(line[1]) for line in lines] == wanted
    assert sum(wanted) == len(ends) > 100 and wanted[0] and wanted[1]
    links = re.findall(r'<a href="(/en/public-land/\?lease_ends_on[^"]+)"', html)
    assert len(links) == 4
    for link, count in zip(links, wanted, strict=True):
        query = unescape(link).partition("?")[2]
        assert len(downloaded(client, f"?{query}")) == count


def test_the_report_follows_the_filter_of_the_list(client: Client) -> None:
    plot = next(row for row in queries.rows(registry.get("public-land")) if row["lease_ends_on"])
    query = f"?commune_name={plot['commune_name']}"
    html = client.get(f"/en/public-land/{query}").content.decode()
    lines = table(html, "Leases that end")
    assert sum(number(line[1]) for line in lines) == sum(
        bool(row["lease ends on"]) for row in downloaded(client, query)
    )


def boundaries(client: Client, address: str) -> dict[str, Any]:
    features = json.loads(b"".join(client.get(address).streaming_content))["features"]
    return {one["id"]: geometry.from_wgs84(shape(one["geometry"]), SRID) for one in features}


def test_cover_by_another_dataset_is_that_of_the_boundaries_downloaded(client: Client) -> None:
    """Compared with planning zones, whatever the demo has of parcels: the same question, recomputed by shapely."""
    dataset, zones = registry.get("public-land"), registry.get("planning-zones")
    commune = queries.totals(dataset, by=["commune_name"])["commune_name"][0]["value"]
    plots = boundaries(client, f"/public-land.geojson?commune_name={commune}")
    tree = shapely.STRtree(list(boundaries(client, "/planning.geojson").values()))
    shares = {
        ref: min(sum(tree.geometries[place].intersection(plot).area for place in tree.query(plot)) / plot.area, 1)
        for ref, plot in plots.items()
    }
    found = cover(dataset, zones, Equals("commune_name", commune))
    assert found.rows == len(plots)
    assert found.area_m2 == pytest.approx(sum(plot.area for plot in plots.values()), rel=1e-6)
    assert found.covered_m2 == pytest.approx(sum(shares[ref] * plot.area for ref, plot in plots.items()), rel=1e-3)
    assert found.whole + found.partly + found.none == found.rows
    assert found.whole == pytest.approx(sum(share >= 0.95 for share in shares.values()), abs=2)
    assert found.none == pytest.approx(sum(share <= 0.05 for share in shares.values()), abs=2)


def test_plots_are_compared_with_parcels_on_request(client: Client) -> None:
    html = client.get("/en/public-land/").content.decode()
    assert "Compare these plots with the parcels" in html
    compared = client.get("/en/public-land/?compare=parcels&land_use=ODT").content.decode()
    lines = table(compared.replace("<tbody>", "<tr></tr>"), "Plots against parcels")
    shown = client.get("/public-land.json?land_use=ODT").json()["totals"][""][0]["count"]
    assert sum(number(line[1]) for line in lines[:3]) == shown


def test_what_would_take_too_long_says_so(client: Client) -> None:
    with connections["public"].cursor() as cursor:
        cursor.execute("SET statement_timeout = '1ms'")
        try:
            with pytest.raises(OperationalError):
                cover(registry.get("public-land"), registry.get("planning-zones"), And())
            assert report._against_parcels(And(), PublicState(), {"compare": "parcels"}) == {"is_too_much": True}
        finally:
            cursor.execute("SET statement_timeout = '5s'")
    assert client.get("/public-land/?compare=parcels").status_code == 200
