"""How much may be sent, and how often somebody may try to sign in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

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


@pytest.fixture
def officer(people: dict[str, User]) -> User:
    user = people["officer"]
    user.set_password(PASSWORD)
    user.save()
    return user


def attempt(name: str = "officer", password: str = "wrong", path: str = SIGN_IN, **more: str) -> Any:
    return Client().post(path, {"username": name, "password": password}, **more)


def test_after_ten_attempts_the_name_is_closed_there_for_a_while(officer: User) -> None:
    for _number in range(attempts.MOST_OF_A_PAIR):
        answer = attempt()
        assert answer.status_code == 200 and "Tên hoặc mật khẩu" in answer.content.decode()
    closed = attempt(password=PASSWORD)
    assert (closed.status_code, closed["Retry-After"]) == (429, "900")
    assert "Đã đăng nhập sai quá nhiều lần. Hãy chờ 15 phút" in closed.content.decode()
    assert "Too many attempts have failed. Wait 15 minutes" in attempt(path=f"/en{SIGN_IN}").content.decode()
    assert attempt("OFFICER").status_code == 429  # and no other way of writing it
    assert attempt("second").status_code == 200
    # The same door leads to /admin/.
    User.objects.filter(pk=officer.pk).update(is_staff=True)
    assert "quá nhiều lần" in attempt(password=PASSWORD, path="/admin/login/").content.decode()
    # Attempts while it is closed do not lengthen the wait.
    for one in Attempt.objects.all():
        one.at -= attempts.WITHIN
        one.save()
    assert attempt(password=PASSWORD).status_code == 302


def test_a_stranger_who_guesses_shuts_nobody_out_elsewhere(officer: User) -> None:
    for _number in range(attempts.MOST_OF_A_PAIR):
        attempt(REMOTE_ADDR="203.0.113.7")
    assert attempt(password=PASSWORD, REMOTE_ADDR="203.0.113.7").status_code == 429
    assert attempt(password=PASSWORD, REMOTE_ADDR="203.0.113.8").status_code == 302
    # Who signed in elsewhere has not opened the door again for the stranger.
    assert attempt(password=PASSWORD, REMOTE_ADDR="203.0.113.7").status_code == 429


def test_a_right_password_ends_the_count(officer: User) -> None:
    for _round in range(2):
        for _number in range(attempts.MOST_OF_A_PAIR - 1):
            attempt()
        assert attempt(password=PASSWORD).status_code == 302
    assert not Attempt.objects.exists()


def test_an_address_that_tries_many_names_is_closed_and_others_are_not(officer: User) -> None:
    for number in range(attempts.MOST_OF_AN_ADDRESS):
        attempt(f"somebody-{number}", REMOTE_ADDR="203.0.113.7")
    assert attempt(password=PASSWORD, REMOTE_ADDR="203.0.113.7").status_code == 429
    assert attempt(password=PASSWORD, REMOTE_ADDR="203.0.113.8").status_code == 302
    kept = str(list(Attempt.objects.values()))
    assert "somebody" not in kept and "203.0" not in kept


def test_old_attempts_are_forgotten(officer: User) -> None:
    attempt()
    Attempt.objects.update(at=Attempt.objects.get().at - attempts.KEPT)
    attempt("second")
    assert Attempt.objects.count() == 1
