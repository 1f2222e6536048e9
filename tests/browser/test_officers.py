"""One walk through the officers' pages, from the invitation to what readers see; and what keys alone do there."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest
from playwright.sync_api import Browser, Page

from landgis.catalog import queries, registry
from landgis.changes.models import AuditEntry, ChangeSet, State
from landgis.lib import statements, webmap
from landgis.mail.models import Mail
from landgis.operations.demo_people import BOTH
from landgis.places.models import Holding, Territory
from landgis.workbench.reading import READ
from tests import factors
from tests.browser.offices import DESKTOP, PHONE, Office, at_work, forged, sign_in
from tests.mail.conftest import Post, post  # noqa: F401  # fixture
from tests.workbench.conftest import PASSWORD, state  # noqa: F401  # fixture
from tests.workbench.test_journey import tab_to

pytestmark = [pytest.mark.browser, pytest.mark.prove]
PRICE, LATER_PRICE, ADDRESS = 3_217_000_000, 3_218_000_000, "Số 9 đường Thử Nghiệm"
ZOOM = 16


@pytest.fixture
def office(
    pictured: tuple[str, Path],
    state: Path,  # noqa: F811
    post: Post,  # noqa: F811
    chromium: Callable[..., Browser],
    django_db_blocker: Any,
) -> Iterator[Office]:
    with django_db_blocker.unblock(), at_work(*pictured, state, post, chromium) as found:
        yield found
        refusals = ("status of 4", "Service Worker")  # of what is tried without the right to
        assert [line for line in found.errors if not any(known in line for known in refusals)] == []


@dataclass(frozen=True)
class Ground:
    """What the walk is about: two neighbouring communes as territories, a lot and a plot of the first, a plot of the second."""

    here: str
    there: str
    lot: str
    plot: str
    neighbour: str


def lying_in(unit: str, table: str, dataset: str, more: str = "true") -> list[str]:
    """Refs of what lies in that unit alone."""
    query = (
        f"SELECT l.ref FROM catalog_location l JOIN {table} f ON f.ref = l.ref AND f.from_revision = l.from_revision"
        " AND f.until_revision IS NULL WHERE l.dataset = %s AND l.unit = %s AND l.commune_today_also IS NULL"
        f" AND {more} ORDER BY l.ref"
    )
    return [ref for (ref,) in statements.rows(query, [dataset, unit])]


def ground() -> Ground:
    units = Territory.objects.get(ref=BOTH).units
    lots = {unit: lying_in(unit, "auctions_lot", "auction-lots", "f.starting_price_vnd > 0") for unit in units}
    here, there = sorted(units, key=lambda unit: -len(lots[unit]))
    free = "f.is_public AND NOT EXISTS (SELECT FROM auctions_lot o WHERE o.plot_code = f.plot_code)"
    plots = {unit: lying_in(unit, "publicland_plot", "public-land", free) for unit in units}
    names = {
        unit: next(one.name for one in Territory.objects.exclude(ref=BOTH) if one.units == [unit]) for unit in units
    }
    return Ground(names[here], names[there], lots[here][0], plots[here][0], plots[there][0])


# The administrator


def invited(page: Page, name: str, full_name: str, role: str, territory: str) -> None:
    """Invite somebody, and give a role."""
    page.get_by_role("link", name="Người dùng", exact=True).click()
    page.fill("#id_username", name)
    page.fill("#id_last_name", full_name)
    page.fill("#id_email", f"{name}@example.org")
    page.get_by_role("button", name="Mời", exact=True).click()
    page.get_by_text("Thư mời đang được gửi đi.").wait_for()
    page.select_option("#id_role", role)
    page.select_option("#id_territory", label=territory)
    page.get_by_role("button", name="Giao vai trò").click()
    page.get_by_role("button", name="Kết thúc vai trò này").wait_for()


def arrived(office: Office, name: str, size: tuple[int, int]) -> Page:
    """Whoever was invited has followed the link of the mail, chosen a password and signed in."""
    page = office.browser(size)
    [link] = office.links(office.mail(f"{name}@example.org", "Thư mời"))
    page.goto(link)
    for field in ("#id_new_password1", "#id_new_password2"):
        page.fill(field, PASSWORD + name)
    page.get_by_role("button", name="Lưu mật khẩu").click()
    page.get_by_text("Đã lưu mật khẩu").wait_for()
    sign_in(page, name, PASSWORD + name)
    return page


def sets_up_a_factor(page: Page, name: str) -> None:
    page.get_by_text("Vai trò của bạn bắt buộc").wait_for()
    page.goto("/officer/")  # nothing opens before
    page.get_by_text("Vai trò của bạn bắt buộc").wait_for()
    page.get_by_role("link", name="Thiết lập ứng dụng").click()
    page.fill("#id_password", PASSWORD + name)
    page.keyboard.press("Enter")
    page.fill("#id_code", factors.code_of(page.locator("main code").inner_text()))
    page.get_by_role("button", name="Thiết lập", exact=True).click()
    page.get_by_role("heading", name="Mã dự phòng").wait_for()
    page.goto("/officer/")
    page.get_by_role("heading", name="Đợt cập nhật").wait_for()


# The officer


def checks(page: Page, button: str = "Kiểm tra") -> None:
    """Have a form read; until it is, the page may still offer to hand in what was read before."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def handed_in(page: Page, reason: str) -> int:
    """Say that the form was read right, and hand the open change set in; its number."""
    page.get_by_role("button", name="Đã đọc đúng").click()
    page.fill("#hand-in-reason", reason)
    page.get_by_role("button", name="Nộp để duyệt").click()
    page.locator(".desk__decide").wait_for()
    return number_of(page)


def number_of(page: Page) -> int:
    found = re.search(r"/changes/(\d+)/", page.url)
    assert found, page.url
    return int(found[1])


def corrects(page: Page, ref: str, **typed: str) -> None:
    """Type into the form of a lot, and have it read."""
    page.goto(f"/officer/edit/auction-lots/{ref}/")
    for name, text in typed.items():
        page.fill(f"#f-{name}", text)
    checks(page)


def retires(page: Page, ref: str, reason: str) -> int:
    page.goto(f"/officer/edit/public-land/{ref}/")
    page.fill("#reason", reason)
    checks(page, "Chấm dứt hiệu lực")
    return handed_in(page, "Theo hồ sơ")


def state_of(number: int) -> str:
    return ChangeSet.objects.get(pk=number).state


def is_refused_next_door(page: Page, at: Ground) -> int:
    """On the page, and where somebody forges what the page does not offer. The change set stays with its author."""
    page.goto(f"/officer/edit/public-land/{at.neighbour}/")
    page.get_by_text("nằm ngoài địa bàn của bạn").wait_for()
    page.fill("#f-name", "Sân bóng nhận hồ sơ hộ")
    checks(page)
    number = handed_in(page, "Dân nộp tại đây")
    page.get_by_text("Chưa nộp được").wait_for()
    assert page.get_by_role("button", name="Trình duyệt").count() == 0
    assert forged(page, f"/officer/changes/{number}/submit/") == 403
    assert forged(page, f"/officer/changes/{number}/decide/", then="publish") == 403
    assert state_of(number) == State.CHECKED
    return number


def hands_over(page: Page, at: Ground, number: int) -> None:
    page.goto(f"/officer/changes/{number}/")
    page.get_by_text("Chuyển cho địa bàn khác").click()
    page.select_option("#hand-over-to", label=at.there)
    page.fill("#hand-over-note", "Đất thuộc địa bàn của đơn vị")
    page.get_by_role("button", name="Chuyển", exact=True).click()
    page.get_by_text("Đã chuyển.").wait_for()
    page.goto(f"/officer/edit/public-land/{at.neighbour}/")
    page.get_by_text("Đợt cập nhật đã được chuyển").wait_for()
    assert page.get_by_role("button", name="Kiểm tra").count() == 0
    base = page.locator("[name=base]").first.input_value()
    assert forged(page, f"/officer/edit/public-land/{at.neighbour}/", step="read", base=base, name="x") == 403
    for step in ("submit", "withdraw", "take-on"):
        assert forged(page, f"/officer/changes/{number}/{step}/", reason="Thử") == 403, step


def is_worked_on(office: Office, page: Page, number: int) -> None:
    """By the responsible office, which is told by mail."""
    [link] = office.links(office.mail("hoa@example.org", f"#{number}"))
    page.goto(link)
    page.get_by_text("Đất thuộc địa bàn của đơn vị").wait_for()
    page.get_by_role("button", name="Nhận xử lý").click()
    page.get_by_text("nay do bạn xử lý").wait_for()
    page.locator("#edits h3 a").click()
    page.fill("#f-name", "Sân bóng khu phố 3")
    checks(page)
    assert handed_in(page, "Đã kiểm tra thực địa") == number
    page.get_by_text("Đang chờ người duyệt").wait_for()
    assert state_of(number) == State.SUBMITTED


def is_followed(page: Page, number: int) -> None:
    """Whoever handed it over sees how it goes on."""
    page.goto("/officer/?show=mine")
    page.locator(f'a[href="/officer/changes/{number}/"]').click()
    page.get_by_text("đã nhận").first.wait_for()
    assert "Đã trình" in page.locator(".state").first.inner_text()
    page.get_by_text("chờ người duyệt").first.wait_for()


# The approver


def published(page: Page, number: int) -> float:
    """Approve it and wait until it is public; when that was, in seconds."""
    page.goto(f"/officer/changes/{number}/")
    page.get_by_role("button", name="Duyệt và công bố").click()
    page.get_by_role("link", name="Xem trang công khai").wait_for()
    return time.monotonic()


def rejected(page: Page, number: int, reason: str) -> None:
    page.goto(f"/officer/changes/{number}/")
    page.fill("#reject-reason", reason)
    page.get_by_role("button", name="Từ chối", exact=True).click()
    page.locator(".state--rejected").first.wait_for()


# Readers


def tile_of(ref: str) -> str:
    row = queries.feature(registry.get("auction-lots"), ref)
    assert row
    x, y = webmap.metres((row["west"] + row["east"]) / 2, (row["south"] + row["north"]) / 2)
    across, down = (int((0.5 + sign * one / webmap.EQUATOR_M) * 2**ZOOM) for sign, one in ((1, x), (-1, y)))
    return f"/tiles/auction-lots/{ZOOM}/{across}/{down}.mvt"


def price_in_tile(tile: bytes, ref: str) -> int | None:
    layers = mapbox_vector_tile.decode(tile).values() if tile else []
    found = [one["properties"] for layer in layers for one in layer["features"] if one["properties"].get("ref") == ref]
    return found[0]["starting_price_vnd"] if found else None


def seen(page: Page, ref: str, price: int) -> dict[str, Callable[[], bool]]:
    """Where readers look for the price of a lot, and whether they see it there."""

    def body(path: str) -> bytes:
        return page.request.get(path).body()

    written = f"{price:,}".replace(",", ".")
    tile = tile_of(ref)
    return {
        "page": lambda: written in body(f"/lots/{ref}/").decode(),
        "list": lambda: (
            f"/lots/{ref}/" in body(f"/lots/?starting_price_vnd_min={price}&starting_price_vnd_max={price}").decode()
        ),
        "tile": lambda: price_in_tile(body(tile), ref) == price,
        "search": lambda: f"/lots/{ref}/" in body(f"/search?q={ADDRESS}").decode(),
        "JSON": lambda: page.request.get(f"/lots/{ref}.json").json()["starting_price_vnd"] == price,
    }


def all_within_5_s(since: float, looks: dict[str, Callable[[], bool]]) -> None:
    """Each look that began within five seconds of the publication counts."""
    missed = dict(looks)
    while missed and time.monotonic() < since + 5:
        missed = {name: is_seen for name, is_seen in missed.items() if not is_seen()}
    assert not missed, list(missed)


def ended(page: Page, ref: str) -> dict[str, Callable[[], bool]]:
    found = {"page": f"/public-land/{ref}/", "JSON": f"/public-land/{ref}.json"}
    return {name: lambda path=path: page.request.get(path).status == 410 for name, path in found.items()}  # type: ignore[misc]


# Two on one feature, a stranger, and the audit


def officer_of_the_demo(territory: str) -> str:
    held = Holding.objects.filter(territory__name=territory, role="officer", person__username__startswith="officer-")
    return str(held.values_list("person__username", flat=True).get())


def goes_on_with_own_price(page: Page) -> int:
    """From a form that was opened before another price came into force: both stand side by side, one is chosen."""
    page.fill("#f-starting_price_vnd", str(LATER_PRICE))
    checks(page)
    page.get_by_text("Không có gì bị ghi đè").wait_for()
    conflict = page.locator("#conflict").inner_text()
    assert all(f"{price:,}".replace(",", ".") in conflict for price in (PRICE, LATER_PRICE)) and ADDRESS in conflict
    page.get_by_label("Của tôi").check()
    page.get_by_role("button", name="Tiếp tục với lựa chọn này").click()
    return handed_in(page, "Theo quyết định mới hơn")


def both_survive(page: Page, lot: str, first: int) -> None:
    page.goto(f"/officer/history/auction-lots/{lot}/")
    history = page.locator("main").inner_text()
    assert all(f"{price:,}".replace(",", ".") in history for price in (PRICE, LATER_PRICE))
    told = page.request.get(f"/lots/{lot}.json").json()
    assert (told["starting_price_vnd"], told["address"]) == (LATER_PRICE, ADDRESS)
    then = ChangeSet.objects.get(pk=first).revision
    assert page.request.get(f"/lots/{lot}.json?as_of={then}").json()["starting_price_vnd"] == PRICE


def guesses(page: Page, name: str) -> None:
    """A stranger, until told to wait."""
    page.goto("/officer/sign-in/")
    while page.get_by_text("Hãy chờ").count() == 0:
        page.fill("#id_login", name)
        page.fill("#id_password", "không phải mật khẩu")
        with page.expect_navigation():
            page.get_by_role("button", name="Đăng nhập", exact=True).click()
        assert page.get_by_role("alert").count() > 0


def comes_in_again(page: Page, name: str) -> None:
    page.goto("/officer/")
    page.get_by_role("button", name="Đăng xuất").click()
    page.locator("#id_login").wait_for()
    sign_in(page, name, PASSWORD + name)
    page.get_by_text("đăng nhập sai bằng tên của bạn").wait_for()


def reads(page: Page, path: str, **said: str) -> None:
    """What is not public; refused without the words that the page asks for."""
    page.goto(path)
    assert forged(page, path, step="read") == 400
    for name, text in said.items():
        page.fill(f"#{name}", text)
    page.get_by_role("button", name="Đọc", exact=True).click()
    page.get_by_text("Đã ghi lại việc bạn đọc").wait_for()


def every_reading_is_in_the_audit(admin: Page, at: Ground) -> None:
    read = AuditEntry.objects.filter(verb=READ).order_by("id")
    assert [(one.by, one.subject, one.details["reason"], one.details.get("case")) for one in read] == [
        ("lan", f"auction-lots {at.lot}", "Đối chiếu hồ sơ", ""),
        ("lan", f"public-land {at.neighbour}", "Nhận hồ sơ hộ", "HS-2026-77"),
        ("admin", read[2].subject, "Kiểm tra thư đã gửi", None),
    ]
    admin.goto(f"/admin/changes/auditentry/{read[1].pk}/change/")
    told = admin.locator("#content").inner_text()
    assert "Nhận hồ sơ hộ" in told and "HS-2026-77" in told and "lan" in told


def test_from_an_invitation_to_what_readers_see(office: Office) -> None:
    at, admin = ground(), office.demo_person("admin")
    invited(admin, "lan", "Trần Thị Ngọc Lan", "officer", at.here)
    invited(admin, "hoa", "Lê Thị Hoa", "officer", at.there)
    invited(admin, "minh", "Nguyễn Văn Minh", "approver", at.here)
    lan, hoa, minh = (arrived(office, name, size) for name, size in (("lan", PHONE), ("hoa", PHONE), ("minh", DESKTOP)))
    sets_up_a_factor(minh, "minh")
    late = office.demo_person(officer_of_the_demo(at.here))
    late.goto(f"/officer/edit/auction-lots/{at.lot}/")

    corrects(lan, at.lot, starting_price_vnd="3 217 000 000", address=ADDRESS)
    price = handed_in(lan, "Đính chính theo quyết định")
    end = retires(lan, at.plot, "Nhập vào thửa khác")
    assert [state_of(one) for one in (price, end)] == [State.SUBMITTED] * 2
    handed = is_refused_next_door(lan, at)
    hands_over(lan, at, handed)
    is_worked_on(office, hoa, handed)
    is_followed(lan, handed)
    assert forged(lan, f"/officer/changes/{price}/decide/", then="publish") == 403

    links = office.links(office.mail("minh@example.org", "chờ duyệt"))
    assert f"{office.address}/officer/changes/{price}/" in links
    minh.goto(f"{office.address}/officer/?show=decide")
    assert [minh.locator(f'a[href="/officer/changes/{one}/"]').count() for one in (price, end, handed)] == [1, 1, 0]
    reader = office.browser(PHONE)
    assert not any(is_seen() for is_seen in seen(reader, at.lot, PRICE).values())
    all_within_5_s(published(minh, price), seen(reader, at.lot, PRICE))
    rejected(minh, end, "Thiếu quyết định thu hồi đất")
    assert not any(is_seen() for is_seen in ended(reader, at.plot).values())

    lan.goto(f"/officer/changes/{end}/")
    lan.get_by_text("Thiếu quyết định thu hồi đất").first.wait_for()
    lan.get_by_role("button", name="Sửa và nộp lại").click()
    lan.fill("#reason", "Thu hồi theo Quyết định 12/QĐ-UBND")
    checks(lan, "Chấm dứt hiệu lực")
    all_within_5_s(published(minh, handed_in(lan, "Bổ sung quyết định")), ended(reader, at.plot))

    published(minh, goes_on_with_own_price(late))
    both_survive(late, at.lot, price)
    guesses(office.browser(PHONE), "lan")
    comes_in_again(lan, "lan")
    reads(lan, f"/officer/auction-lots/{at.lot}/", reason="Đối chiếu hồ sơ")
    reads(lan, f"/officer/public-land/{at.neighbour}/", reason="Nhận hồ sơ hộ", case="HS-2026-77")
    reads(admin, f"/officer/mail/{Mail.objects.latest('id').pk}/", reason="Kiểm tra thư đã gửi")
    every_reading_is_in_the_audit(admin, at)


def test_keys_alone_correct_a_price_and_hand_it_in(office: Office) -> None:
    at, page = ground(), office.browser(PHONE)
    name = officer_of_the_demo(at.here)
    page.goto(f"/officer/edit/auction-lots/{at.lot}/")
    for text in (name, office.people[name].password):  # led to the sign-in, and from there to the form
        tab_to(page, "#id_login" if text == name else "#id_password")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.locator("#f-starting_price_vnd").wait_for()
    tab_to(page, "#f-starting_price_vnd")
    page.keyboard.press("Control+A")
    page.keyboard.type("3 217 000 000")
    tab_to(page, "[value=read]")
    page.keyboard.press("Enter")
    page.locator("#read").wait_for()
    tab_to(page, "[value=count]")
    page.keyboard.press("Enter")
    page.locator("#hand-in-reason").wait_for()
    tab_to(page, "#hand-in-reason")
    page.keyboard.type("Đính chính theo quyết định")
    page.keyboard.press("Enter")
    page.get_by_text("Đang chờ người duyệt").wait_for()
    assert state_of(number_of(page)) == State.SUBMITTED
