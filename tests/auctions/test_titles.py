"""Readers of English find auctions by what is sold and where; the office's own title stands beside it."""

import html
import re

import pytest
from django.test import Client
from django.utils import translation

from landgis.auctions.titles import AUCTION_TITLE
from landgis.catalog import queries, registry
from landgis.places.naming import kind_as_spoken

pytestmark = pytest.mark.usefixtures("world")

VALUES = {"lot_count": "17", "stream": "residential", "round": "1", "commune_today": "Phường Phú Mỹ"}


def test_it_says_number_use_and_place_whether_values_are_text_or_not() -> None:
    with translation.override("en"):
        title = "Auction of 17 residential lots, Phú Mỹ ward"
        assert AUCTION_TITLE.of(VALUES) == AUCTION_TITLE.of(VALUES | {"lot_count": 17, "round": 1}) == title
        assert AUCTION_TITLE.of(VALUES | {"round": 2}) == f"{title} (round 2)"
        assert AUCTION_TITLE.of(VALUES | {"commune_today_also": "Xã Châu Pha"}) == f"{title}, Châu Pha commune"
        one = AUCTION_TITLE.of(VALUES | {"lot_count": 1, "stream": "project"})
        assert one == "Auction of 1 lot for investment, Phú Mỹ ward"
        assert [AUCTION_TITLE.of(VALUES | {name: None}) for name in ("lot_count", "commune_today")] == ["", ""]
    with translation.override("vi"):
        assert AUCTION_TITLE.of(VALUES) == ""


def test_units_have_their_kind_behind_them_in_english() -> None:
    names = {
        "Phường Phú Mỹ": "Phú Mỹ ward",
        "Xã Châu Pha": "Châu Pha commune",
        "Đặc khu Côn Đảo": "Côn Đảo special zone",
    }
    with translation.override("en"):
        assert {name: kind_as_spoken(name) for name in names} == names
        assert kind_as_spoken("Xãa") == "Xãa"
    with translation.override("vi"):
        assert all(kind_as_spoken(name) == name for name in names)


def test_every_page_calls_an_auction_the_same(client: Client) -> None:
    auctions = queries.rows(registry.get("auctions"))
    titles = {row["ref"]: _title(client.get(f"/en/auctions/{row['ref']}/").content.decode()) for row in auctions}
    made = {ref: title for ref, title in titles.items() if re.match(r"Auction of \d+ (residential )?lots?", title)}
    assert len(made) > len(auctions) / 2
    own = {row["ref"]: row["title"] for row in auctions}
    for ref, title in list(made.items())[:3]:
        page = client.get(f"/en/auctions/{ref}/").content.decode()
        assert f'<span lang="vi">{html.escape(own[ref])}</span>' in page
        assert _title(client.get(f"/auctions/{ref}/").content.decode()) == own[ref]
        lot = queries.rows(registry.get("auction-lots"), fields=["ref", "auction_code"])
        its = next(row["ref"] for row in lot if row["auction_code"] == ref)
        assert title in html.unescape(client.get(f"/en/lots/{its}/").content.decode())
        assert title in client.get(f"/en/auctions/{ref}/calendar.ics").content.decode().replace("\r\n ", "").replace(
            "\\,", ","
        )
    listed = html.unescape(client.get("/en/auctions/").content.decode())
    assert all(title in listed for title in made.values())
    ref = next(iter(made))
    found = html.unescape(client.get("/en/search", {"q": own[ref]}).content.decode())
    assert made[ref] in found and own[ref] in found


def _title(page: str) -> str:
    return html.unescape(
        re.sub("<[^>]+>", "", page.partition("<h1")[2].partition(">")[2].partition("</h1>")[0])
    ).strip()
