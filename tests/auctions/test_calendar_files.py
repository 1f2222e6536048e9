"""Dates of auctions in the reader's own calendar, and lots by place and day."""

import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar, Event

from landgis.auctions import moments
from landgis.catalog import queries, registry
from landgis.catalog.subject import PublicState
from landgis.operations.ownership import as_owner

pytestmark = pytest.mark.usefixtures("world")


def all_of(name: str) -> list[dict[str, Any]]:
    return queries.rows(registry.get(name))


def events(client: Client, address: str) -> list[Event]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def open_lot() -> tuple[dict[str, Any], dict[str, Any]]:
    auction = next(one for one in all_of("auctions") if one["status"] == "selling-dossiers")
    return next(one for one in all_of("auction-lots") if one["auction_code"] == auction["ref"]), auction


def test_a_lot_reminds_of_every_deadline_to_come(client: Client) -> None:
    """Under ids of its own, so that two lots of one auction are two entries of a reader's calendar; each says where."""
    lot, auction = open_lot()
    found = {str(event["uid"]).split("@")[0]: event for event in events(client, f"/lots/{lot['ref']}/calendar.ics")}
    session = found[f"{lot['ref']}-opens_at"]
    assert session["dtstart"].dt == auction["opens_at"]
    assert str(session["location"]) == auction["venue"]
    assert lot["name"] in str(session["summary"])
    dossiers = found[f"{lot['ref']}-dossiers_to"]
    assert dossiers["dtend"].dt == auction["dossiers_to"]
    assert str(dossiers["summary"]).startswith("Hết hạn nộp hồ sơ")
    assert str(dossiers["location"]) == auction["auctioneer"]
    assert [alarm["trigger"].dt for alarm in dossiers.walk("VALARM")] == [datetime.timedelta(days=-1)]
    assert f"{lot['ref']}-posted_on" not in found  # that is over
    viewing = next(one for one in moments.of_lots([lot], PublicState()) if one.key == f"{lot['ref']}-viewing_from")
    assert (viewing.begin, viewing.end, viewing.place) == (
        auction["viewing_from"],
        auction["viewing_to"],
        lot["address"],
    )
    assert not viewing.is_deadline
    assert str(session["url"]).endswith(f"/lots/{lot['ref']}/")


def test_a_step_whose_end_nobody_gave_stands_at_its_beginning() -> None:
    _lot, auction = open_lot()
    found = {moment.key: moment for moment in moments.of_auctions([auction | {"dossiers_to": None}], PublicState())}
    dossiers = found[f"{auction['ref']}-dossiers_from"]
    assert dossiers.begin == dossiers.end == auction["dossiers_from"]
    assert not dossiers.is_deadline
    assert f"{auction['ref']}-dossiers_to" not in found


def test_the_file_is_the_same_until_the_data_change(client: Client) -> None:
    lot, _auction = open_lot()
    first, second = (client.get(f"/lots/{lot['ref']}/calendar.ics").content for _ in range(2))
    assert first == second


def test_a_list_s_calendar_has_each_auction_once(client: Client) -> None:
    keys = [str(event["uid"]) for event in events(client, "/lots/calendar.ics")]
    assert len(keys) == len(set(keys))
    sessions = [key for key in keys if "-opens_at@" in key]
    assert len(sessions) == sum(one["opens_at"] is not None for one in all_of("auctions"))
    assert len(events(client, "/auctions/calendar.ics")) == len(keys)
    only = events(client, "/auctions/calendar.ics?status=selling-dossiers")
    assert 0 < len(only) < len(keys)


def test_what_has_no_dates_has_no_calendar(client: Client) -> None:
    assert client.get("/public-land/calendar.ics").status_code == 404
    assert client.get("/lots/never-was/calendar.ics").status_code == 404


def test_the_button_is_there_only_while_something_is_to_come(client: Client) -> None:
    lot, _auction = open_lot()
    assert f'href="/lots/{lot["ref"]}/calendar.ics"' in client.get(f"/lots/{lot['ref']}/").content.decode()
    sold = next(one for one in all_of("auction-lots") if one["status"] == "won")
    assert "calendar.ics" not in client.get(f"/lots/{sold['ref']}/").content.decode()


def test_the_feed_begins_with_what_changed_last(client: Client) -> None:
    response = client.get("/auctions/feed.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    text = response.content.decode()
    for auction in all_of("auctions"):
        assert f"/auctions/{auction['ref']}/" in text
    assert text.count("<entry>") == 12
    assert 'xml:lang="vi"' in text


def test_a_title_with_line_breaks_and_worse_breaks_no_file(own_world: str, client: Client) -> None:
    bad = "Khu đất\r\nA\x0b <img src=x onerror=alert(1)>"
    lot, auction = open_lot()
    with as_owner():
        registry.get("auctions").in_force.objects.filter(ref=auction["ref"]).update(title=bad, venue=bad)
        registry.get("auction-lots").in_force.objects.filter(ref=lot["ref"]).update(name=bad, address=bad)
    for address in (
        f"/lots/{lot['ref']}/calendar.ics",
        f"/auctions/{auction['ref']}/calendar.ics",
        "/lots/calendar.ics",
    ):
        assert any("Khu đất\nA <img" in str(event["summary"]) for event in events(client, address)), address
    for address in ("/lots/feed.atom", "/auctions/feed.atom"):
        response = client.get(address)
        assert response.status_code == 200
        feed = ElementTree.fromstring(response.content)
        summaries = [one.text or "" for one in feed.iter("{http://www.w3.org/2005/Atom}summary")]
        assert summaries and not any("<" in text for text in summaries)  # programs that read feeds take it for HTML


def refs(client: Client, query: str) -> set[str]:
    return {row["ref"] for row in client.get(f"/lots.json?{query}").json()["rows"]}


def test_lots_are_found_by_a_place_s_name_of_today_and_by_a_former_one(client: Client) -> None:
    lots = all_of("auction-lots")
    lot = next(one for one in lots if one["old_commune_name"] != one["commune_name"])
    now = {one["ref"] for one in lots if one["commune_name"] == lot["commune_name"]}
    before = {one["ref"] for one in lots if one["old_commune_name"] == lot["old_commune_name"]}
    assert refs(client, f"place={lot['commune_name']}") == now
    assert refs(client, f"place={lot['old_commune_name']}") == before
    bare = lot["commune_name"].removeprefix("Phường ").removeprefix("Xã ")
    assert refs(client, f"place={bare.lower()}") == now
    # An empty list would say that nothing is on offer there.
    assert client.get("/lots.json?place=nowhere").status_code == 400


def test_public_land_is_found_by_today_s_name_of_its_place(client: Client) -> None:
    """The inventory names the communes of before."""
    lot = all_of("auction-lots")[0]
    plot = next(row for row in queries.rows(registry.get("public-land")) if row["ref"] == lot["plot_code"])
    assert plot["commune_name"] != lot["commune_name"]
    found = client.get(f"/public-land.json?place={lot['commune_name']}").json()
    communes = {line["value"] for line in found["totals"]["commune_name"]}
    assert plot["commune_name"] in communes and len(communes) > 1


def test_lots_are_found_by_the_day_of_their_auction(client: Client) -> None:
    auctions = sorted((one for one in all_of("auctions") if one["opens_at"]), key=lambda one: one["opens_at"])
    chosen = auctions[4]
    day = timezone.localdate(chosen["opens_at"])
    there = {one["ref"] for one in auctions if timezone.localdate(one["opens_at"]) == day}
    wanted = {one["ref"] for one in all_of("auction-lots") if one["auction_code"] in there}
    assert refs(client, f"opens_from={day}&opens_to={day}") == wanted
    assert client.get("/lots/?opens_from=soon").status_code == 400


def test_the_map_draws_the_rows_of_the_list(client: Client) -> None:
    """The tiles take the same filters."""
    bounds = client.get("/tiles/auction-lots.json").json()["bounds"]
    narrowed = client.get("/tiles/auction-lots.json?place=Vũng Tàu").json()["bounds"]
    assert narrowed != bounds
