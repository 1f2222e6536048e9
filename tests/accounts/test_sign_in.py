"""Signing in: how often somebody may try, the second factor, and what ends a session."""

import re
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory

from landgis.accounts import adapters, factors, idle
from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.changes.models import AuditEntry
from tests import factors as telephones

PASSWORD = "đúng mật khẩu 2026"
SIGN_IN, SECOND = "/officer/sign-in/", "/officer/sign-in/second/"
WRONG = "Tên hoặc mật khẩu không đúng"
HALL = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture(autouse=True)
def people(empty_world: str) -> dict[str, User]:
    """One person a role."""
    ensure_roles()
    found = {role: User.objects.create_user(role, password=PASSWORD, is_staff=True) for role in Role.values}
    for role, user in found.items():
        user.groups.set([Group.objects.get(name=role)])
    return found | {"boss": User.objects.create_superuser("boss", password=PASSWORD)}


def attempt(
    name: str = "officer", password: str = "wrong", path: str = SIGN_IN, client: Client | None = None, **more: str
) -> Any:
    """From a browser that comes for the first time, unless it is `client`."""
    return (client or Client()).post(path, {"login": name, "password": password}, **more)


def fail(number: int, name: str = "officer", client: Client | None = None, **more: str) -> None:
    for _one in range(number):
        answer = attempt(name, client=client, **more)
        assert answer.status_code == 200 and WRONG in answer.content.decode()


def signed_in(name: str, **more: str) -> Client:
    """Through the form, and with the code of the person's telephone where one is asked for."""
    client = Client()
    answer = attempt(name, PASSWORD, client=client, **more)
    if answer["Location"] == SECOND:
        answer = client.post(SECOND, {"code": telephones.code(User.objects.get(username=name))}, **more)
    assert answer.status_code == 302 and "_auth_user_id" in client.session
    return client


# Attempts


def test_whoever_guesses_waits(people: dict[str, User]) -> None:
    fail(adapters.FREE_OF_A_PAIR)
    closed = attempt(password=PASSWORD)
    assert closed.status_code == 429 and 0 < int(closed["Retry-After"]) <= 60
    assert "Hãy chờ 1 phút" in closed.content.decode()
    assert "Wait 1 minute," in attempt(path=f"/en{SIGN_IN}").content.decode()
    assert attempt("OFFICER").status_code == 429  # and no other way of writing it
    assert attempt("approver").status_code == 200
    assert not Client().post("/admin/login/", {"username": "officer", "password": PASSWORD}).cookies.get("sessionid")


def test_the_wait_grows_to_a_bound(people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute after the fifth failure, five after the sixth, fifteen after the seventh; the owner's device stays open."""
    own = Client()
    assert attempt(password=PASSWORD, client=own).status_code == 302
    own.post("/officer/sign-out/")
    clock = [time.time()]
    told = SimpleNamespace(time=lambda: clock[0], monotonic=time.monotonic, sleep=time.sleep)
    monkeypatch.setattr(adapters.ratelimit, "time", told)
    waits = []
    for free in (adapters.FREE_OF_A_PAIR, 1, 1):
        fail(free)
        closed = attempt(password=PASSWORD)
        assert closed.status_code == 429
        waits.append(int(closed["Retry-After"]))
        clock[0] += waits[-1] - 2
        assert attempt(password=PASSWORD).status_code == 429
        clock[0] += 3
    assert waits == [60, 299, 899]
    assert attempt(password=PASSWORD).status_code == 302
    assert attempt(password=PASSWORD, client=own).status_code == 302


def test_a_stranger_who_guesses_shuts_nobody_out() -> None:
    """From another address the door stays open; and where both have one address, to a device that is known."""
    own = Client()
    assert attempt(password=PASSWORD, client=own, **HALL).status_code == 302
    own.post("/officer/sign-out/")
    fail(adapters.FREE_OF_A_PAIR, **HALL)
    assert attempt(password=PASSWORD, **HALL).status_code == 429
    assert attempt(password=PASSWORD, REMOTE_ADDR="203.0.113.8").status_code == 302
    assert attempt(password=PASSWORD, client=own, **HALL).status_code == 302
    # Who signed in elsewhere has not opened the door again for the stranger.
    assert attempt(password=PASSWORD, **HALL).status_code == 429


def test_a_known_device_is_known_for_its_own_people_and_no_place_to_guess() -> None:
    own = Client()
    assert attempt(password=PASSWORD, client=own).status_code == 302
    cookie = own.cookies["landgis_device"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and "officer" not in cookie.value
    own.post("/officer/sign-out/")
    fail(adapters.FREE_OF_A_PAIR, client=own)
    assert attempt(client=own).status_code == 429
    assert attempt(password=PASSWORD).status_code == 302  # the address is not to blame
    forged = Client()
    forged.cookies["landgis_device"] = cookie.value[:-2] + "xx"
    fail(adapters.FREE_OF_A_PAIR, "analyst")
    assert attempt("analyst", client=own).status_code == 429
    fail(adapters.FREE_OF_A_PAIR)
    assert attempt(client=forged).status_code == 429


def test_a_hall_of_fifty_people_is_let_in_and_whoever_tries_all_names_is_not() -> None:
    """Everybody behind one address errs three times, then signs in."""
    own = Client()
    assert attempt(password=PASSWORD, client=own, **HALL).status_code == 302
    own.post("/officer/sign-out/")
    request = RequestFactory().post(SIGN_IN, **HALL)
    for number in range(150):
        adapters.AccountAdapter(request).pre_authenticate(request, username=f"somebody-{number // 3}")
    assert attempt(password=PASSWORD, **HALL).status_code == 302
    for number in range(100):
        adapters.AccountAdapter(request).pre_authenticate(request, username=f"name-{number}")
    assert attempt("nobody", **HALL).status_code == 429
    assert attempt(password=PASSWORD, REMOTE_ADDR="203.0.113.8").status_code == 302
    assert attempt(password=PASSWORD, client=own, **HALL).status_code == 302


def test_what_is_counted_is_in_the_database_and_names_nobody() -> None:
    attempt("somebody-else", **HALL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, ' '), count(*) FROM accounts_counter c WHERE cache_key ~ 'failed'")
        kept, count = cursor.fetchone()
    assert count >= 2 and "somebody" not in kept


def test_the_person_is_told() -> None:
    fail(3)
    client = signed_in("officer")
    assert "có 3 lần đăng nhập sai bằng tên của bạn" in client.get("/officer/").content.decode()
    client.post("/officer/sign-out/")
    attempt(password=PASSWORD, client=client)
    assert "đăng nhập sai" not in client.get("/officer/").content.decode()


# The second factor


@pytest.mark.parametrize("name", ["approver", "publisher", "boss"])
def test_a_role_that_demands_a_second_factor_reaches_nothing_without(people: dict[str, User], name: str) -> None:
    Authenticator.objects.all().delete()
    client = Client()
    assert attempt(name, PASSWORD, client=client).status_code == 302
    for path in ("/officer/", "/officer/redactions/", "/officer/account/", "/admin/", "/admin/changes/changeset/"):
        answer = client.get(path, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/officer/account/factors/?next="), path
    assert "Vai trò của bạn bắt buộc" in answer.content.decode()
    assert client.post("/officer/account/", {"mail_language": "en"}).status_code == 302
    assert signed_in("officer").get("/officer/").status_code == 200  # of whom none is demanded


def test_setting_up_an_app_of_codes(people: dict[str, User]) -> None:
    Authenticator.objects.all().delete()
    client, elsewhere = Client(), Client()
    for one in (client, elsewhere):
        attempt("approver", PASSWORD, client=one)
    page = client.get("/officer/account/factors/codes/", follow=True)
    assert "Nhập lại mật khẩu" in page.content.decode()
    page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page.content.decode())
    assert secret and "data:image/svg+xml" in page.content.decode()
    assert "Mã không đúng" in client.post("/officer/account/factors/codes/", {"code": "000"}).content.decode()
    client.get("/officer/account/factors/codes/")
    code = telephones.code_of(client.session["mfa.totp.secret"])
    page = client.post("/officer/account/factors/codes/", {"code": code}, follow=True).content.decode()
    shown = re.findall(r"<li><code>(\d{8})</code>", page)
    assert len(shown) == 10
    assert not any(one in client.get("/officer/account/factors/emergency/").content.decode() for one in shown)
    assert client.get("/officer/").status_code == 200
    # What was signed in before, elsewhere, has not passed it.
    assert elsewhere.get("/officer/")["Location"].startswith(SIGN_IN)
    # The code that set it up is not taken again, the next one once, an emergency code once.
    again = Client()
    assert attempt("approver", PASSWORD, client=again)["Location"] == SECOND
    assert again.get("/officer/").status_code == 302
    assert "đã được dùng" in again.post(SECOND, {"code": code}).content.decode()
    assert again.post(SECOND, {"code": shown[0]}).status_code == 302 and again.get("/officer/").status_code == 200
    third = Client()
    attempt("approver", PASSWORD, client=third)
    assert third.post(SECOND, {"code": shown[0]}).status_code == 200
    later = telephones.code(people["approver"], steps=1)
    assert third.post(SECOND, {"code": later}).status_code == 302 and third.get("/officer/").status_code == 200
    verbs = list(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs.count("person.factor-added") == 2 and verbs.count("person.sign-in-failed") == 2


def test_codes_are_not_guessed(people: dict[str, User]) -> None:
    client = Client()
    attempt("approver", PASSWORD, client=client)
    for _one in range(5):
        assert client.post(SECOND, {"code": "000000"}).status_code == 200
    right = telephones.code(people["approver"])
    assert "Hãy chờ 1 phút rồi thử lại" in client.post(SECOND, {"code": right}).content.decode()
    cache.clear()
    assert client.post(SECOND, {"code": right}).status_code == 302


def test_the_last_factor_of_an_approver_is_not_removed(people: dict[str, User]) -> None:
    client = signed_in("approver")
    page = client.get("/officer/account/factors/codes/remove/", follow=True)
    page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    assert "hãy thêm một cách khác" in page.content.decode()
    client.post("/officer/account/factors/codes/remove/")
    assert not factors.is_lacking(people["approver"])


def test_the_admin_has_no_door_of_its_own(people: dict[str, User]) -> None:
    assert Client().get("/admin/changes/changeset/", follow=True).redirect_chain[-1][0].startswith(SIGN_IN)
    assert Client().post("/admin/login/", {"username": "boss", "password": PASSWORD})["Location"].startswith(SIGN_IN)
    waiting = Client()
    attempt("boss", PASSWORD, client=waiting)
    assert waiting.get("/admin/", follow=True).redirect_chain[-1][0].startswith(SIGN_IN)
    assert signed_in("boss").get("/admin/").status_code == 200
    User.objects.filter(username="officer").update(is_staff=False)
    assert signed_in("officer").get("/admin/", follow=True).status_code == 403


# Sessions


def test_the_session_is_another_after_signing_in_and_ends_with_the_browser() -> None:
    client = Client()
    client.get(SIGN_IN)
    before = client.session.session_key
    attempt(password=PASSWORD, client=client)
    cookie = client.cookies["sessionid"]
    assert cookie.value != before and cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["max-age"]
    assert client.session.get_expiry_age() <= 12 * 3600


def test_sessions_end_at_once_with_the_account_its_password_and_its_factor(people: dict[str, User]) -> None:
    client = signed_in("approver")
    factors.take_away(people["approver"])
    assert client.get("/officer/")["Location"].startswith(SIGN_IN)
    client = signed_in("officer")
    User.objects.filter(username="officer").update(is_active=False)
    assert client.get("/officer/")["Location"].startswith(SIGN_IN)
    assert attempt(password=PASSWORD)["Location"] == "/officer/sign-in/ended/"


def test_nobody_makes_an_account() -> None:
    for path in ("signup/", "sign-up/"):
        assert Client().get(f"/officer/{path}").status_code == 404
    assert User.objects.count() == 6


def test_changing_the_password_says_its_rules_before(people: dict[str, User]) -> None:
    client = signed_in("officer")
    page = client.get("/officer/account/password/").content.decode()
    assert "Ít nhất 12 ký tự" in page
    said = {"oldpassword": PASSWORD, "password1": "ngắn", "password2": "ngắn"}
    assert client.post("/officer/account/password/", said).status_code == 200
    new = "một câu dài khác hẳn"
    answer = client.post("/officer/account/password/", said | {"password1": new, "password2": new})
    assert answer["Location"] == "/officer/account/" and client.get("/officer/").status_code == 200
    assert attempt(password=new).status_code == 302


# The end of a session


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets so many minutes pass."""
    clock = [time.time()]
    monkeypatch.setattr(idle, "time", SimpleNamespace(time=lambda: clock[0]))

    def pass_by(minutes: int) -> None:
        clock[0] += minutes * 60

    return pass_by


def test_a_session_ends_when_nothing_is_done(later: Callable[[int], None]) -> None:
    client = signed_in("officer")
    for _one in range(3):  # what is done keeps it
        later(59)
        assert client.get("/officer/account/").status_code == 200
    later(59)
    assert client.get("/officer/runs/1.json").status_code == 404  # a page that asks by itself does not
    later(1)
    answer = client.get("/en/officer/account/", follow=True)
    assert answer.redirect_chain[-1][0] == "/en/officer/sign-in/?next=%2Fen%2Fofficer%2Faccount%2F"
    assert "nothing was done for 60 minutes" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_session_lasts_a_working_day_whatever_is_done(later: Callable[[int], None]) -> None:
    client = signed_in("officer")
    for _one in range(15):
        later(45)
        assert client.get("/officer/account/").status_code == 200
    later(45)
    assert "a session lasts a working day" in client.get("/en/officer/account/", follow=True).content.decode()


def test_what_is_sent_after_the_end_comes_back_to_whoever_sent_it(later: Callable[[int], None]) -> None:
    client, address, asked = signed_in("officer"), "/en/officer/redactions/", "/en/officer/redactions/"
    later(60)
    sent = {"dataset": "public-land", "ref": "P-1", "reason": "Dòng một\r\nDòng <hai>", "password": "zq secret"}
    answer = client.post(address, sent, follow=True)
    page = answer.content.decode()
    assert "What you sent is kept" in page and "zq secret" not in page and "Dòng" not in page
    assert attempt(password=PASSWORD, client=client, path=answer.redirect_chain[-1][0])["Location"] == asked
    page = client.get(asked).content.decode()
    assert "Send it once more" in page and "Dòng &lt;hai&gt;" in page and "zq secret" not in page
    assert client.get("/en/officer/").status_code == 200  # other pages are as ever
    fields = dict(re.findall(r'<textarea name="(\w+)" hidden>(.*?)</textarea>', page, re.S))
    assert fields.keys() == {"dataset", "ref", "reason"}
    assert client.post(asked, fields).status_code == 400  # looked at as what it is
    assert "Send it once more" not in client.get(asked).content.decode()


def test_what_is_sent_after_the_end_is_shown_to_nobody_else(later: Callable[[int], None]) -> None:
    client, address = signed_in("officer"), "/officer/redactions/"
    later(60)
    client.post(address, {"reason": "zq typed"})
    assert attempt("approver", PASSWORD, client=client)["Location"] == SECOND
    client.post(SECOND, {"code": telephones.code(User.objects.get(username="approver"))})
    assert "zq typed" not in client.get(address).content.decode()
    assert "session_kept" not in client.session
