"""Twenty questions of a bidder, read from the page of each of the demo's lots as a reader without scripts gets it.

An answer is right when it is what the office published and stands under its source with a day, or when the page says
plainly that the office has given none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation

from landgis.catalog import queries, registry
from tests import samples

NONE_GIVEN = "Cơ quan chưa cung cấp"
DAY = re.compile(r"\d{2}/\d{2}/\d{4}")
LEAST = 19
WITHOUT_END = {"img", "br", "meta", "link", "input", "hr"}


@pytest.fixture
def pictured(own_world: str, tmp_path: Path, settings: Any) -> None:
    """The world with an image that covers all of it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    samples.scene(tmp_path)


@dataclass
class Section:
    """A box of the page: its heading, terms and what they are said to be, all its text, its pictures and links."""

    heading: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    text: str = ""
    images: list[dict[str, str | None]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    @property
    def source(self) -> str:
        found = re.search(r"Nguồn: (.*?\d{2}/\d{2}/\d{4})", self.text)
        return found[1] if found else ""


class Page(HTMLParser):
    """The sections of a page, and under "" what stands in none."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sections = [Section()]
        self.open: list[str] = []
        self.inside = self.sections[0]
        self.term = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in WITHOUT_END:
            self.open.append(tag)
        if tag == "section":
            self.inside = Section()
            self.sections.append(self.inside)
        if tag == "dt":
            self.term = ""
        if tag == "img":
            self.inside.images.append(dict(attrs))
        if tag == "a":
            self.inside.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass
        if tag == "section":
            self.inside = self.sections[0]

    def handle_data(self, data: str) -> None:
        if "script" in self.open or "style" in self.open:
            return
        self.inside.text += data
        if "h2" in self.open:
            self.inside.heading += data.strip()
        elif "dt" in self.open:
            # What a label means is folded under it.
            if "details" not in self.open or "summary" in self.open:
                self.term = (self.term + data).strip()
        elif "dd" in self.open:
            self.inside.facts[self.term] = self.inside.facts.get(self.term, "") + data

    def section(self, heading: str) -> Section:
        return next((one for one in self.sections if one.heading.startswith(heading)), Section())


def vi(number: Any) -> str:
    """As Vietnamese write numbers: 1.234.567,89."""
    return f"{number:,}".translate(str.maketrans(",.", ".,"))


def labelled(name: str, code: str | None) -> str | None:
    with translation.override("vi"):
        return str(registry.get("auction-lots").choices(name)[code]) if code else None


def day(value: Any) -> str | None:
    return f"{value:%d/%m/%Y}" if value else None


Asked = Callable[[dict[str, Any], dict[str, Any]], list[tuple[str, Any]]]

# question -> (heading, what the facts of that box have to say: (term, published value or None))
FACTS: dict[str, tuple[str, Asked]] = {
    "where is it": (
        "Vị trí",
        lambda lot, _: [
            ("địa chỉ", lot["address"]),
            ("xã/phường hiện nay", lot["commune_name"]),
            ("tờ bản đồ", lot["map_sheet"]),
            ("số thửa", lot["parcel_nos"]),
        ],
    ),
    "how large is it": (
        "Kích thước",
        lambda lot, _: [("diện tích", f"{vi(lot['area_legal_m2'])} m²"), ("chiều sâu", metres(lot["depth_m"]))],
    ),
    "how wide is it on the road, and how wide is the road": (
        "Kích thước",
        lambda lot, _: [("mặt tiền", metres(lot["frontage_m"])), ("lộ giới", metres(lot["road_width_m"]))],
    ),
    "for what use": ("Mục đích", lambda lot, _: [("loại đất", labelled("land_use", lot["land_use"]))]),
    "for how long": ("Mục đích", lambda lot, _: [("thời hạn sử dụng", labelled("term", lot["term"]))]),
    "which price": ("Giá, tiền", lambda lot, _: [("giá khởi điểm", dong(lot["starting_price_vnd"]))]),
    "which price per m²": (
        "Giá, tiền",
        lambda lot, _: [("giá khởi điểm mỗi m²", dong(lot["starting_price_per_m2_vnd"]))],
    ),
    "which deposit": ("Giá, tiền", lambda lot, _: [("tiền đặt trước", dong(lot["deposit_vnd"]))]),
    "which step": ("Giá, tiền", lambda lot, _: [("bước giá", dong(lot["bid_step_vnd"]))]),
    "how much cash in all": (
        "Giá, tiền",
        lambda lot, _: [
            ("Tổng tiền cần có để tham gia", dong(lot["deposit_vnd"] + lot["dossier_fee_vnd"])),
            ("Còn phải nộp nếu trúng ở giá khởi điểm", dong(lot["starting_price_vnd"] - lot["deposit_vnd"])),
        ],
    ),
    "whom to ask": (
        "Đơn vị bán",
        lambda _, auction: [
            ("liên hệ", auction["contact"]),
            ("tổ chức đấu giá", auction["auctioneer"] or None),
            ("người có tài sản", auction["asset_holder"]),
        ],
    ),
    "which plan zone": ("Mục đích", lambda lot, _: [("quy hoạch", lot["plan_zone"])]),
    "what does the price table say": ("Giá, tiền", lambda _lot, _: [("Giá theo bảng giá đất", None)]),
    "did it fail before": (
        "Kết quả",
        lambda lot, _: [
            ("Đã từng đấu giá không thành", f"có, {lot['failed_before']}" if lot["failed_before"] else "không")
        ],
    ),
    "which legal standing": (
        "Căn cứ",
        lambda _, auction: [
            ("số quyết định đấu giá", auction["auction_decision_no"] or None),
            ("ngày quyết định đấu giá", day(auction["auction_decision_date"])),
        ],
    ),
}


def metres(value: Decimal | None) -> str | None:
    return f"{vi(value)} m" if value is not None else None


def dong(value: int | None) -> str | None:
    return f"{vi(value)} đ" if value is not None else None


def answered(section: Section, wanted: list[tuple[str, Any]]) -> bool:
    """Every term has its value, or says that there is none; values stand under a source with a day."""
    for term, value in wanted:
        said = " ".join(section.facts.get(term[0].upper() + term[1:], "").split())
        if value in (None, ""):
            if said != NONE_GIVEN and not DAY.search(said + section.source):
                return False
        elif str(value) not in said or not section.source:
            return False
    return bool(wanted)


def dates_and_places(page: Page, auction: dict[str, Any]) -> bool:
    """Every date with its hour, and the place of the session; or that there are none yet."""
    section = page.section("Cuộc đấu giá của lô đất")
    moments = [auction[name] for name in ("dossiers_from", "dossiers_to", "deposit_until", "opens_at") if auction[name]]
    days = [auction[name] for name in ("posted_on", "notice1_on", "notice2_on", "viewing_from", "viewing_to")]
    if not moments:
        return NONE_GIVEN in section.text
    times = [f"{timezone.localtime(moment):%d/%m/%Y %H:%M}" for moment in moments]
    places = [auction["venue"], auction["auctioneer"]]
    said = [*times, *(day(one) or "" for one in days), *(place or "" for place in places)]
    return all(one in section.text for one in said) and bool(section.source)


def papers(page: Page, auction: dict[str, Any]) -> bool:
    section = page.section("Tài liệu")
    if not auction["documents"]:
        return NONE_GIVEN in section.text
    return bool(section.source) and all(
        one["title"] in section.text and (one.get("number") or "") in section.text for one in auction["documents"]
    )


def picture(page: Page, lot: dict[str, Any]) -> bool:
    """A picture of this very lot, with the day on which it was taken and whose it is."""
    section = page.section("Hiện trạng")
    if not section.images:
        return NONE_GIVEN in section.text
    own = [image for image in section.images if lot["ref"] in (image["src"] or "")]
    return bool(own) and len(re.findall(r"Ảnh chụp ngày \d{2}/\d{2}/\d{4} · \S+", section.text)) == len(own)


def nearby(page: Page, lot: dict[str, Any], lots: list[dict[str, Any]]) -> bool:
    section = page.section("Đã trúng đấu giá gần đây")
    sold = [
        one
        for one in lots
        if (one["commune_name"], one["status"]) == (lot["commune_name"], "won") and one["ref"] != lot["ref"]
    ]
    if not sold:
        return "chưa công bố kết quả" in section.text
    shown = [one for one in sold if f"/lots/{one['ref']}/" in section.links]
    return (
        len(shown) == min(len(sold), 6)
        and bool(section.source)
        and all(f"{vi(one['winning_price_vnd'])} đ" in section.text for one in shown)
    )


def answers(
    client: Client, lot: dict[str, Any], auction: dict[str, Any], lots: list[dict[str, Any]]
) -> dict[str, bool]:
    response = client.get(f"/lots/{lot['ref']}/")
    assert response.status_code == 200
    page = Page(response.content.decode())
    found = {
        question: answered(page.section(heading), asked(lot, auction)) for question, (heading, asked) in FACTS.items()
    }
    links = [link for section in page.sections for link in section.links]
    return found | {
        "how to get there": any(re.match(r"geo:10\.\d{6},107\.\d{6}\?q=", link) for link in links),
        "when and where is what": dates_and_places(page, auction),
        "which papers": papers(page, auction),
        "what does it look like, and when was that": picture(page, lot),
        "what did others fetch nearby": nearby(page, lot, lots),
    }


@pytest.mark.prove
@pytest.mark.usefixtures("pictured")
def test_the_page_of_every_lot_answers_a_bidder(client: Client) -> None:
    lots = queries.rows(registry.get("auction-lots"))
    auctions = {row["ref"]: row for row in queries.rows(registry.get("auctions"))}
    assert len(lots) >= 110
    short = {}
    for lot in lots:
        found = answers(client, lot, auctions[lot["auction_code"]], lots)
        assert len(found) == 20
        if sum(found.values()) < LEAST:
            short[lot["ref"]] = [question for question, is_answered in found.items() if not is_answered]
    assert short == {}


@pytest.mark.usefixtures("world")
def test_what_the_office_has_not_given_is_said_and_not_left_blank(client: Client) -> None:
    auctions = {row["ref"]: row for row in queries.rows(registry.get("auctions"))}
    lot = next(
        one for one in queries.rows(registry.get("auction-lots")) if not auctions[one["auction_code"]]["opens_at"]
    )
    page = Page(client.get(f"/lots/{lot['ref']}/").content.decode())
    assert NONE_GIVEN in page.section("Cuộc đấu giá của lô đất").text
    english = Page(client.get(f"/en/lots/{lot['ref']}/").content.decode())
    assert "Not given by the office" in english.section("The auction of this lot").text
    assert NONE_GIVEN in page.section("Hiện trạng").text and not page.section("Hiện trạng").images
    for section in (*page.sections, *english.sections):
        assert not any(said.strip() in ("", "–", "None") for said in section.facts.values())


def test_the_price_table_is_read_once_it_is_loaded(own_world: str, client: Client, tmp_path: Path) -> None:
    lot = next(
        row
        for row in queries.rows(registry.get("auction-lots"))
        if row["status"] == "open" and row["land_use"] == "ODT"
    )
    street = lot["address"].split(",")[0].removeprefix("Đường ")
    lines = [
        ("A-1", lot["commune_name"], street, "1", "ODT", 12_345_000),
        ("A-2", lot["commune_name"], "Đường khác", "1", "ODT", 9_000_000),
        ("A-3", lot["commune_name"], street, "1", "TMD", 8_000_000),
        ("A-4", "Xã Ở Xa", street, "1", "ODT", 7_000_000),
    ]
    file = tmp_path / "bang_gia.csv"
    head = "price_code,commune_name,street,position,land_use,price_vnd_m2,valid_from"
    file.write_text("\n".join([head, *(",".join(map(str, line)) + ",2026-01-01" for line in lines)]), encoding="utf-8")
    call_command("load", file, dataset="land-prices", commit=True, source="Bảng giá", verbosity=0)
    said = Page(client.get(f"/lots/{lot['ref']}/").content.decode()).section("Giá, tiền").facts["Giá theo bảng giá đất"]
    assert f"{street}, Vị trí 1: 12.345.000 đ/m²" in said and "Nguồn: Bảng giá" in said
    assert not any(price in said for price in ("9.000.000", "8.000.000", "7.000.000"))
