"""Facts of the office that are against each other are told: on the page, with its explanation."""

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from landgis.catalog import money, queries, registry
from landgis.catalog.subject import subject_of
from landgis.pages.notices import contradictions

pytestmark = pytest.mark.usefixtures("world")


def told(dataset: str, ref: str) -> list[str]:
    subject = subject_of(registry.get(dataset), ref)
    found = contradictions(subject) if subject else None
    return [str(one.text) for one in found["found"]] if found else []


def test_one_auction_of_the_demo_is_against_its_plan_and_says_why() -> None:
    lots = queries.rows(registry.get("auction-lots"))
    with translation.override("en"):
        against = [
            lot for lot in lots if any("the plan in force has" in text for text in told("auction-lots", lot["ref"]))
        ]
    assert len(Counter(lot["auction_code"] for lot in against)) == 1
    page = Client().get(f"/en/lots/{against[0]['ref']}/").content.decode()
    head = " ".join(
        re.sub("<[^>]+>", " ", page.partition("</header>")[2].partition('class="feature-page__map"')[0]).split()
    )
    assert "It is auctioned as “Urban residential”; the plan in force has “" in head
    assert f"The office explains: {against[0]['explanation']}" in head
    other = next(lot for lot in lots if lot not in against)
    assert "contradict each other" not in Client().get(f"/en/lots/{other['ref']}/").content.decode()


def test_an_area_that_is_not_that_of_the_boundary_is_told_by_the_tolerance_of_the_report() -> None:
    subject = subject_of(registry.get("public-land"), queries.rows(registry.get("public-land"))[0]["ref"])
    assert subject
    legal = Decimal(str(round(subject.row["area_m2"], 1)))
    with translation.override("en"):
        for share, is_told in (("0", False), ("0.03", False), ("0.08", True), ("-0.08", True)):
            said = replace(subject, row={**subject.row, "area_legal_m2": legal * (1 + Decimal(share))})
            found = contradictions(said)
            assert (found is not None) is is_told, share
            assert not found or "the boundary encloses" in str(found["found"][0].text)


def test_a_price_below_the_table_is_told_with_the_way_to_its_lines() -> None:
    lines: dict[tuple[str, str], list[int]] = {}
    for line in queries.rows(registry.get("land-prices")):
        lines.setdefault((line["commune_today"], line["land_use"]), []).append(line["price_vnd_m2"])
    lots = queries.rows(registry.get("auction-lots"))
    lot = next(row for row in lots if (row["commune_name"], row["land_use"]) in lines)
    lowest = min(lines[lot["commune_name"], lot["land_use"]])
    subject = subject_of(registry.get("auction-lots"), lot["ref"])
    assert subject
    with translation.override("en"):
        for price, is_told in ((lowest, False), (lowest - 1, True)):
            found = contradictions(replace(subject, row={**subject.row, "starting_price_per_m2_vnd": price}))
            told = [one for one in found["found"] if "the land-price table begins" in str(one.text)] if found else []
            assert bool(told) is is_told, price
    [one] = told
    with translation.override("en"):
        assert one.url and money.exactly(lowest) in str(one.text)
    assert Client().get(one.url).status_code == 200
