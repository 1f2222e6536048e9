"""The first page filters as the lists do: map, legend and list always show the same rows."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from landgis.catalog import office, queries, registry
from landgis.catalog.filters import from_query, parameters
from landgis.pages.texts import count_text

pytestmark = pytest.mark.usefixtures("world")


def page(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


def entry(html: str, path: str) -> tuple[str, str]:
    """The number of rows and the address of the list in the legend's entry of a dataset."""
    for part in html.split('class="legend__item"')[1:]:
        link = re.search(rf'class="legend__list" href="(/{path}/[^"]*)"', part)
        if link:
            number = re.search(r"<strong>([^<]*)</strong>", part)
            return number[1], link[1].replace("&amp;", "&")
    raise AssertionError(path)


@pytest.mark.parametrize(
    "query", ["", "land_use=ODT", "status=open", "area_legal_m2_min=500", "land_use=ODT&status=open"]
)
@pytest.mark.parametrize("name", ["public-land", "auction-lots"])
def test_legend_list_and_map_have_the_same_rows(query: str, name: str) -> None:
    dataset = registry.get(name)
    html = page(f"/?{query}")
    number, address = entry(html, dataset.path)
    asked = dict(part.split("=") for part in query.split("&") if part)
    assert number == count_text(queries.count(dataset, from_query(dataset, asked)))
    assert f">{number} " in page(address) or f"<dd>{number}</dd>" in page(address)
    layers = json.loads(re.search(r'id="map-config"[^>]*>(.*?)</script>', html)[1])["layers"]
    tiles = next(layer["tilejson"] for layer in layers if layer["name"] == name)
    known = {one.name for one in parameters(dataset)}
    # What another dataset is filtered by is not asked of this one's tiles, which know no such parameter.
    assert all((part in tiles) == (part.partition("=")[0] in known) for part in query.split("&") if part)
    assert Client().get(tiles).status_code == 200


def test_several_colours_can_be_chosen_and_each_is_taken_back_alone() -> None:
    html = page("/?status=open")
    more = re.search(r'<a href="([^"]*status=won[^"]*)"', html)[1].replace("&amp;", "&")
    assert more == "/?status=open&status=won"
    both, dataset = page(more), registry.get("auction-lots")
    rows = queries.count(dataset, from_query(dataset, {"status": ["open", "won"]}))
    number, address = entry(both, "lots")
    assert number == count_text(rows) and address == "/lots/?status=open&status=won"
    legend = both.partition('class="legend"')[2].partition('id="map"')[0]
    assert re.findall(r'<a href="([^"]*)"[^>]* aria-current="true">', legend) == ["/?status=won", "/?status=open"]
    assert both.count('class="chip"') == 2
    shown = page(address)
    assert f">{number} " in shown and shown.count('class="chip"') == 2
    # The form holds both, and offers a third.
    assert '<option value="open" selected>' in shown or '<option value="won" selected>' in shown
    shown = shown.partition('class="filters__form"')[2]
    assert shown.count('name="status"') == 3 and len(re.findall(r'<input type="checkbox" name="status"', shown)) == 1


def test_a_colour_chosen_twice_is_no_filter() -> None:
    html = page("/?status=open&land_use=ODT")
    back = re.search(r'<a href="([^"]*)"[^>]* aria-current="true">', html)[1]
    assert back == "/?land_use=ODT"
    assert html.count('class="chip"') == 2


def test_what_is_no_filter_is_left_alone() -> None:
    html = page("/?scene=none&off=planning-zones&utm_source=x&compare=none")
    assert 'class="chip"' not in html
    assert "utm_source" not in re.search(r'id="map-config"[^>]*>(.*?)</script>', html, re.DOTALL)[1]


def test_a_filter_that_cannot_be_understood_is_named() -> None:
    response = Client().get("/?area_legal_m2_min=x")
    assert response.status_code == 400
    assert b"area_legal_m2_min" in response.content


def test_the_map_begins_with_the_feature_that_its_address_names() -> None:
    dataset = registry.get("auction-lots")
    ref = queries.rows(dataset, limit=1)[0]["ref"]
    lot = queries.feature(dataset, ref)
    html = page(f"/?feature=auction-lots/{ref}")
    goal = json.loads(re.search(r'id="map-config"[^>]*>(.*?)</script>', html)[1])["focus"]
    assert goal["title"] == lot["name"] and (goal["lon"], goal["lat"]) == (lot["lon"], lot["lat"])
    assert goal["bbox"] == [lot["west"], lot["south"], lot["east"], lot["north"]]
    assert f'href="/?feature=auction-lots/{ref}"' in page(f"/lots/{ref}/")


def test_what_is_not_published_is_said_and_nothing_of_it() -> None:
    html = page("/en/?feature=auction-lots/NO-SUCH-LOT")
    assert '<a href="/en/lots/NO-SUCH-LOT/">See what became of it</a>' in html
    assert '"focus"' not in html
    refused = Client().get("/?feature=lots/X")
    assert refused.status_code == 400 and "auction-lots" in refused.content.decode()


def map_of(address: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(re.search(r'id="map-config"[^>]*>(.*?)</script>', page(address))[1])
    return told


def test_a_far_part_never_makes_the_map_of_a_list_one_of_sea() -> None:
    west, south, east, north = office.current().insets[0].bounds
    both, far = map_of("/public-land/?area_legal_m2_min=1"), map_of(f"/public-land/?bbox={west},{south},{east},{north}")
    assert both["bounds"][1] > north and [one["name"] for one in both["insets"]] == ["Côn Đảo"]
    assert far["bounds"][3] <= north and far["insets"] == []
    near = map_of(f"/public-land/?bbox={west},{north},{east + 1},{north + 2}")
    assert near["bounds"][1] > north and near["insets"] == []


def test_the_map_says_what_the_filters_leave_out() -> None:
    lots, plots = registry.get("auction-lots"), registry.get("public-land")
    asked = {"land_use": "ODT"}
    counts = [
        (queries.count(one, from_query(one, asked)), queries.count(one, from_query(one, {}))) for one in (lots, plots)
    ]
    wanted = [f"{count_text(some)} trong {count_text(everything)}" for some, everything in counts]
    html = page("/?land_use=ODT")
    said = re.search(r'data-fresh="said">([^<]*)<', html)[1]
    assert said.startswith(f"{wanted[0]} lô đất · {wanted[1]} khu đất")
    assert re.search(r'data-fresh="said">([^<]*)<', page("/"))[1] == ""


def test_the_map_knows_whether_its_filters_leave_out_what_it_begins_with() -> None:
    lots = registry.get("auction-lots")
    ref = queries.rows(lots, from_query(lots, {"status": "won"}), limit=1)[0]["ref"]
    assert "is_left_out" not in map_of(f"/?feature=auction-lots/{ref}&status=won&status=open")["focus"]
    assert map_of(f"/?feature=auction-lots/{ref}&status=open")["focus"]["is_left_out"] is True


def test_the_short_legend_is_that_of_the_layer_that_says_its_numbers() -> None:
    def shown(address: str) -> list[str]:
        return re.findall(r'data-key="([^"]*)"(?! hidden)', page(address))

    assert shown("/") == ["auction-lots"]
    assert shown("/?lead=parcels") == ["parcels"]
    assert shown("/?off=auction-lots") == ["parcels"]
    key = page("/").partition('data-key="auction-lots"')[2].partition("</details>")[0]
    assert 1 < key.count("<li>") <= 5 and "“từ”" in key
