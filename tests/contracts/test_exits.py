"""Data may be read by pages of every site, errors too; a closed exit answers like an address that never was."""

from typing import Any

import pytest
from django.test import Client

from landgis.catalog import office, queries, registry
from landgis.catalog.dataset import Dataset

pytestmark = pytest.mark.usefixtures("world")

OPEN = [
    "/datasets.json", "/datasets/auction-lots.json", "/lots.json", "/lots.geojson", "/lots.csv", "/lots/feed.atom",
    "/lots/calendar.ics", "/lots/{ref}.json", "/lots/{ref}.geojson", "/tiles/auction-lots.json",
    "/styles/auction-lots.json", "/tiles/auction-lots/16/{x}/{y}.mvt", "/tiles/auction-lots/16/0/0.mvt",
    "/api/search?q=long", "/measure.json?points=107,10;107.1,10", "/imagery/", "/imagery/map.json",
]  # fmt: skip
KEPT = [address for address in OPEN if not address.endswith((".csv", ".atom", ".ics", "s.geojson", "/0/0.mvt"))]
BAD = [
    "/lots.json?as_of=x", "/lots.geojson?bbox=1", "/lots.csv?bbox=1", "/lots/feed.atom?bbox=1", "/datasets.json?as_of=x",
    "/lots/{ref}.json?as_of=x", "/lots/{ref}.geojson?as_of=x", "/tiles/auction-lots.json?bbox=1",
    "/styles/auction-lots.json?bbox=1", "/tiles/auction-lots/16/{x}/{y}.mvt?as_of=x", "/api/search?q=",
    "/measure.json?points=x", "/pictures/still.webp?view=x",
]  # fmt: skip
MISSING = [
    "/nothing.json", "/nothing.geojson", "/lots/never-was.json", "/lots/never-was.geojson", "/datasets/never-was.json",
    "/tiles/never-was.json", "/styles/never-was.json", "/tiles/auction-lots/99/0/0.mvt", "/imagery/never-was.json",
    "/api/never-was", "/lots/never-was/calendar.ics", "/pictures/outline/auction-lots/never-was.webp",
]  # fmt: skip
# What each exit of a dataset opens.
ADDRESSES = {
    "pages": ["/lots/", "/lots/{ref}/", "/lots/{ref}.json", "/lots/{ref}.pdf", "/lots/{ref}/calendar.ics",
              "/feedback/auction-lots/{ref}/"],
    "tiles": ["/tiles/auction-lots.json", "/styles/auction-lots.json", "/tiles/auction-lots/16/{x}/{y}.mvt"],
    "geojson": ["/lots.geojson", "/lots/{ref}.geojson"],
    "lists": ["/lots.json", "/lots/feed.atom", "/lots/calendar.ics", "/lots.csv"],
    "tables": ["/lots.csv", "/lots.xlsx"],
}  # fmt: skip


def lots() -> Dataset:
    return registry.get("auction-lots")


def filled(address: str) -> str:
    row = queries.rows(lots(), fields=("ref",), limit=1)[0]
    west, south, _east, _north = queries.extent(lots()) or (0, 0, 0, 0)
    x = int((west + 180) / 360 * 2**16)
    return address.replace("{ref}", row["ref"]).replace("{x}", str(x)).replace("{y}", str(2**15 - int(south * 182)))


def opens(response: Any) -> bool:
    return bool(response.headers.get("Access-Control-Allow-Origin") == "*")


@pytest.mark.parametrize("address", OPEN)
def test_other_sites_may_read_what_is_published(client: Client, address: str) -> None:
    response = client.get(filled(address))
    assert response.status_code in (200, 204), response.status_code
    assert opens(response)


@pytest.mark.parametrize("address", KEPT)
def test_what_has_not_changed_is_not_sent_again(client: Client, address: str) -> None:
    first = client.get(filled(address))
    if first.status_code == 204:
        return
    again = client.get(filled(address), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert opens(again) and again["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(("address", "status"), [*((one, 400) for one in BAD), *((one, 404) for one in MISSING)])
def test_other_sites_may_read_errors(client: Client, address: str, status: int) -> None:
    response = client.get(filled(address))
    assert response.status_code == status
    assert opens(response)
    if not address.partition("?")[0].endswith((".csv", ".atom", ".ics", ".webp")):
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == status and response.json()["title"]


def test_pages_are_not_opened_to_scripts_of_other_sites(client: Client) -> None:
    for address in ("/", "/lots/", "/nothing/", "/officer/", "/officer/1.json", "/en/officer/changes/1/ground.geojson"):
        assert not opens(client.get(address)), address


@pytest.mark.parametrize("exit_", ADDRESSES)
def test_a_closed_exit_answers_like_what_never_was(client: Client, monkeypatch: pytest.MonkeyPatch, exit_: str) -> None:
    addresses = [filled(address) for address in ADDRESSES[exit_]]
    others = {filled(one) for name, found in ADDRESSES.items() if name != exit_ for one in found} - set(addresses)
    for address in addresses:
        assert client.get(address).status_code in (200, 204), address
    said = office.read({"profile": {"vi": {"name": "x"}}, "exits": {"auction-lots": {exit_: False}}})
    monkeypatch.setattr(lots(), "exits", said.exits_of(lots()))
    for address in addresses:
        closed = client.get(address)
        never = client.get(address.replace("lots", "never-was"))
        assert (closed.status_code, never.status_code) == (404, 404), address
        assert closed.content == never.content.replace(b"never-was", b"lots"), address
    page = client.get(filled("/lots/{ref}/"))
    for address in addresses:
        assert page.status_code == 404 or address.partition("?")[0] not in page.content.decode(), address
    if exit_ not in ("pages", "lists"):
        for address in others:
            assert client.get(address).status_code in (200, 204), address


@pytest.mark.parametrize("path", ["/nothing/", "/lots/never-was/", "/lots.xlsx", "/lots/", "/lots/?as_of=x"])
def test_a_page_that_refuses_leads_to_what_it_says_in_the_other_language(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    said = office.read({"profile": {"vi": {"name": "x"}}, "exits": {"auction-lots": {"pages": False, "lists": False}}})
    monkeypatch.setattr(lots(), "exits", said.exits_of(lots()))
    for here, there in ((path, f"/en{path}"), (f"/en{path}", path)):
        page = client.get(here, headers={"Accept": "text/html"})
        assert page.status_code == 404
        assert page.context["site"]["other_language"]["url"] == there


def test_the_link_to_the_other_language_stays_on_this_site(client: Client) -> None:
    assert client.get("/en//elsewhere.test/").context["site"]["other_language"]["url"] == "/%2Felsewhere.test/"


@pytest.mark.parametrize("method", ["post", "put"])
def test_other_sites_may_read_that_a_way_of_asking_is_refused(method: str) -> None:
    client = Client(enforce_csrf_checks=True)
    for address in ("/datasets.json", "/lots.csv", "/api/search", "/tiles/auction-lots.json"):
        refused = getattr(client, method)(address)
        assert refused.status_code in (403, 405) and opens(refused), address


def test_other_sites_may_read_that_the_server_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any, **_more: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(queries, "totals", fail)
    client = Client(raise_request_exception=False)
    for address in ("/lots.json", "/lots.csv"):
        monkeypatch.setattr(queries, "listed", fail)
        monkeypatch.setattr(queries, "rows", fail)
        failed = client.get(address)
        assert failed.status_code == 500 and opens(failed), address


def test_the_map_of_a_feature_whose_geojson_is_closed_brings_its_outline(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = office.read({"profile": {"vi": {"name": "x"}}, "exits": {"auction-lots": {"geojson": False}}})
    monkeypatch.setattr(lots(), "exits", said.exits_of(lots()))
    assert client.get(filled("/lots/{ref}/")).context["map_config"]["select"]["geojson"]["geometry"]["coordinates"]
