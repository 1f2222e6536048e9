"""The extract: one sheet, on which nothing counts days, with a way back to what was printed."""

import re
from typing import Any

import pytest
from django.test import Client

from landgis.catalog import queries, registry
from landgis.catalog.subject import subject_of
from landgis.pages import grid, sketch
from landgis.pages.sheets import SCALES, Sheet
from tests.pdf import read

pytestmark = pytest.mark.usefixtures("world")

COUNTS_DAYS = re.compile(r"\d+ (day|days) left|in \d+ days?|ends in|còn \d+ ngày|today, |hôm nay")


def rows(name: str) -> list[dict[str, Any]]:
    return queries.rows(registry.get(name))


def sheets(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf"), address
    return list(read(answer.content).pages)


def test_an_open_lot_fits_on_one_sheet_with_its_money_dates_and_sides(client: Client) -> None:
    lot = next(row for row in rows("auction-lots") if row["status"] == "open")
    for prefix in ("", "/en"):
        pages = sheets(client, f"{prefix}/lots/{lot['ref']}/extract.pdf")
        assert len(pages) == 1
        assert not COUNTS_DAYS.search(pages[0]), pages[0]
        figure = f"{lot['starting_price_vnd']:,}"
        assert (figure if prefix else figure.replace(",", ".")) in pages[0]
        assert lot["name"] in pages[0] and f"/lots/{lot['ref']}/" in pages[0]
        subject = subject_of(registry.get("auction-lots"), lot["ref"])
        drawn = sketch.of_area(subject) if subject else None
        assert drawn and drawn["sides"] and all(str(corner["no"]) in pages[0] for corner in drawn["corners"])


@pytest.mark.parametrize("name", ["public-land", "planning-zones", "parcels"])
def test_other_land_fits_too(client: Client, name: str) -> None:
    dataset = registry.get(name)
    refs = [row["ref"] for row in queries.rows(dataset, limit=200)]
    for ref in (refs[0], refs[-1]):
        assert len(sheets(client, f"/{dataset.path}/{ref}/extract.pdf")) == 1


def test_a_long_explanation_takes_room_from_facts_and_no_second_sheet(client: Client) -> None:
    lot = next(row for row in rows("auction-lots") if row["explanation"])
    for prefix in ("", "/en"):
        [sheet] = sheets(client, f"{prefix}/lots/{lot['ref']}/extract.pdf")
        assert lot["explanation"] in sheet and f"/lots/{lot['ref']}/" in sheet


def test_it_is_the_first_button_of_the_page(client: Client) -> None:
    lot = rows("auction-lots")[0]["ref"]
    actions = client.get(f"/lots/{lot}/").content.decode().partition('class="actions"')[2]
    assert re.search(r'href="([^"]+)"', actions)[1] == f"/lots/{lot}/extract.pdf"  # type: ignore[index]


def test_the_past_has_an_extract_of_its_own_and_what_never_was_has_none(client: Client) -> None:
    plot = rows("public-land")[0]["ref"]
    assert len(sheets(client, f"/public-land/{plot}/extract.pdf?as_of={queries.latest_number()}")) == 1
    assert client.get("/public-land/never-was/extract.pdf").status_code == 404


@pytest.mark.parametrize("scale", SCALES[:8])
def test_the_grid_has_lines_of_round_numbers_where_they_belong(scale: int) -> None:
    drawn = grid.lines(Sheet("A4-landscape", scale, 107.17, 10.5), 5899)
    assert drawn and 4 <= len(drawn["lines"]) <= 14
    for line in drawn["lines"]:
        assert re.fullmatch(r"[XY] [\d.,\s]+", line["label"])
        for point in line["points"].split():
            x, y = map(float, point.split(","))
            assert -0.01 <= x <= 217.01 and -0.01 <= y <= 172.01
