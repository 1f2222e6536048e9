"""Every officers' page with something on it: long names, several rows, a change set in each state, a meeting of two."""

import datetime
import io
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from PIL import Image

from landgis.accounts.models import Role, User
from landgis.catalog import queries, registry
from landgis.changes import redactions
from landgis.changes.models import State
from landgis.feedback.actions import take_in
from landgis.mail import actions as mail
from landgis.places import holdings
from landgis.places.queries import all_units
from landgis.workbench.models import Edit, Run
from tests.workbench.conftest import do_waiting
from tests.workbench.test_edits import edit, form_of, revision, said, step
from tests.workbench.test_elsewhere import plots_in

LONG_NAME = "Nguyễn Thị Thanh Huyền (Chi nhánh Văn phòng Đăng ký đất đai khu vực Bà Rịa)"
LONG_TERRITORY = "Địa bàn các xã, phường và đặc khu ven biển phía đông của tỉnh"
LOTS, PLOTS = "auction-lots", "public-land"


def tell(clients: Callable[[str], Client], people: dict[str, User], units: list[str]) -> dict[str, list[str]]:
    """Whose pages there are to see: name -> paths, behind the language."""
    _people(people)
    own = _change_sets(clients, units)
    report = _reports(people)
    mail.put("test", "one", "lan@example.org", subject="Thư", text="Nội dung\n\nDòng hai", language="vi")
    Run.objects.create(by=people["one"], state="failed", error="broke-off", file_name="ho-so-dia-chinh-2026-dot-4.zip")
    past = Edit.objects.get(change_set__state=State.APPLIED)
    asked = redactions.ask(
        LOTS,
        past.ref,
        "address",
        seen_in=past.base_revision or 0,
        by=people["second"],
        reason="Công văn 12/2026",
        public_reason="Theo yêu cầu của người liên quan",
        fate=redactions.Fate.DESTROY,
    )
    people["person"] = User.objects.get(username="nguyen.thi.thanh.huyen")
    territory = holdings.make("long", LONG_TERRITORY, list(all_units())[:9], by=None)
    holdings.give(people["person"], Role.OFFICER, territory, by=None)
    holdings.stand_in(people["two"], people["person"].holdings.get(), until=_in_a_week(), by=None)
    return own | {
        "second": [
            *own["second"],
            f"reports/{report}/",
            "reports/",
            f"redactions/{asked.pk}/",
            "mail/1/",
            "mail/",
            "upload/",
        ],
        "approver": [*own["approver"], "redactions/", "account/factors/", "account/password/", "account/connected/"],
        "admin": [
            "people/",
            f"people/{people['person'].pk}/",
            f"people/{people['one'].pk}/",
            "people/territories/",
            f"people/territories/{territory.pk}/",
        ],
    }


def _people(people: dict[str, User]) -> None:
    person = User.objects.create_user("nguyen.thi.thanh.huyen", last_name=LONG_NAME, email="huyen@example.org")
    person.set_unusable_password()
    person.invited_at = timezone.now()
    person.save()
    person.groups.add(Group.objects.get(name="officer"))
    for name in ("one", "two", "second"):
        people[name].last_name = f"Trần Văn {name.capitalize()}"
        people[name].save()


def _in_a_week() -> Any:
    return timezone.now() + datetime.timedelta(days=7)


def _change_sets(clients: Callable[[str], Client], units: list[str]) -> dict[str, list[str]]:
    officer, one, approver = clients("officer"), clients("one"), clients("approver")
    lots = [row["ref"] for row in list(queries.rows(registry.get(LOTS)))[:6]]
    plots, theirs = plots_in(units[0]), plots_in(units[1])
    # Applied, and with it an earlier state of a lot; somebody else was at work on the same.
    edit(clients("second"), LOTS, lots[0], starting_price_vnd="1,9 tỷ", bid_step_vnd="5 triệu")
    applied = edit(officer, LOTS, lots[0], starting_price_vnd="2 tỷ", address="Số 1 đường Lê Lợi, khu phố Hải Sơn")
    step(officer, applied, "hand-in", reason="Đính chính giá khởi điểm theo Quyết định số 12/QĐ-UBND")
    step(approver, applied, "approve")
    do_waiting()
    # Submitted, of three features, one of which is retired and one moved.
    edit(officer, PLOTS, plots[0], name="Khu đất công viên và bãi đỗ xe trung tâm hành chính xã, giai đoạn hai")
    corners = form_of(officer.get(f"/en/officer/edit/{PLOTS}/{plots[1]}/").content.decode())["corners"].split("\r\n")
    moved = "\r\n".join([f"{float(corners[0].split()[0]) + 3:.3f} {corners[0].split()[1]}", *corners[1:-1]])
    edit(officer, PLOTS, plots[1], corners="\r\n".join([moved, moved.split("\r\n")[0]]))
    submitted = said(
        officer, PLOTS, plots[2], base=revision(PLOTS, plots[2]), step="retire", reason="Nhập vào khu khác"
    )
    step(officer, submitted, "hand-in", reason="Rà soát quỹ đất công năm 2026")
    assert submitted.state == State.SUBMITTED
    # Rejected.
    rejected = edit(officer, LOTS, lots[1], address="2 Lê Lợi")
    step(officer, rejected, "hand-in", reason="Địa chỉ")
    step(approver, rejected, "reject", reason="Không có đường tên này trong danh mục; hãy đối chiếu với hồ sơ gốc.")
    # A draft, one of its features unfinished; a form with errors.
    draft = edit(officer, LOTS, lots[2], address="3 Lê Lợi")
    officer.post(f"/en/officer/edit/{LOTS}/{lots[3]}/", {"step": "save", "base": revision(LOTS, lots[3])})
    form = form_of(officer.get(f"/en/officer/edit/{LOTS}/{lots[3]}/").content.decode())
    wrong = {"area_legal_m2": "-5", "starting_price_vnd": "850.000", "frontage_m": "năm mét", "step": "save"}
    officer.post(f"/en/officer/edit/{LOTS}/{lots[3]}/", form | wrong)
    # Received in one commune about land in another: handed over, and not answered yet.
    handed = edit(one, PLOTS, theirs[0], name="Sân bóng")
    step(one, handed, "hand-in", reason="Dân nộp tại đây")
    step(one, handed, "hand-over", to="zq-1", reason="Đất thuộc địa bàn của đơn vị")
    mine = edit(one, PLOTS, theirs[1], name="Nhà văn hóa")
    step(one, mine, "hand-in", reason="Dân nộp tại đây")
    return {
        "": ["sign-in/", "sign-in/forgotten/", "sign-in/password/"],
        "officer": [
            "",
            "?show=mine",
            f"changes/{applied.pk}/",
            f"changes/{submitted.pk}/",
            f"changes/{rejected.pk}/",
            f"changes/{draft.pk}/",
            f"edit/{LOTS}/{lots[4]}/",
            f"edit/{LOTS}/{lots[3]}/",
            f"edit/{PLOTS}/{plots[2]}/",
            f"edit/{PLOTS}/new/",
            f"edit/parcels/{next(iter(queries.rows(registry.get('parcels'))))['ref']}/",
            f"split/{PLOTS}/{plots[3]}/",
            f"merge/{PLOTS}/{plots[3]}/",
            f"history/{LOTS}/{lots[0]}/",
            f"{LOTS}/{lots[0]}/",
            "account/",
        ],
        "second": [f"edit/{LOTS}/{lots[0]}/"],
        "one": [
            "",
            f"changes/{handed.pk}/",
            f"changes/{mine.pk}/",
            f"edit/{PLOTS}/{theirs[0]}/",
            f"{PLOTS}/{theirs[2]}/",
        ],
        "two": [f"changes/{handed.pk}/"],
        "approver": ["?show=decide", f"changes/{submitted.pk}/"],
        "judge": ["", "?state=withdrawn"],
    }


def _reports(people: dict[str, User]) -> str:
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "green").save(file, "WEBP")
    ref = next(iter(queries.rows(registry.get(PLOTS))))["ref"]
    about = {"dataset": PLOTS, "ref": ref, "revision": 1, "kind": "fact", "language": "vi", "sender": "192.0.2.1"}
    about |= {"text": "Ranh giới phía đông lệch khoảng hai mét.", "contact": "reader@example.org", "wants_mail": True}
    found = [take_in(browser=f"{number}", picture=file.getvalue(), **about) for number in range(2)]
    return str(found[0].number)
