"""What is sent under a key is kept once: sent again, sent twice at once, and sent again to a server that was killed."""

import os
import signal
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db.models.functions import Now
from django.test import Client, override_settings

from landgis.changes.models import ChangeSet, State
from landgis.workbench import receipts
from landgis.workbench.models import Edit, Receipt
from tests import databases
from tests.changes import loading
from tests.changes.test_concurrency import in_threads
from tests.workbench.test_edits import a_ref, edit, form_of

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]
DATA = {"Accept": "application/json"}
NAME = "auction-lots"
KILLER = f"{__name__}._killed_before_it_answers"


def typed(client: Client, ref: str, text: str = "12 Lê Lợi", **more: str) -> dict[str, str]:
    form = form_of(client.get(f"/officer/edit/{NAME}/{ref}/").content.decode())
    return form | {"address": text, "step": "save", "key": str(uuid4())} | more


def test_what_is_sent_again_is_answered_again_and_done_once(signed_in: ClientOf) -> None:
    client, ref = signed_in("officer"), a_ref(NAME)
    address, sent = f"/officer/edit/{NAME}/{ref}/", typed(signed_in("officer"), ref)
    first = client.post(address, sent, headers=DATA)
    assert (first.status_code, first.json()["saves"], first.json()["address"]) == (200, 1, address)
    # Under the address of the other language it is the same form.
    again = client.post(f"/en{address}", sent, headers=DATA)
    assert again.json() == first.json()
    as_page = client.post(address, sent, follow=True).content.decode()
    assert first.json()["receipt"] in as_page
    assert [(one.saves, one.facts["address"]) for one in Edit.objects.all()] == [(1, {"text": "12 Lê Lợi"})]
    # Another content is not taken for it, and a key of somebody else tells nothing.
    assert client.post(address, sent | {"address": "14 Lê Lợi"}, headers=DATA).status_code == 409
    other = signed_in("second").post(address, sent, headers=DATA)
    assert other.json()["receipt"] != first.json()["receipt"]
    assert Receipt.objects.count() == 2
    without_script = client.post(address, typed(client, ref, saves="1"))
    assert without_script.cookies["landgis-kept"].value == str(Receipt.objects.latest("at").key)
    Receipt.objects.update(at=Now() - receipts.KEPT)
    assert receipts.forget() == 3


def test_what_was_not_kept_has_no_receipt(signed_in: ClientOf) -> None:
    client, ref = signed_in("officer"), a_ref(NAME)
    change_set = edit(client, NAME, ref, address="12 Lê Lợi")
    key = {"key": str(uuid4())}
    unsaid = client.post(f"/officer/changes/{change_set.pk}/hand-in/", key, headers=DATA)
    assert unsaid.status_code == 409
    assert unsaid.json()["errors"][""]
    assert not Receipt.objects.exists()
    # The same key once more, since nothing was acknowledged under it.
    handed = client.post(f"/officer/changes/{change_set.pk}/hand-in/", key | {"reason": "Typing error"}, headers=DATA)
    assert handed.json()["address"] == f"/officer/changes/{change_set.pk}/"
    change_set.refresh_from_db()
    assert change_set.state == State.SUBMITTED
    for wrong in ({}, {"key": "1"}):
        assert client.post(f"/officer/edit/{NAME}/{ref}/", wrong, headers=DATA).status_code == 400
    client.logout()
    assert client.post(f"/officer/edit/{NAME}/{ref}/", key, headers=DATA).status_code == 401


def test_of_two_at_once_one_does_it_and_both_get_its_answer(signed_in: ClientOf) -> None:
    ref = a_ref(NAME)
    clients = [signed_in("officer") for _at in range(4)]
    sent = typed(clients[0], ref)
    answers = in_threads(lambda at: clients[at].post(f"/officer/edit/{NAME}/{ref}/", sent, headers=DATA).json())
    assert all(one == answers[0] for one in answers), answers
    assert answers[0]["receipt"]
    assert [one.saves for one in Edit.objects.all()] == [1]
    assert ChangeSet.objects.filter(door="officer").count() == 1


def _killed_before_it_answers(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: all that the request does is done, and nobody hears of it."""

    def middleware(request: Any) -> Any:
        get_response(request)
        os.kill(os.getpid(), signal.SIGKILL)

    return middleware


def _send(database: str, cookies: dict[str, str], address: str, sent: dict[str, str]) -> None:
    with databases.used(database), override_settings(MIDDLEWARE=[KILLER, *settings.MIDDLEWARE]):
        client = Client()
        client.cookies.load(cookies)
        client.post(address, sent, headers=DATA)


def test_what_a_killed_server_had_kept_is_not_done_twice(own_world: str, signed_in: ClientOf) -> None:
    client, ref = signed_in("officer"), a_ref(NAME)
    address, sent = f"/officer/edit/{NAME}/{ref}/", typed(client, ref)
    cookies = {name: one.value for name, one in client.cookies.items()}
    process = loading._processes.Process(target=_send, args=(own_world, cookies, address, sent), daemon=True)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    again = client.post(address, sent, headers=DATA).json()
    assert again["receipt"] == Receipt.objects.get().code
    assert [one.saves for one in Edit.objects.all()] == [1]
