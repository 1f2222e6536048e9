"""The administrator's pages of people: invitations, roles in territories, stand-ins, factors, and the end of an account."""

import datetime
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from landgis.accounts import factors, links
from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.changes import territories
from landgis.changes.models import AuditEntry
from landgis.mail.models import Mail
from landgis.operations.people import actions
from landgis.places import holdings
from landgis.places.models import Holding

PEOPLE = "/officer/people/"
PASSWORD = "một câu dài khác hẳn"
INVITED = {"username": "lan", "last_name": "Trần Thị Lan", "email": "lan@example.org", "mail_language": "vi"}


@pytest.fixture
def boss(empty_world: str) -> Client:
    ensure_roles()
    client = Client()
    client.force_login(User.objects.create_superuser("boss", password=PASSWORD))
    return client


def invited(boss: Client, **more: str) -> tuple[User, str]:
    """The person and the path of the link that the page shows, since no mail goes out."""
    page = boss.post(PEOPLE, INVITED | more).content.decode()
    link = re.search(r'<code id="link">http[^/]*//[^/]*(/[^<]*)</code>', page)
    assert link, page
    return User.objects.get(username="lan"), link[1].replace("&amp;", "&")


def does(boss: Client, person: User, step: str, **said: Any) -> Any:
    return boss.post(f"{PEOPLE}{person.pk}/", {"step": step, **said})


def test_an_invitation_is_taken_once(boss: Client) -> None:
    person, link = invited(boss)
    assert not person.has_usable_password()
    mail = Mail.objects.get()
    assert (mail.to, mail.purpose) == ("lan@example.org", "invitation") and link in mail.text
    page = Client().get(link).content.decode()
    assert "Ít nhất 12 ký tự" in page and "lan" in page
    short = Client().post(link, {"new_password1": "ngắn", "new_password2": "ngắn"})
    assert short.status_code == 400
    said = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert Client().post(link, said)["Location"] == "/officer/sign-in/"
    assert Client().get(link).status_code == Client().post(link, said).status_code == 410
    client = Client()
    client.post("/officer/sign-in/", {"login": "lan", "password": PASSWORD})
    assert client.get("/officer/").status_code == 403  # no role yet
    give = {"role": "officer", "territory": holdings.whole_office().pk}
    assert does(boss, person, "give", **give).status_code == 302
    assert client.get("/officer/").status_code == 200
    assert territories.of(person, Role.OFFICER).is_whole
    verbs = list(AuditEntry.objects.filter(by="boss").values_list("verb", flat=True))
    assert {"person.invited", "territory.given", "person.changed", "person.made"} <= set(verbs)


def test_a_link_ends_with_time_with_the_next_and_with_the_invitation(boss: Client, settings: Any) -> None:
    person, first = invited(boss)
    page = does(boss, person, "invite").content.decode()
    second = re.search(r'<code id="link">http[^/]*//[^/]*(/[^<]*)</code>', page)
    assert second and Client().get(first).status_code == 410
    link = second[1].replace("&amp;", "&")
    assert Client().get(link).status_code == 200
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert Client().get(link).status_code == 410
    settings.PASSWORD_RESET_TIMEOUT = 86_400
    does(boss, person, "end")
    assert Client().get(link).status_code == 410
    for wrong in ("", "?person=1", "?person=1&token=x", "?person=x&token=y", "?person=99999999999999999999&token=y"):
        assert Client().get(f"/officer/sign-in/password/{wrong}").status_code == 410


def test_the_link_stands_in_no_log_and_on_no_page_of_mails(boss: Client, capsys: pytest.CaptureFixture[str]) -> None:
    _person, link = invited(boss)
    token = link.rpartition("=")[2]
    Client().get(link)
    number = Mail.objects.get().pk
    boss.get("/officer/mail/")
    page = boss.post(f"/officer/mail/{number}/", {"step": "read", "reason": "Is it sent?"}).content.decode()
    assert token not in page and "không hiện" in page
    told = capsys.readouterr()
    assert token not in told.out + told.err


def test_a_forgotten_password_tells_nobody_who_is_here(boss: Client) -> None:
    person = User.objects.create_user("nam", "nam@example.org", PASSWORD)
    factors.end_sessions(person)
    pages = {
        re.sub(r'value="\w{64}"', "", Client().post("/officer/sign-in/forgotten/", {"name": name}).content.decode())
        for name in ("nam", "NAM@example.org", "nobody", "nobody@example.org")
    }
    assert len(pages) == 1 and "nếu có tài khoản" in pages.pop().lower()
    assert {mail.to for mail in Mail.objects.all()} == {"nam@example.org"}
    link = re.search(r"http\S*(/officer\S*)", Mail.objects.order_by("id")[0].text)
    assert link
    signed_in = Client()
    signed_in.force_login(person)
    new = "câu mới cũng dài"
    assert Client().post(link[1], {"new_password1": new, "new_password2": new}).status_code == 302
    assert signed_in.get("/officer/").status_code == 302  # out everywhere
    person.refresh_from_db()
    assert person.check_password(new)
    for _one in range(8):
        answer = Client().post("/officer/sign-in/forgotten/", {"name": "nam"})
    assert answer.status_code == 429


def test_roles_in_territories_stand_ins_and_their_end(boss: Client) -> None:
    person, _link = invited(boss)
    other = User.objects.create_user("other")
    xuyen_moc = holdings.make("xuyen-moc", "Xuyên Mộc", ["26620"], by=None)
    does(boss, person, "give", role="officer", territory=xuyen_moc.pk)
    holding = Holding.objects.get(person=person)
    until = (timezone.localtime() + datetime.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    does(boss, other, "stand-in", holding=holding.pk, until=until)
    assert territories.book().roles(other) == {Role.OFFICER} and other.has_role(Role.OFFICER)
    page = boss.get(PEOPLE).content.decode()
    assert "Xuyên Mộc" in page and "thay cho" in page
    does(boss, person, "take", holding=holding.pk)
    assert not territories.book().roles(other) and not territories.book().roles(person)
    assert not person.has_role(Role.OFFICER)
    assert does(boss, person, "give", role="owner", territory=xuyen_moc.pk).status_code == 400
    past = "2020-01-01T10:00"
    does(boss, person, "give", role="officer", territory=xuyen_moc.pk, until=past)
    assert Holding.objects.filter(person=person).count() == 1


def test_the_end_of_an_account_is_at_once_and_it_can_be_opened_again(boss: Client) -> None:
    person = User.objects.create_user("nam", "nam@example.org", PASSWORD)
    person.groups.add(Group.objects.get(name="approver"))
    client = Client()
    client.force_login(person)
    assert client.get("/officer/").status_code == 200
    does(boss, person, "end")
    assert client.get("/officer/").status_code == 302
    sign_in = {"login": "nam", "password": PASSWORD}
    assert Client().post("/officer/sign-in/", sign_in).status_code == 200
    page = does(boss, person, "begin").content.decode()
    person.refresh_from_db()
    assert 'id="link"' in page and person.is_active and not person.has_usable_password()
    assert client.get("/officer/").status_code == 302
    ended = AuditEntry.objects.filter(subject="person nam", by="boss").values_list("verb", flat=True)
    assert {"person.ended", "person.begun", "person.invited"} <= set(ended)


def test_a_lost_factor_is_taken_away(boss: Client) -> None:
    person = User.objects.create_user("nam", "nam@example.org", PASSWORD)
    person.groups.add(Group.objects.get(name="approver"))
    client = Client()
    client.force_login(person)
    does(boss, person, "factor")
    assert client.get("/officer/").status_code == 302 and factors.is_lacking(person)
    assert AuditEntry.objects.filter(verb="person.factor-taken", by="boss", subject="person nam").exists()
    client = Client()
    client.post("/officer/sign-in/", {"login": "nam", "password": PASSWORD})
    assert client.get("/officer/")["Location"].startswith("/officer/account/factors/")


def test_the_last_administrator_stays(boss: Client) -> None:
    own = User.objects.get(username="boss")
    page = does(boss, own, "end")
    assert "quản trị viên cuối cùng" in boss.get(page["Location"]).content.decode()
    own.refresh_from_db()
    assert own.is_active
    second = administrator(boss, "second")
    does(boss, own, "end")
    own.refresh_from_db()
    assert not own.is_active and boss.get(PEOPLE).status_code == 302
    (holding,) = Holding.objects.filter(person=second)
    with pytest.raises(actions.LastAdministrator):
        actions.end(second, by=second)
    with pytest.raises(actions.LastAdministrator):
        actions.take(holding, by=second)
    third = administrator(signed_in(second), "third")
    actions.take(holding, by=third)
    assert signed_in(second).get(PEOPLE).status_code == 403


def administrator(boss: Client, name: str, **until: str) -> User:
    """Somebody to whom the role is given on the page."""
    person = User.objects.create_user(name, f"{name}@example.org", PASSWORD, is_staff=True)
    office = holdings.whole_office().pk
    assert does(boss, person, "give", role="administrator", territory=office, **until).status_code == 302
    return person


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_an_administrator_has_a_role_with_an_end_and_a_second_factor(boss: Client) -> None:
    """All pages of people, and nothing else: no change set, no feature, nobody who may do everything."""
    left = holdings.make("left", "Xã Trái", ["1-b"], by=None)
    person = User.objects.create_user("lan", "lan@example.org", PASSWORD, is_staff=True)
    answer = does(boss, person, "give", role="administrator", territory=left.pk)
    assert answer.status_code == 400 and "Quản trị viên là của toàn cơ quan" in answer.content.decode()
    soon = timezone.localtime() + datetime.timedelta(hours=1)
    person = administrator(boss, "keeper", until=soon.strftime("%Y-%m-%dT%H:%M"))
    assert factors.is_needed(person) and not person.is_superuser
    client = signed_in(person)
    for path in (PEOPLE, f"{PEOPLE}territories/", f"{PEOPLE}{person.pk}/", "/officer/account/"):
        assert client.get(path).status_code == 200, path
    assert client.get("/officer/")["Location"] == PEOPLE
    for path in ("/officer/redactions/", "/officer/upload/", "/officer/changes/1/", "/admin/changes/auditentry/"):
        assert client.get(path).status_code == 403, path
    assert f'href="{PEOPLE}"' in client.get("/officer/account/").content.decode()
    lan = User.objects.get(username="lan")
    assert does(client, lan, "give", role="officer", territory=left.pk).status_code == 302
    assert lan.has_role(Role.OFFICER)
    own = User.objects.get(username="boss")
    for step in ("end", "factor", "sign-out", "about"):
        assert does(client, own, step, email="x@example.org", mail_language="vi").status_code == 403, step
    Holding.objects.filter(person=person).update(since=F("since") - datetime.timedelta(days=1), until=Now())
    assert client.get(PEOPLE).status_code == 403  # at once, with no task that could be late
    assert f'href="{PEOPLE}"' not in client.get("/officer/account/").content.decode()


def test_nobody_else_sees_people_and_the_admin_changes_none(boss: Client) -> None:
    person = User.objects.create_user("nam", is_staff=True)
    person.groups.set(Group.objects.all())
    client = Client()
    client.force_login(person)
    assert client.get(PEOPLE).status_code == client.get(f"{PEOPLE}{person.pk}/").status_code == 403
    assert client.post(PEOPLE, INVITED).status_code == 403
    for path in ("add/", f"{person.pk}/delete/", f"{person.pk}/password/"):
        assert boss.get(f"/admin/accounts/user/{path}").status_code == 403, path
    assert boss.get("/admin/accounts/user/").status_code == 200


def test_an_address_belongs_to_one_person(boss: Client) -> None:
    User.objects.create_user("nam", "LAN@example.org")
    page = boss.post(PEOPLE, INVITED)
    assert page.status_code == 400 and "đã có người dùng khác" in page.content.decode()
    assert links.person_of("1" * 30, "x") is None
