"""The pages of redactions: one person asks, another confirms, and each sees what may be seen."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from landgis.changes.models import Redaction
from tests.changes.test_redaction import (  # noqa: F401  # fixtures
    NAME,
    PUBLIC_REASON,
    REF,
    WORD,
    columns_with,
    person,
    story,
    told,
)

LIST = "/en/officer/redactions/"


pytestmark = pytest.mark.usefixtures("story")


def client(name: str) -> Client:
    signed_in = Client()
    signed_in.force_login(person(name))
    return signed_in


def form(**said: Any) -> dict[str, Any]:
    about = {"dataset": "public-land", "ref": REF, "value": "name:1", "fate": "destroy"}
    return about | {"reason": "Công văn 12/2026", "public_reason": PUBLIC_REASON} | said


def test_one_asks_and_another_confirms() -> None:
    officer, approver = client("officer"), client("approver")
    offered = officer.get(LIST, {"dataset": "public-land", "ref": REF}).content.decode()
    assert NAME in offered and "name:1" in offered and "Seal" not in offered
    answer = officer.post(LIST, form())
    page = answer.headers["Location"]
    assert answer.status_code == 302 and page == f"{LIST}{Redaction.objects.get().pk}/"
    own = officer.get(page).content.decode()
    assert "Another person has to confirm it" in own and "Take it out" not in own and "Take the request back" in own
    assert officer.post(page, {"step": "confirm"}).status_code == 403
    theirs = approver.get(page).content.decode()
    assert NAME in theirs and "Take it out" in theirs and "nobody can put it back" in theirs
    assert approver.post(page, {"step": "confirm"}).status_code == 302
    done = approver.get(page).content.decode()
    assert WORD not in done.lower() and "Take it out" not in done and "2, done" in done
    assert columns_with(WORD) == set()
    assert "Taken out" in approver.get(LIST).content.decode()
    assert "Đã che" in approver.get(LIST.removeprefix("/en")).content.decode()


def test_an_approver_who_asked_does_not_confirm() -> None:
    approver = client("approver")
    page = approver.post(LIST, form()).headers["Location"]
    assert "Take it out" not in approver.get(page).content.decode()
    answer = approver.post(page, {"step": "confirm"}, follow=True).content.decode()
    assert "Another person has to confirm it" in answer
    assert Redaction.objects.get().state == "asked"
    assert approver.post(page, {"step": "decline"}).status_code == 302
    assert Redaction.objects.get().state == "declined"


def test_what_cannot_be_asked_for_is_said() -> None:
    wrong = [{"value": value} for value in ("name:2", "x", "name:²")] + [{"fate": "x"}, {"fate": "seal"}]
    officer = client("officer")
    for said in [*wrong, {"dataset": "x"}, {"reason": " "}, {"public_reason": NAME}]:
        answer = officer.post(LIST, form(**said))
        assert answer.status_code == 400 and 'role="alert"' in answer.content.decode(), said
    assert not Redaction.objects.exists()


def test_the_list_asks_for_no_values() -> None:
    """However many there are, it takes as many questions."""
    officer = client("officer")
    officer.post(LIST, form())
    counted = []
    for number in (2, 3, 4):
        with CaptureQueriesContext(connection) as asked:
            assert officer.get(LIST).status_code == 200
        counted.append(len(asked))
        about = {"dataset": "public-land", "ref": REF, "field": "name", "seen_in": number, "fate": "destroy"}
        Redaction.objects.create(**about, reason="x", public_reason="x", asked_by=person("officer"))
    assert counted[1] == counted[2]


def test_whoever_has_no_role_for_it_sees_none() -> None:
    assert client("analyst").get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 302
    assert client("officer").get(f"{LIST}999999/").status_code == 404
    assert client("officer").post(f"{LIST}999999/").status_code == 404
