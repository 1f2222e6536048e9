"""Reporting an error: form, number, public status, backlog; what was written stays with the officers."""

import re
from typing import Any

import pytest
from django.test import Client

from landgis.feedback import actions
from landgis.feedback.models import Report
from tests import samples

pytestmark = pytest.mark.usefixtures("own_plots")

FORM = "/feedback/public-land/P-00001/"
TEXT = "Ranh giới phía đông lệch khoảng hai mét."
CONTACT = "zq-reader@example.org"


@pytest.fixture
def own_plots(empty_world: str) -> None:
    samples.the_whole_state([samples.plot(1), samples.plot(2, is_public=False)])


def send(client: Client, address: str = FORM, **values: str) -> Any:
    return client.post(address, {"kind": "boundary", "text": TEXT, "contact": CONTACT, **values})


def number_of(response: Any) -> str:
    return Report.objects.get(code=code_of(response)).number


def code_of(response: Any) -> str:
    assert response.status_code == 302, response.content.decode()
    found = re.fullmatch(r"(?:/en)?/feedback/mine\?code=(\w{4}-\w{4}-\w{4})", response["Location"])
    assert found
    return found[1]


def test_a_reader_without_scripts_reports_and_follows_the_report(client: Client) -> None:
    page = client.get("/public-land/P-00001/").content.decode()
    assert f'href="{FORM}"' in page
    form = client.get(FORM).content.decode()
    assert "csrfmiddlewaretoken" in form and "<script" not in re.search(r"<main.*</main>", form, re.DOTALL)[0]
    number = number_of(send(client))
    kept = Report.objects.get(number=number)
    assert (kept.dataset, kept.ref, kept.text, kept.contact) == ("public-land", "P-00001", TEXT, CONTACT)
    status = client.get(f"/feedback/{number}/").content.decode()
    assert "Đã tiếp nhận" in status and 'href="/public-land/P-00001/"' in status
    Report.objects.update(status="corrected")
    assert "Corrected" in client.get(f"/en/feedback/{number}/").content.decode()


def test_what_was_written_and_by_whom_is_nowhere_in_public(client: Client) -> None:
    number = number_of(send(client))
    key = Report.objects.get(number=number).sender_key
    for address in (f"/feedback/{number}/", "/feedback/", "/public-land/P-00001/", f"/feedback/?number={number}"):
        body = client.get(address, follow=True).content.decode()
        assert TEXT not in body and CONTACT not in body and key not in body


def test_numbers_have_no_gaps_and_the_backlog_counts(client: Client) -> None:
    numbers = [number_of(send(client)) for _ in range(3)]
    assert [int(number[5:]) for number in numbers] == [1, 2, 3]
    Report.objects.filter(number=numbers[0]).update(status="no-change")
    line = re.search(
        r"<tr><th[^>]*>Public land</th><td>(\d+)</td><td>(\d+)</td>", client.get("/en/feedback/").content.decode()
    )
    assert line and line.groups() == ("2", "1")
    assert "Phản ánh đang mở: 2 tại đây, 2 trong" in client.get("/public-land/P-00001/").content.decode()


def test_reports_on_what_is_no_longer_public_are_not_counted_and_not_named(client: Client) -> None:
    number = number_of(send(client))
    samples.the_whole_state([samples.plot(1, is_public=False), samples.plot(2, is_public=False)])
    assert "P-00001" not in client.get(f"/feedback/{number}/").content.decode()
    line = re.search(r"<tr><th[^>]*>Public land</th><td>(\d+)</td>", client.get("/en/feedback/").content.decode())
    assert line and line[1] == "0"


def test_what_is_not_public_cannot_be_reported(client: Client) -> None:
    for ref in ("P-00002", "P-09999"):
        assert client.get(f"/feedback/public-land/{ref}/").status_code == 404
        assert send(client, f"/feedback/public-land/{ref}/").status_code == 404
    assert client.get("/feedback/nothing/P-00001/").status_code == 404
    assert not Report.objects.exists()


def test_a_sender_is_stopped_after_a_few_and_others_are_not(client: Client) -> None:
    for _ in range(actions.MOST_OF_A_SENDER):
        number_of(send(client))
    stopped = send(client)
    assert stopped.status_code == 429
    assert TEXT in stopped.content.decode()  # nothing that was written is lost
    assert 3500 < int(stopped["Retry-After"]) <= 3600 and "sau 60 phút" in stopped.content.decode()
    assert Report.objects.count() == actions.MOST_OF_A_SENDER
    other = Client(REMOTE_ADDR="192.0.2.7")
    number_of(send(other))
    forwarded = Client(headers={"X-Forwarded-For": "192.0.2.7, 198.51.100.9"})
    number_of(send(forwarded))
    assert not Report.objects.filter(sender_key__contains="192.0.2").exists()


def browser(address: str = "203.0.113.5") -> Client:
    """A reader's own browser: the form leaves the cookie that guards it."""
    own = Client(REMOTE_ADDR=address)
    assert own.get(FORM).status_code == 200 and own.cookies
    return own


def test_a_hall_with_fifty_people_behind_one_address_is_not_shut_out() -> None:
    people = [browser() for _ in range(50)]
    for person in people:
        number_of(send(person))
        number_of(send(person))
        assert person.get("/public-land/P-00001/").status_code == 200
    assert Report.objects.count() == 100
    for _ in range(actions.MOST_OF_A_SENDER - 2):
        number_of(send(people[0]))
    assert send(people[0]).status_code == 429  # one of them who sends on and on
    number_of(send(people[1]))


def test_whoever_takes_a_new_browser_each_time_is_slowed_and_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_OF_AN_ADDRESS", 8)
    for _ in range(8):
        number_of(send(browser()))
    stopped = send(browser())
    assert stopped.status_code == 429 and int(stopped["Retry-After"]) > 3500
    number_of(send(browser("198.51.100.9")))


def test_a_form_that_did_not_come_from_here_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert send(strict).status_code == 403
    form = strict.get(FORM).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    number_of(send(strict, csrfmiddlewaretoken=token[1]))


@pytest.mark.parametrize(
    "values",
    [
        {"text": "short"},
        {"text": "x" * 2001},
        {"kind": "rude"},
        {"website": "spam.example"},
        {"text": "a\x00bcdefghijk"},
    ],
)
def test_what_cannot_be_taken_in_is_said(client: Client, values: dict[str, str]) -> None:
    response = send(client, **values)
    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()
    assert not Report.objects.exists()


def test_a_number_that_never_was(client: Client) -> None:
    assert client.get("/feedback/2026-99999/").status_code == 404
    assert client.get("/feedback/?number=2026-99999").status_code == 404
    assert client.get("/feedback/?number=%00").status_code == 404
