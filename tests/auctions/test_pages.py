"""The pages of auctions and lots, on the demo's twelve auctions."""

import json
import re
from collections import Counter
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connections
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from landgis.auctions.models import Lot
from landgis.catalog import coverage, office, queries, registry
from landgis.catalog.filters import from_query
from landgis.places.naming import kind_as_spoken

pytestmark = pytest.mark.usefixtures("world")

QUERIES = 12  # a lot also asks for its auctions, other lots, place, plot, prices, surroundings, images, reports
SECRETS = ("bidder_count", "note")


def all_of(name: str) -> list[dict[str, Any]]:
    return queries.rows(registry.get(name))


def main(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]


def text(html: str) -> str:
    html = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def headline(client: Client, address: str) -> str:
    return text(re.search(r'<p class="headline">.*?</p>', main(client, address), re.DOTALL)[0]).strip()


def test_twelve_auctions_with_about_120_lots() -> None:
    auctions, lots = all_of("auctions"), all_of("auction-lots")
    assert len(auctions) == 12
    assert 110 <= len(lots) <= 130
    assert len({auction["reported_status"] for auction in auctions}) >= 10
    assert {auction["stream"] for auction in auctions} == {"residential", "project"}
    assert Counter(lot["auction_code"] for lot in lots) == {one["ref"]: one["lot_count"] for one in auctions}


def test_the_totals_of_the_auctions_are_those_of_their_lots() -> None:
    sums: Counter[str] = Counter()
    for lot in all_of("auction-lots"):
        sums[lot["auction_code"]] += lot["starting_price_vnd"]
    assert sums == {one["ref"]: one["starting_total_vnd"] for one in all_of("auctions")}


def test_every_lot_lies_on_a_published_plot_in_a_place_of_today() -> None:
    plots = {row["ref"] for row in queries.rows(registry.get("public-land"), fields=["ref"])}
    places = {row["code"]: row["name"] for row in queries.rows(registry.get("admin-units")) if row["is_current"]}
    for lot in all_of("auction-lots"):
        assert lot["plot_code"] in plots
        assert places[lot["commune_code"]] == lot["commune_name"]


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


def test_the_headline_of_a_lot_says_what_a_bidder_looks_for(client: Client) -> None:
    auction = next(one for one in all_of("auctions") if one["status"] == "selling-dossiers")
    lot = next(one for one in all_of("auction-lots") if one["auction_code"] == auction["ref"])
    days = (timezone.localdate(auction["dossiers_to"]) - timezone.localdate()).days
    assert days > 1
    billions = (Decimal(lot["starting_price_vnd"]) / 10**9).normalize()
    millions = round(Decimal(lot["starting_price_per_m2_vnd"]) / 10**6, 1).normalize()
    name, area = lot["name"].split(",")[0], lot["area_legal_m2"]
    assert headline(client, f"/lots/{lot['ref']}/") == (
        f"{name} · {lot['commune_name']} · {str(area).replace('.', ',')} m²"
        f" · {str(billions).replace('.', ',')} tỷ ({str(millions).replace('.', ',')} triệu/m²)"
        f" · đặt trước {grouped(lot['deposit_vnd'], '.')} đ · còn {days} ngày nộp hồ sơ"
    )
    with translation.override("en"):
        place = kind_as_spoken(lot["commune_name"])
    assert headline(client, f"/en/lots/{lot['ref']}/") == (
        f"{name} · {place} · {area} m² · {billions} billion VND ({millions} million/m²)"
        f" · deposit {grouped(lot['deposit_vnd'], ',')} VND · {days} days left for dossiers"
    )


def test_a_lot_that_was_won_says_for_how_much(client: Client) -> None:
    lot = next(one for one in all_of("auction-lots") if one["status"] == "won")
    assert "trúng đấu giá" in headline(client, f"/lots/{lot['ref']}/")
    assert "sold for" in headline(client, f"/en/lots/{lot['ref']}/")
    assert grouped(lot["winning_price_vnd"], ".") in text(main(client, f"/lots/{lot['ref']}/"))


@pytest.mark.parametrize("prefix", ["", pytest.param("/en", marks=pytest.mark.prove)])
def test_every_link_of_a_lot_s_page_leads_somewhere(client: Client, prefix: str) -> None:
    lot = next(one for one in all_of("auction-lots") if one["failed_before"])
    page = main(client, f"{prefix}/lots/{lot['ref']}/")
    for address in (f"/auctions/{lot['auction_code']}/", f"/public-land/{lot['plot_code']}/"):
        assert f'href="{prefix}{address}"' in page
    assert re.search(r'href="geo:10\.\d{6},107\.\d{6}"', page)
    for link in set(re.findall(r'href="(/[^"]+)"', page)):
        assert client.get(unescape(link)).status_code == 200, link
    [earlier] = [one for one in all_of("auction-lots") if one["plot_code"] == lot["plot_code"] and one != lot]
    assert f'href="{prefix}/lots/{earlier["ref"]}/"' in page


def test_the_page_of_an_auction_has_its_dates_lots_papers_and_course(client: Client) -> None:
    auction = next(one for one in all_of("auctions") if one["status"] == "selling-dossiers")
    html = main(client, f"/auctions/{auction['ref']}/")
    page = text(html)
    lots = [one for one in all_of("auction-lots") if one["auction_code"] == auction["ref"]]
    assert all(f'href="/lots/{lot["ref"]}/"' in html for lot in lots)
    opens = timezone.localtime(auction["opens_at"])
    assert f"{opens:%d/%m/%Y %H:%M}" in page
    assert html.count("dates__item--next") == 1
    for document in auction["documents"]:
        assert document["title"] in page
    assert page.index("Đang bán hồ sơ, cho xem tài sản") < page.index("Dự kiến")
    assert '"dated"' not in page and "selling-dossiers" not in page


def test_rounds_of_the_same_land_lead_to_each_other(client: Client) -> None:
    again = next(one for one in all_of("auctions") if one["root_auction"])
    assert f'href="/auctions/{again["root_auction"]}/"' in main(client, f"/auctions/{again['ref']}/")
    assert f'href="/auctions/{again["ref"]}/"' in main(client, f"/auctions/{again['root_auction']}/")


def test_every_page_opens_in_both_languages(client: Client) -> None:
    for auction in all_of("auctions"):
        for prefix in ("", "/en"):
            assert headline(client, f"{prefix}/auctions/{auction['ref']}/")
    for status in {lot["status"] for lot in all_of("auction-lots")}:
        lot = next(one for one in all_of("auction-lots") if one["status"] == status)
        auction = next(one for one in all_of("auctions") if one["ref"] == lot["auction_code"])
        # What the office wrote stays in its language; so does what papers call a thing.
        page = main(client, f"/en/lots/{lot['ref']}/")
        english = text(re.sub(r'<section class="box words-on-paper">.*?</section>', "", page, flags=re.DOTALL))
        for words in (auction["conditions"], *(event["note"] for event in auction["events"] if event.get("note"))):
            english = english.replace(words, "")
        for vietnamese in ("trạng thái", "giá khởi điểm", "hồ sơ", " đ "):
            assert vietnamese not in english
        page = text(main(client, f"/lots/{lot['ref']}/"))
        for word in ("deposit", "Auction", "status", "VND", "facing", "Place"):
            assert not re.search(rf"\b{word}\b", page), word


def test_data_hold_the_lists_as_lists(client: Client) -> None:
    ref = all_of("auctions")[0]["ref"]
    facts = client.get(f"/auctions/{ref}.json").json()
    properties = client.get(f"/auctions/{ref}.geojson").json()["properties"]
    assert isinstance(facts["documents"], list) and facts["documents"]
    for name in ("documents", "events"):
        assert facts[name] == properties[name]
    assert {event["status"] for event in facts["events"]} <= set(registry.get("auctions").choices("status"))


def test_what_officers_know_stands_nowhere(client: Client, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        lot = Lot.objects.exclude(note=None).filter(bidder_count__gt=3).first()
    assert lot is not None and len(lot.note) > 10
    addresses = [f"/lots/{lot.ref}/", f"/en/lots/{lot.ref}/", f"/lots/{lot.ref}.json", f"/lots/{lot.ref}.geojson"]
    addresses += ["/lots/", "/lots.json", "/lots.geojson", f"/auctions/{lot.auction_code}/", "/tiles/auction-lots.json"]
    for address in addresses:
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert lot.note not in body.decode(), address
        assert not any(f'"{name}"' in body.decode() for name in SECRETS), address
    for name in SECRETS:
        with pytest.raises(Exception, match=name):
            queries.rows(registry.get("auction-lots"), fields=[name])


def count(client: Client, address: str) -> int:
    return client.get(address).json()["totals"][""][0]["count"]


def test_times_are_filtered_by_the_clocks_here(client: Client) -> None:
    opens = sorted(timezone.localtime(one["opens_at"]) for one in all_of("auctions") if one["opens_at"])
    day = opens[3].date()
    assert count(client, f"/auctions.json?opens_at_min={day}&opens_at_max={day}") == sum(
        moment.date() == day for moment in opens
    )
    after = opens[3].strftime("%Y-%m-%dT%H:%M")
    assert count(client, f"/auctions.json?opens_at_min={after}") == sum(moment >= opens[3] for moment in opens)
    assert client.get("/auctions/?opens_at_min=soon").status_code == 400
    assert client.get("/auctions/?opens_at_min=tomorrow").status_code == 200
    assert client.get("/auctions.json?opens_at_min=tomorrow").status_code == 400


def test_lots_are_filtered_by_what_a_bidder_asks(client: Client) -> None:
    lots = all_of("auction-lots")
    open_ones = sorted((lot for lot in lots if lot["status"] == "open"), key=lambda lot: lot["starting_price_vnd"])
    wanted = open_ones[len(open_ones) // 2]
    query = (
        f"land_use={wanted['land_use']}&commune_name={wanted['commune_name']}&status=open"
        f"&starting_price_vnd_max={wanted['starting_price_vnd']}&area_legal_m2_min={wanted['area_legal_m2']}"
    )
    expected = [
        lot
        for lot in open_ones
        if (lot["land_use"], lot["commune_name"]) == (wanted["land_use"], wanted["commune_name"])
        and lot["starting_price_vnd"] <= wanted["starting_price_vnd"]
        and lot["area_legal_m2"] >= wanted["area_legal_m2"]
    ]
    assert 0 < len(expected) < len(open_ones)
    assert count(client, f"/lots.json?{query}") == len(expected)
    form = client.get("/lots/").content.decode()
    assert 'name="starting_price_vnd_min"' in form
    assert 'name="plot_code"' not in form


def test_a_page_asks_few_questions(client: Client) -> None:
    auction, lot = all_of("auctions")[3]["ref"], all_of("auction-lots")[40]["ref"]
    for address in (f"/auctions/{auction}/", f"/lots/{lot}/", "/lots/", "/auctions/"):
        with CaptureQueriesContext(connections["public"]) as asked:
            client.get(address)
        assert len(asked) <= QUERIES, address


def test_an_auction_s_list_of_lots_is_a_table_with_heads(client: Client) -> None:
    auction = next(one for one in all_of("auctions") if one["status"] == "recognised")
    html = main(client, f"/en/auctions/{auction['ref']}/")
    assert "winning price (VND)" in html
    assert json.dumps(auction["documents"], ensure_ascii=False) not in html


def test_the_list_begins_with_what_one_can_still_apply_for_and_is_whole(client: Client) -> None:
    shown: list[dict[str, Any]] = []
    address = "/lots.json"
    while address:
        page = client.get(address).json()
        shown += page["rows"]
        address = page["next"]
    place = {"open": 0, "not-open": 1, "registration-closed": 2}
    order = [(place.get(row["status"], 3), row["ref"]) for row in shown]
    assert order == sorted(order)
    assert {row["ref"] for row in shown} == {row["ref"] for row in queries.rows(registry.get("auction-lots"))}
    assert {number for number, _ref in order} >= {0, 1, 3}
    # A row that is gone meanwhile leads back to the first group, never to the end.
    gone = client.get("/lots.json?after=0-never").json()["rows"]
    assert gone[0]["ref"] == shown[0]["ref"]


def headed(client: Client, address: str) -> tuple[list[tuple[str, int, list[str]]], str]:
    """Each heading of a list with its number and the refs under it, and the address of the next page."""
    page = main(client, address)
    table, found = re.search(r'<table class="rows".*?</table>', page, re.DOTALL)[0], []
    for body in re.findall(r"<tbody.*?</tbody>", table, re.DOTALL):
        heading = re.search(r'<th role="rowheader" scope="rowgroup" colspan="(\d+)">\s*<h3>(.*?)</h3>', body, re.DOTALL)
        assert not heading or int(heading[1]) == table.count('role="columnheader"')
        label, number = re.fullmatch(r"(.*) \((\d+)\)\s*", text(heading[2]).strip()).groups() if heading else ("", 0)
        found.append((label, int(number), re.findall(r'data-ref="([^"]+)"', body)))
    further = re.search(r'rel="next" href="([^"]+)"', page)
    return found, further[1] if further else ""


@pytest.mark.parametrize(
    ("path", "applicable", "to_come"),
    [
        (
            "auctions",
            {"selling-dossiers"},
            {
                "registration-closed",
                "announced-twice",
                "announced",
                "auctioneer-selected",
                "decided",
                "plan-approved",
                "planned",
            },
        ),
        ("lots", {"open"}, {"not-open", "registration-closed"}),
    ],
)
@pytest.mark.parametrize("asked", ["", "status={over}"])
def test_rows_stand_under_what_can_still_be_done_with_the_number_of_all(
    client: Client, path: str, applicable: set[str], to_come: set[str], asked: str
) -> None:
    dataset = registry.get("auctions" if path == "auctions" else "auction-lots")
    asked = asked.format(over="recognised" if path == "auctions" else "won")
    own = queries.rows(dataset, from_query(dataset, QueryDict(asked)))
    wanted = {
        "Still taking dossiers": {row["ref"] for row in own if row["status"] in applicable},
        "Not open yet, or waiting for the session": {row["ref"] for row in own if row["status"] in to_come},
    }
    wanted["Over, stopped, postponed or cancelled"] = {row["ref"] for row in own}.difference(*wanted.values())
    under: dict[str, list[str]] = {}
    address = f"/en/{path}/?{asked}"
    while address:
        bodies, further = headed(client, address)
        for label, number, refs in bodies:
            assert number == len(wanted[label]) and refs
            under.setdefault(label, []).extend(refs)
        address = f"/en/{path}/{unescape(further)}" if further else ""
    assert list(under) == [label for label, refs in wanted.items() if refs]
    assert all(sorted(refs) == sorted(wanted[label]) for label, refs in under.items())
    # Whoever asks for another order, or for the table, gets rows alone.
    [(label, _number, refs)], _further = headed(client, f"/en/{path}/?sort=-opens_at&{asked}")
    assert not label and refs
    csv = b"".join(client.get(f"/en/{path}.csv?{asked}").streaming_content).decode()
    assert not any(label in csv for label in wanted)


def applying(client: Client, address: str) -> str:
    found = re.search(r'<section class="box" id="applying">.*?</section>', main(client, address), re.DOTALL)
    return found[0] if found else ""


def test_pages_say_what_papers_to_hand_in_on_which_form_and_whom_to_ask(client: Client) -> None:
    open_ones = [one for one in all_of("auctions") if one["status"] == "selling-dossiers"]
    assert open_ones
    for auction in open_ones:
        lot = next(one for one in all_of("auction-lots") if one["auction_code"] == auction["ref"])
        own = [one for one in office.current().checklists if one.is_for("auctions", auction)]
        form = next(one for one in auction["documents"] if one["kind"] == "form")
        body = office.current().body(auction["auctioneer"])
        for address in (f"/auctions/{auction['ref']}/", f"/lots/{lot['ref']}/"):
            box = applying(client, address)
            for one in own:
                assert one.name in box and all(paper in text(box) for paper in one.papers)
            assert f"/documents/{form['file']}" in box and auction["contact"] in text(box)
            assert (body.contact if body else "Cơ quan chưa cung cấp") in text(box)


def test_an_auction_that_takes_no_dossiers_any_more_asks_for_none(client: Client) -> None:
    auction = next(one for one in all_of("auctions") if one["status"] == "recognised")
    box = applying(client, f"/auctions/{auction['ref']}/")
    assert "checklist" not in box and auction["contact"] in text(box)


@pytest.mark.parametrize("name", ["auctions", "auction-lots"])
def test_the_coverage_counts_what_a_bidder_needs(name: str, client: Client) -> None:
    auctions = {one["ref"]: one for one in all_of("auctions")}
    own = [auctions[one["ref"] if name == "auctions" else one["auction_code"]] for one in all_of(name)]
    current = office.current()
    counted: Counter[str] = Counter()
    for line in coverage.by_place(registry.get(name)):
        counted.update(line.measures)
    assert f"With documents: {counted['papers']} of {len(own)};" in text(
        client.get(f"/en/datasets/{name}/").content.decode()
    )
    assert counted["papers"] == sum(any(d.get("file") for d in one["documents"]) for one in own) > 0
    assert counted["forms"] == sum(any(d["kind"] == "form" and d.get("file") for d in one["documents"]) for one in own)
    assert counted["checklist"] == sum(any(c.is_for("auctions", one) for c in current.checklists) for one in own)
    assert counted["seller"] == sum(current.body(one["auctioneer"]) is not None for one in own) < len(own)
