"""Approvers are told by mail what waits: once, all together, and no more often than once an hour."""

import datetime
from collections.abc import Callable

import pytest
from django.db.models import F
from django.test import Client

from landgis.accounts.models import Role, User
from landgis.catalog import registry
from landgis.changes import actions as changes
from landgis.changes.models import ChangeSet, Door, State
from landgis.mail import delivery
from landgis.mail.models import Mail, MailState
from landgis.places import holdings
from landgis.places.models import Holding, Unit
from landgis.workbench import tasks, telling
from landgis.workbench.models import Told
from tests.mail.conftest import Post, post  # noqa: F401  # fixture

ADDRESS = "zq.approver@example.org"


@pytest.fixture
def approver(people: dict[str, User]) -> User:
    for one in people.values():
        one.email = f"zq.{one.username}@example.org"
        one.save()
    return people["approver"]


def submitted(by: User) -> ChangeSet:
    change_set = changes.draft(registry.get("public-land"), by=by, door=Door.FILE, file_name="zq-file.zip")
    ChangeSet.objects.filter(pk=change_set.pk).update(state=State.SUBMITTED, submitted_by=by)
    return change_set


def an_hour_later() -> None:
    Told.objects.update(at=F("at") - datetime.timedelta(hours=1, seconds=1))


def test_one_mail_with_all_that_waits_and_then_silence_for_an_hour(
    post: Post,  # noqa: F811
    people: dict[str, User],
    approver: User,
) -> None:
    first = submitted(people["officer"])
    assert telling.tell() == 1 and telling.tell() == 0
    delivery.deliver()
    (mail,) = post.mails()
    text = mail.get_content()
    assert mail["To"] == ADDRESS and "1 đợt cập nhật chờ duyệt" in mail["Subject"]
    assert f"https://land.example.org/officer/changes/{first.pk}/" in text and "người lập: officer" in text
    assert "zq-file" not in text and "List-Unsubscribe-Post" in mail
    second = submitted(people["second"])
    assert telling.tell() == 0  # new, but within the hour
    an_hour_later()
    assert telling.tell() == 1 and telling.tell() == 0
    delivery.deliver()
    text = post.mails()[1].get_content()
    assert f"/changes/{first.pk}/" in text and f"/changes/{second.pk}/" in text
    an_hour_later()
    assert telling.tell() == 0  # nothing new
    assert Told.objects.count() == 2


def test_nobody_is_told_of_his_own(people: dict[str, User], approver: User) -> None:
    submitted(approver)
    assert telling.tell() == 0
    ChangeSet.objects.update(author=people["officer"])  # made by another, and handed over by him
    assert telling.tell() == 0


def test_only_approvers_of_the_territory_are_told(people: dict[str, User], approver: User) -> None:
    change_set = submitted(people["officer"])
    change_set.touched_units.create(unit="zq-unit", features=1)
    Holding.objects.filter(person=approver).delete()
    assert telling.tell() == 0
    elsewhere = holdings.give(approver, Role.APPROVER, holdings.make("zq-far", "Far", ["zq-far"], by=None), by=None)
    assert telling.tell() == 0
    holdings.end(elsewhere, by=None)
    held = holdings.give(approver, Role.APPROVER, holdings.whole_office(), by=None)
    holdings.end(held, by=None)
    assert telling.tell() == 0
    unit = Unit.objects.filter(is_current=True, until_revision=None)[0].ref
    change_set.touched_units.update(unit=unit)
    holdings.give(approver, Role.APPROVER, holdings.make("zq-own", "Own", [unit], by=None), by=None)
    assert telling.tell() == 1


def test_only_approvers_who_wish_it_and_have_an_address_are_told(people: dict[str, User], approver: User) -> None:
    submitted(people["officer"])
    for wish in ({"told_of_waiting": False}, {"email": ""}, {"is_active": False}):
        before = {name: getattr(approver, name) for name in wish}
        User.objects.filter(pk=approver.pk).update(**wish)
        assert telling.tell() == 0, wish
        User.objects.filter(pk=approver.pk).update(**before)
    assert telling.tell() == 1


def test_what_could_not_be_sent_gives_way_to_what_says_more(people: dict[str, User], approver: User) -> None:
    submitted(people["officer"])
    telling.tell()
    an_hour_later()
    submitted(people["officer"])
    assert telling.tell() == 1
    assert list(Mail.objects.order_by("id").values_list("state", flat=True)) == [MailState.DROPPED, MailState.WAITING]


def test_what_has_been_decided_is_not_told(people: dict[str, User], approver: User) -> None:
    changes.withdraw(submitted(people["officer"]), by=people["officer"], reason="zq")
    assert telling.tell() == 0


def test_one_click_ends_it_and_the_account_page_begins_it_again(
    signed_in: Callable[[str], Client], people: dict[str, User], approver: User
) -> None:
    submitted(people["officer"])
    tasks.telling.tell()
    assert Client().post(f"/mail/stop?token={Mail.objects.get().stop_token}").status_code == 200
    approver.refresh_from_db()
    assert not approver.told_of_waiting
    client = signed_in("approver")
    page = client.get("/en/officer/account/").content.decode()
    assert ADDRESS in page and 'name="told_of_waiting"' in page and "checked" not in page
    assert client.post("/en/officer/account/", {"told_of_waiting": "on", "mail_language": "en"}).status_code == 302
    approver.refresh_from_db()
    assert approver.told_of_waiting and approver.mail_language == "en"
    submitted(people["officer"])
    an_hour_later()
    telling.tell()
    assert "2 change sets wait for your decision" in Mail.objects.order_by("-id")[0].subject
    assert client.post("/en/officer/account/", {"mail_language": "x"}).status_code == 400


def test_the_administrator_gives_the_address(signed_in: Callable[[str], Client]) -> None:
    admin = signed_in("admin")
    for address in (
        "/officer/people/",
        f"/officer/people/{User.objects.get(username='officer').pk}/",
    ):
        assert 'name="email"' in admin.get(address).content.decode()
