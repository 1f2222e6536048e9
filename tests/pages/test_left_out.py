"""A dataset that fails at run time does not take the page of another one with it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import ProgrammingError
from django.test import Client
from structlog.testing import capture_logs

from landgis.catalog import contributions, memory, queries, registry
from landgis.catalog.dataset import Dataset, Field, Map, NumberFields, Parts, Search, Style, Theme
from landgis.changes.models import Position
from landgis.lib.filters import FilterError
from landgis.publicland.models import Plot, PlotItem
from landgis.search import actions, answers

SAID = "Broken things: cannot be shown at the moment."


def fail(*_given: Any) -> Any:
    raise RuntimeError("broken")


class Broken(Dataset):
    """Its view was never made, and its functions raise."""

    name = "broken"
    path = "broken"
    title = "Broken thing"
    title_plural = "Broken things"
    counted = "things"
    description = "A dataset that fails"
    in_force = Plot
    proposed = PlotItem
    identity = ("plot_code",)
    title_field = "plot_code"
    map = Map(style=Style(label_from=12))
    parts = Parts(home=(("pages/_left_out.html", fail),))
    theme = Theme(("plot_code",))
    search = Search(codes=("plot_code",), places=("commune_name",), units=fail)
    numbers = NumberFields("map_sheet", "parcel_nos")
    fields = (
        Field("plot_code", tile_from=12),
        Field("commune_name"),
        Field("map_sheet"),
        Field("parcel_nos"),
        Field("land_use", codes="land-use", filters=True),
    )


@pytest.fixture
def broken() -> Iterator[Dataset]:
    dataset = Broken()
    registry.register(dataset)
    memory.forget()
    try:
        yield dataset
    finally:
        registry.unregister(dataset.name)
        memory.forget()


def told(client: Client, url: str) -> tuple[str, list[dict[str, Any]]]:
    """The page, and what was logged of datasets."""
    with capture_logs() as logs:
        response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode(), [line for line in logs if line["event"] == "dataset left out"]


@pytest.mark.usefixtures("world")
def test_the_first_page_stands_without_it(client: Client, broken: Dataset) -> None:
    page, logs = told(client, "/en/")
    assert page.count(SAID) == 2  # in the place of its part and of its layer
    for dataset in registry.all_datasets():
        drawn = dataset.geometry is not None and dataset.exits.tiles and dataset is not broken
        assert (f'<span class="legend__name">{dataset.title_plural}</span>' in page) is drawn
    assert {line["dataset"] for line in logs} == {"broken"}
    assert {"legend", "part of the first page", "extent"} <= {line["what"] for line in logs}
    told(client, "/en/embed")


@pytest.mark.usefixtures("world")
def test_the_page_of_a_feature_stands_without_it(client: Client) -> None:
    ref = queries.rows(registry.get("public-land"), limit=1)[0]["ref"]
    before = client.get(f"/en/public-land/{ref}/").content.decode()
    dataset = Broken()
    registry.register(dataset)
    try:
        page, logs = told(client, f"/en/public-land/{ref}/")
    finally:
        registry.unregister(dataset.name)
    assert SAID in page and SAID not in before
    assert "surroundings" in {line["what"] for line in logs}
    for theme in (one for one in registry.all_datasets() if one.theme.fields):
        assert page.count(str(theme.title_plural)) == before.count(str(theme.title_plural))
    assert page.count("/en/public-land/") == before.count("/en/public-land/")  # its neighbours


@pytest.mark.usefixtures("world")
def test_the_page_of_all_datasets_stands_without_it(client: Client, broken: Dataset) -> None:
    page, _logs = told(client, "/en/datasets/")
    assert page.count(SAID) == 1 and "Public land" in page
    document = client.get("/datasets.json").json()
    assert document["left_out"] == ["broken"] and "broken" not in {one["name"] for one in document["datasets"]}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("ask", ["ref", "place", "numbers", "use"])
def test_search_stands_without_it(client: Client, ask: str) -> None:
    plot = queries.rows(registry.get("public-land"), limit=1)[0]
    found = queries.feature(registry.get("public-land"), plot["ref"])
    text = {
        "ref": plot["ref"],
        "place": f"{(found['south'] + found['north']) / 2:.6f}, {(found['west'] + found['east']) / 2:.6f}",
        "numbers": f"{plot['map_sheet']}/{plot['parcel_nos'].split(',')[0]}",
        "use": "ODT",
    }[ask]
    memory.forget()
    before = answers.answer(text, limit=10)
    assert before.hits
    dataset = Broken()
    registry.register(dataset)
    memory.forget()
    try:
        with capture_logs() as logs:
            after = answers.answer(text, limit=10)
    finally:
        registry.unregister(dataset.name)
        memory.forget()
    assert [hit.id for hit in after.hits] == [hit.id for hit in before.hits]
    assert "broken" in {line.get("dataset") for line in logs}


# `make test` leaves out each of those that others tell of.
TOLD_OF = ("auction-lots", "auctions", "admin-units")
NAMES = [
    pytest.param(dataset.name, marks=() if dataset.name in TOLD_OF else pytest.mark.prove)
    for dataset in registry.all_datasets()
    if not dataset.is_internal
]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("name", NAMES)
def test_no_page_of_another_needs_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Lots tell of their auction, auctions of their lots, parcels of places: each stands without the other."""
    others = [one for one in registry.all_datasets() if one.name != name and not one.is_internal]
    addresses = ["/", "/datasets/", "/search?q=12/3", "/print.pdf?view=14/10.5/107.17&scale=5000"]
    for other in others:
        row = queries.rows(other, fields=("ref",), limit=1)[0]
        addresses += [f"/{other.path}/", f"/{other.path}/{row['ref']}/", f"/{other.path}/{row['ref']}.json"]
    monkeypatch.setattr(type(registry.get(name)), "relation", property(lambda _self: "no_such_relation"))
    memory.forget()
    client = Client(raise_request_exception=False)
    answers_given = {address: client.get(address).status_code for address in addresses}
    memory.forget()
    assert {address: status for address, status in answers_given.items() if status != 200} == {}


@pytest.mark.usefixtures("world")
def test_a_page_says_that_it_lacks_a_part(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "Some parts of this page cannot be shown at the moment."
    ref = queries.rows(registry.get("auction-lots"), fields=("ref",), limit=1)[0]["ref"]
    assert said not in client.get(f"/en/lots/{ref}/").content.decode()
    monkeypatch.setattr(type(registry.get("auctions")), "relation", property(lambda _self: "no_such_relation"))
    with capture_logs() as logs:
        assert said in client.get(f"/en/lots/{ref}/").content.decode()
    assert "part left out" in {line["event"] for line in logs}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("order", ["", "?sort=dossiers_to", "?sort=-opens_at"])
def test_a_list_says_what_it_lacks_beside_its_rows(client: Client, monkeypatch: pytest.MonkeyPatch, order: str) -> None:
    """Without the days of the auctions no row is sorted by them, and the page does not say that one is."""
    said = "Some parts of this page cannot be shown at the moment."
    page = client.get(f"/en/lots/{order}").content.decode()
    assert said not in page and ("aria-sort" in page) == bool(order)
    monkeypatch.setattr(type(registry.get("auctions")), "relation", property(lambda _self: "no_such_relation"))
    memory.forget()
    page = client.get(f"/en/lots/{order}").content.decode()
    assert said in page and "aria-sort" not in page and page.count('class="rows__name"') == 50


@pytest.mark.usefixtures("world")
def test_its_own_page_says_that_it_fails(client: Client, broken: Dataset) -> None:
    with pytest.raises(ProgrammingError):
        client.get("/en/broken/")


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("view", ["12/10.5/107.17", "8/10.5/107.17"])
def test_a_picture_of_the_map_stands_without_it(client: Client, view: str) -> None:
    address = f"/pictures/still.png?view={view}&size=300x300&scene=none&lang=vi"
    caches["memory"].clear()
    before = client.get(address).content
    dataset = Broken()
    registry.register(dataset)
    try:
        caches["memory"].clear()
        with capture_logs() as logs:
            beside = client.get(address)
            again = client.get(address)
    finally:
        registry.unregister(dataset.name)
        caches["memory"].clear()
    assert beside.status_code == 200 and beside.content == before
    # What lacks a layer is not kept for those who ask later.
    assert again.content == before
    assert [line["what"] for line in logs if line["event"] == "dataset left out"] == ["picture", "picture"]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "address",
    [
        "/en/public-land/", "/public-land.json", "/public-land.csv", "/en/datasets/public-land/", "/tiles/public-land.json",
        "/styles/public-land.json", "/en/search?q=vung+tau", "/api/search?q=vung+tau", "/imagery/map.json",
        "/print.pdf?view=14/10.5/107.17&scale=5000", "/en/embed", "/readyz",
    ],
)  # fmt: skip
def test_whatever_is_asked_of_others_is_answered(client: Client, broken: Dataset, address: str) -> None:
    response = client.get(address)
    assert response.status_code in ((200, 503) if address == "/readyz" else (200,)), response.content[:300]


@pytest.mark.usefixtures("world")
def test_the_tiles_of_others_are_the_same(client: Client, broken: Dataset) -> None:
    """Each tile is one question to one dataset."""
    west, south, _east, _north = queries.extent(registry.get("public-land")) or (0, 0, 0, 0)
    zoom = 9
    x, y = int((west + 180) / 360 * 2**zoom), int((0.5 - south / 360) * 2**zoom)
    assert client.get(f"/tiles/public-land/{zoom}/{x}/{y}.mvt").content


def test_the_entries_of_others_are_kept_up(own_world: str, broken: Dataset) -> None:
    Position.objects.all().delete()
    with capture_logs() as logs:
        written = actions.follow()
    assert written["public-land"] > 0 and "broken" not in written
    assert ("broken", "search entries") in {(line.get("dataset"), line.get("what")) for line in logs}


def test_what_is_no_fault_of_a_dataset_is_raised() -> None:
    one, other = Broken(), Broken()

    def wrong(_dataset: Dataset) -> None:
        raise FilterError("q", "wrong")

    with pytest.raises(FilterError):
        contributions.each([one, other], wrong, "test")
    with pytest.raises(RuntimeError):  # all of them
        contributions.each([one, other], fail, "test")
    assert contributions.each([one], fail, "test") == ([], [one])
    assert contributions.each([], fail, "test") == ([], [])
