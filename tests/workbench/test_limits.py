"""How much may be sent, and how often somebody may try to sign in."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from landgis.accounts import attempts
from landgis.accounts.models import Attempt, User
from tests.workbench.conftest import PASSWORD

pytestmark = pytest.mark.usefixtures("own_world")
SIGN_IN = "/officer/sign-in/"


class Untouched:
    """A body that nobody may read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def send(client: Client, path: str, length: int) -> Any:
    """A POST that says how long its body is."""
    body = {"CONTENT_LENGTH": str(length), "wsgi.input": Untouched()}
    return client.post(path, content_type="multipart/form-data; boundary=x", **body)


def test_what_is_too_large_is_refused_unread_with_a_page(signed_in: Callable[[str], Client], settings: Any) -> None:
    client = signed_in("officer")
    for prefix, said in (("", "tối đa 512 MB"), ("/en", "At most 512 MB")):
        answer = send(client, f"{prefix}/officer/upload/", settings.MAX_UPLOAD + 1)
        assert answer.status_code == 413
        assert said in answer.content.decode()
    assert send(client, "/officer/sign-in/", settings.MAX_BODY + 1).status_code == 413
    assert send(client, "/api/search", settings.MAX_BODY + 1)["Content-Type"] == "application/problem+json"


def test_files_are_taken_only_from_whoever_is_signed_in(signed_in: Callable[[str], Client], settings: Any) -> None:
    assert send(Client(), "/officer/upload/", settings.MAX_BODY + 1).status_code == 413
    with pytest.raises(AssertionError, match="the body was read"):
        send(signed_in("officer"), "/officer/upload/", settings.MAX_BODY + 1)


# Signing in


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """What is tested is who may try when; the product's own way takes a fifth of a second for each try, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def officer(people: dict[str, User]) -> User:
    user = people["officer"]
    user.set_password(PASSWORD)
    user.save()
    return user


def attempt(
    name: str = "officer", password: str = "wrong", path: str = SIGN_IN, client: Client | None = None, **more: str
) -> Any:
    """From a browser that comes for the first time, unless it is `client`."""
    return (client or Client()).post(path, {"username": name, "password": password}, **more)


def fail(number: int, name: str = "officer", client: Client | None = None, **more: str) -> None:
    """So many attempts fail at once, however long they would have to wait: each seems to be an hour old."""
    for _one in range(number):
        answer = attempt(name, client=client, **more)
        assert answer.status_code == 200 and "Tên hoặc mật khẩu" in answer.content.decode()
        Attempt.objects.update(at=F("at") - datetime.timedelta(hours=1))


def just_now() -> None:
    """The last attempts were made this moment."""
    Attempt.objects.update(at=Now())


def test_whoever_guesses_waits_longer_each_time(officer: User) -> None:
    fail(attempts.FREE_OF_A_PAIR)
    waits = []
    for _number in range(12):
        just_now()
        closed = attempt(password=PASSWORD)
        assert closed.status_code == 429
        waits.append(int(closed["Retry-After"]))
        Attempt.objects.update(at=F("at") - datetime.timedelta(hours=1))
        fail(1)
    assert waits == sorted(waits) and waits[0] <= 1 and 30 < waits[6] <= 64 and waits[-1] == attempts.LONGEST_S
    just_now()
    assert "Hãy chờ 15 phút" in attempt(password=PASSWORD).content.decode()
    assert "Wait 15 minutes" in attempt(path=f"/en{SIGN_IN}").content.decode()
    assert attempt("OFFICER").status_code == 429  # and no other way of writing it
    assert attempt("second").status_code == 200
    # The same door leads to /admin/.
    User.objects.filter(pk=officer.pk).update(is_staff=True)
    assert "quá nhiều lần" in attempt(password=PASSWORD, path="/admin/login/").content.decode()
    # Attempts while it is closed do not lengthen the wait.
    Attempt.objects.update(at=Now() - datetime.timedelta(seconds=attempts.LONGEST_S))
    assert attempt(password=PASSWORD).status_code == 302


def test_a_stranger_who_guesses_shuts_nobody_out(officer: User) -> None:
    """From another address the door stays open; and where both have one address, to a device that is known."""
    own = Client()
    assert attempt(password=PASSWORD, client=own, REMOTE_ADDR="203.0.113.7").status_code == 302
    own.post("/officer/sign-out/")
    fail(attempts.FREE_OF_A_PAIR + 20, REMOTE_ADDR="203.0.113.7")
    just_now()
    assert attempt(password=PASSWORD, REMOTE_ADDR="203.0.113.7").status_code == 429
    assert attempt(password=PASSWORD, REMOTE_ADDR="203.0.113.8").status_code == 302
    assert attempt(password=PASSWORD, client=own, REMOTE_ADDR="203.0.113.7").status_code == 302
    # Who signed in elsewhere has not opened the door again for the stranger.
    assert attempt(password=PASSWORD, REMOTE_ADDR="203.0.113.7").status_code == 429


def test_a_known_device_is_known_for_its_own_people_and_no_place_to_guess(
    officer: User, people: dict[str, User]
) -> None:
    own = Client()
    assert attempt(password=PASSWORD, client=own).status_code == 302
    cookie = own.cookies["landgis_device"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and "officer" not in cookie.value
    own.post("/officer/sign-out/")
    fail(attempts.FREE_OF_A_PAIR, client=own)
    just_now()
    assert attempt(client=own).status_code == 429
    assert attempt(password=PASSWORD).status_code == 302  # the address is not to blame
    fail(attempts.FREE_OF_A_PAIR, "second")
    just_now()
    assert attempt("second", client=own).status_code == 429
    forged = Client()
    forged.cookies["landgis_device"] = cookie.value[:-2] + "xx"
    fail(attempts.FREE_OF_A_PAIR)
    just_now()
    assert attempt(client=forged).status_code == 429


def test_the_person_is_told(officer: User) -> None:
    fail(3)
    client = Client()
    attempt(password=PASSWORD, client=client)
    assert "có 3 lần đăng nhập sai bằng tên của bạn" in client.get("/officer/").content.decode()
    client.post("/officer/sign-out/")
    attempt(password=PASSWORD, client=client)
    assert "đăng nhập sai" not in client.get("/officer/").content.decode()


def test_a_right_password_ends_the_count(officer: User) -> None:
    for _round in range(2):
        fail(attempts.FREE_OF_A_PAIR - 1)
        assert attempt(password=PASSWORD).status_code == 302
    assert not Attempt.objects.exists()


def test_an_address_that_tries_many_names_waits_and_others_do_not(officer: User) -> None:
    begun = Attempt.objects.bulk_create(
        Attempt(name_key=f"{number}", address_key=attempts._key("address", "203.0.113.7"), at=timezone.now())
        for number in range(attempts.FREE_OF_AN_ADDRESS + 20)
    )
    assert attempt(password=PASSWORD, REMOTE_ADDR="203.0.113.7").status_code == 429
    assert attempt(password=PASSWORD, REMOTE_ADDR="203.0.113.8").status_code == 302
    attempt("somebody-else", REMOTE_ADDR="203.0.113.9")
    kept = str(list(Attempt.objects.values()))
    assert begun and "somebody" not in kept and "203.0" not in kept


def test_old_attempts_are_forgotten(officer: User) -> None:
    attempt()
    Attempt.objects.update(at=Attempt.objects.get().at - attempts.KEPT)
    attempt("second")
    assert Attempt.objects.count() == 1
