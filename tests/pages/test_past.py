"""A page as of a revision says what was then: in every part and fact of every dataset, in the PDF, as data."""

import datetime
import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.db import models
from django.test import Client, override_settings

from landgis.catalog import queries, registry
from landgis.catalog.dataset import Dataset
from landgis.changes import actions as changes
from landgis.changes.models import Door
from tests import databases

LATER = "Sau này"
MONTHS = datetime.timedelta(days=100)
Row = dict[str, Any]


def _auction(row: Row) -> Row:
    moved = {name: row[name] + MONTHS for name in ("opens_at", "dossiers_to", "deposit_until") if row[name]}
    return {"title": f"{LATER} {row['title']}", "status": "failed", "conditions": LATER, "contact": LATER, **moved}


def _lot(row: Row) -> Row:
    return {"name": f"{LATER} {row['name']}", "status": "won", "winning_price_vnd": 987_654_321, "deposit_vnd": 1}


# What a later revision changes in each dataset.
CHANGES: dict[str, Callable[[Row], Row]] = {
    "auctions": _auction,
    "auction-lots": _lot,
    "public-land": lambda row: {"name": f"{LATER} {row['name']}", "decision_no": LATER, "origin": None},
    "admin-units": lambda row: {"name": f"{LATER} {row['name']}"},
    "planning-zones": lambda row: {"name": f"{LATER} {row['ref']}"},
    "land-prices": lambda row: {"price_vnd_m2": row["price_vnd_m2"] + 1},
    "parcels": lambda row: {"old_commune_name": f"{LATER} {row['old_commune_name']}", "land_uses": None},
}


def _change(dataset: Dataset, refs: list[str], *, retired: str = "") -> None:
    """A change set that gives some features other values, and retires one."""
    names = [field.name for field in dataset.fields]
    shape = [dataset.geometry, "area_m2", "legal_srid"] if dataset.geometry else []
    records = []
    for number, one in enumerate(dataset.in_force.objects.filter(until_revision=None), 1):
        if one.ref == retired:
            continue
        row = {name: getattr(one, name) for name in ("ref", *names)}
        row |= CHANGES[dataset.name](row) if one.ref in refs else {}
        values = [_written(dataset, name, row[name]) for name in names]
        drawn = [getattr(one, shape[0]).hexewkb.decode(), one.area_m2, one.legal_srid] if shape else []
        records.append((number, one.ref, None, *values, *drawn))
    change_set = changes.draft(dataset, by=None, door=Door.COMMAND_LINE, is_complete=bool(retired), source=LATER)
    changes.stage(change_set, [*names, *map(str, shape)], records)
    with override_settings(CONFIRM_FEATURES=10_000):  # it changes the deposit of every lot
        changes.check(change_set)
        changes.submit(change_set, by=change_set.author)
        changes.approve(change_set, by=None)
        changes.apply(change_set, by=None)


def _written(dataset: Dataset, name: str, value: Any) -> Any:
    is_list = isinstance(dataset.model_field(name), models.JSONField)
    return json.dumps(value) if is_list and value is not None else value


def _chosen(name: str, is_wanted: Callable[[Row], Any]) -> Row:
    return next(row for row in queries.rows(registry.get(name)) if is_wanted(row))


@pytest.fixture(scope="module")
def past(
    seeded: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[int, dict[str, tuple[str, str]], list[str]]]:
    """A revision; what the addresses of all datasets answered as of it, and answer after all has changed; the refs."""
    with django_db_blocker.unblock(), databases.made(seeded) as name, databases.used(name):
        number = queries.latest_number()
        lot = _chosen("auction-lots", lambda row: row["failed_before"] and row["plot_code"])
        [earlier] = [
            row["ref"]
            for row in queries.rows(registry.get("auction-lots"))
            if row["plot_code"] == lot["plot_code"] and row["ref"] != lot["ref"]
        ]
        about = {
            "auctions": [lot["auction_code"], _chosen("auctions", lambda row: row["root_auction"])["ref"]],
            "auction-lots": [lot["ref"], earlier, _chosen("auction-lots", lambda row: row["status"] == "open")["ref"]],
            "public-land": [lot["plot_code"], _chosen("public-land", lambda row: row["lease_ends_on"])["ref"]],
            "admin-units": [_chosen("admin-units", lambda row: row["successors"])["ref"], "26560-c"],
            "planning-zones": [_chosen("planning-zones", lambda row: True)["ref"]],
            "land-prices": [_chosen("land-prices", lambda row: row["commune_name"] == lot["commune_name"])["ref"]],
            "parcels": [_chosen("parcels", lambda row: row["land_uses"] and row["old_commune_name"])["ref"]],
        }
        assert set(about) == {dataset.name for dataset in registry.all_datasets() if dataset.exits.pages}
        addresses = list(_addresses(about, lot, number))
        before = {address: _content(address) for address in addresses}
        for dataset_name, refs in about.items():
            dataset = registry.get(dataset_name)
            few = refs if dataset_name in ("public-land", "parcels") else _all_refs(dataset)
            _change(dataset, few, retired=earlier if dataset_name == "auction-lots" else "")
        yield number, {address: (before[address], _content(address)) for address in addresses}, addresses


def _all_refs(dataset: Dataset) -> list[str]:
    return [row["ref"] for row in queries.rows(dataset, fields=("ref",))]


def _addresses(about: dict[str, list[str]], lot: Row, number: int) -> Iterator[str]:
    for name, refs in about.items():
        path = f"/{registry.get(name).path}"
        for ref in refs:
            for form in ("/", ".json", ".geojson", ".pdf"):
                yield f"{path}/{ref}{form}?as_of={number}"
            yield f"/en{path}/{ref}/?as_of={number}"
        for form in ("/", ".json", ".csv"):
            yield f"{path}{form}?as_of={number}"
    commune = lot["commune_name"]
    yield f"/lots/?as_of={number}&place={commune}"
    yield f"/lots.json?as_of={number}&opens_from=2020-01-01&opens_to={datetime.date.today() + MONTHS / 2}"
    yield f"/public-land/?as_of={number}&commune_name={_old_commune()}&compare=parcels"


def _old_commune() -> str:
    return str(_chosen("public-land", lambda row: row["commune_name"])["commune_name"])


def _content(address: str) -> str:
    """What of an answer is about its features: the middle of a page, the mark of a PDF, all of data."""
    if ".pdf" in address:  # its mark is that of all that it says; so it need not be laid out
        response = Client().get(address, headers={"If-None-Match": "*"})
        assert response.status_code == 304
        return str(response["ETag"])
    response = Client().get(address)
    assert response.status_code == 200, address
    if re.fullmatch(r"(/en)?/[^/]+\.json", address.partition("?")[0]):
        return json.dumps(response.json()["rows"])  # sums of computed areas end in other digits when rows lie otherwise
    body = b"".join(response.streaming_content) if response.streaming else response.content
    page = re.search(r"<main.*</main>", body.decode(), re.DOTALL)
    if page is None:
        return body.decode()
    return page[0] if re.match(r"(/en)?/[^/]+/[^/?]+/", address) else _text(page[0])


def _text(html: str) -> str:
    """What a reader sees."""
    html = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_nothing_that_happened_later_changes_what_was(
    past: tuple[int, dict[str, tuple[str, str]], list[str]],
) -> None:
    _number, answers, _addresses = past
    changed = {address for address, (before, after) in answers.items() if before != after}
    assert not changed
    assert not {address for address, (_before, after) in answers.items() if LATER in after}


def test_all_of_it_has_changed_since(past: tuple[int, dict[str, tuple[str, str]], list[str]]) -> None:
    """Else the comparison above would prove little."""
    number, _answers, addresses = past
    for address in addresses:
        if f"?as_of={number}" not in address or not re.search(r"/[^/]+/[^/]+/\?", address.removeprefix("/en")):
            continue
        now = Client().get(address.partition("?")[0])
        assert now.status_code == 410 or LATER in now.content.decode() or "/land-prices/" in address, address


def test_days_are_counted_only_for_what_is_now(past: tuple[int, dict[str, tuple[str, str]], list[str]]) -> None:
    _number, answers, _addresses = past
    for address, (_before, page) in answers.items():
        words = unescape(re.sub(r"<[^>]+>", " ", page))
        if re.match(r"/(lots|auctions)/[^?]", address):
            assert not re.search(r"còn \d+ ngày|sau \d+ ngày|kết thúc hôm nay|hôm nay", words), address
            assert "/calendar.ics" not in page and "/feedback/" not in page


@pytest.mark.prove
def test_links_to_other_features_stay_in_the_same_state(
    past: tuple[int, dict[str, tuple[str, str]], list[str]],
) -> None:
    _number, answers, _addresses = past
    paths = "|".join(dataset.path for dataset in registry.all_datasets() if dataset.exits.pages)
    for address, (_before, page) in answers.items():
        if address.startswith("/en/") or ".json" in address or ".csv" in address or ".pdf" in address:
            continue
        own = address.partition("?")[0]
        for link in set(re.findall(rf'href="((?:/en)?/(?:{paths})/[^"/?]+/[^"]*)"', page)):
            if unescape(link) != own:  # but for the way back to the current state
                assert "as_of=" in link, (address, link)
                assert Client().get(unescape(link)).status_code == 200, (address, link)


def test_a_calendar_and_a_feed_of_the_past_are_refused(world: None, client: Client) -> None:
    lot = _chosen("auction-lots", lambda row: True)["ref"]
    for address in ("/lots/calendar.ics", f"/lots/{lot}/calendar.ics", "/lots/feed.atom"):
        assert client.get(address).status_code == 200
        assert client.get(f"{address}?as_of=1").status_code == 400, address
        assert f"{address}?as_of" not in client.get("/lots/?as_of=9").content.decode()
