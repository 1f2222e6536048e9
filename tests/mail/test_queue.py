"""The outgoing queue against a real mail server: what is sent, once; what waits, and what is given up."""

import datetime
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from django.test import Client, override_settings

from landgis import env
from landgis.mail import actions, delivery, purposes, queries, tasks
from landgis.mail.models import Mail, MailState
from landgis.mail.words import ERRORS
from tests.mail.conftest import Post, office
from tests.programs import environment
from tests.waiting import PATIENCE_S

pytestmark = pytest.mark.usefixtures("empty_world")
READER = "zq.reader@example.org"
TEXT = "Kính gửi Quý vị,\n\nRanh giới thửa đất đã được chỉnh sửa: đường Nguyễn Huệ, phường Bà Rịa.\n"


def put(about: str = "one", to: str = READER, **more: Any) -> Mail:
    said = {"subject": "Phản ánh số 2026-00001: đã chỉnh sửa", "text": TEXT, "language": "vi", **more}
    actions.put("test", about, to, **said)
    return Mail.objects.order_by("-id")[0]


def later() -> None:
    """Let the next attempts of all be due."""
    Mail.objects.update(next_at=F("made_at"))


def test_a_mail_arrives_as_it_was_written(post: Post) -> None:
    put()
    assert delivery.deliver() == 1
    (raw,), (mail,) = post.received, post.mails()
    assert mail["To"] == READER and mail["Subject"].strip() == "Phản ánh số 2026-00001: đã chỉnh sửa"
    assert mail["From"] == "Văn phòng đất đai <dat.dai@example.org>" and mail["Reply-To"] == "tra-loi@example.org"
    assert mail.get_content().replace("\r\n", "\n") == TEXT and mail.get_content_type() == "text/plain"
    assert mail["Content-Transfer-Encoding"] == "quoted-printable" and mail.get_content_charset() == "utf-8"
    assert raw.isascii()  # so that it goes through a server without 8BITMIME
    assert mail["Message-ID"].endswith("@land.example.org>") and mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "vi" and "List-Unsubscribe" not in mail
    kept = Mail.objects.get()
    assert kept.state == MailState.SENT and kept.ended_at and kept.message_id == mail["Message-ID"]
    assert delivery.deliver() == 0 and len(post.received) == 1


def test_what_is_taken_back_is_not_told(post: Post) -> None:
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert delivery.deliver() == 0 and not post.received


def test_nobody_is_told_the_same_thing_twice(post: Post) -> None:
    put()
    put(to=READER.upper())
    put(to="other@example.org")
    put(about="two")
    assert delivery.deliver() == 3
    tasks.actions.forget()
    put()
    assert delivery.deliver() == 0


def test_one_who_is_refused_does_not_hold_up_the_others(post: Post) -> None:
    post.answers = {
        READER: "550 5.1.1 <zq.reader@example.org> unknown",
        "grey@example.org": "451 4.7.1 come back later",
    }
    refused, grey, _other = put(), put(to="grey@example.org"), put(to="other@example.org")
    assert delivery.deliver() == 1
    refused.refresh_from_db()
    grey.refresh_from_db()
    assert (refused.state, refused.error, refused.reply) == (MailState.GIVEN_UP, "refused", "550 5.1.1")
    assert (grey.state, grey.error, grey.reply, grey.attempts) == (MailState.WAITING, "later", "451 4.7.1", 1)
    assert delivery.deliver() == 0  # not before its time
    post.answers = {}
    later()
    assert delivery.deliver() == 1
    assert {mail["Message-ID"] for mail in post.mails()} >= {grey.message_id}


def test_waits_grow_and_end_in_giving_up(post: Post) -> None:
    post.at_data = "452 4.3.1 no room"
    mail = put()
    waits = []
    for _ in range(9):
        delivery.deliver()
        mail.refresh_from_db()
        waits.append(mail.next_at)
        later()
    assert mail.attempts == 9 and mail.error == "later" and len(post.asked) == 9
    assert list(delivery.WAITS) == sorted(delivery.WAITS) and delivery.WAITS[0] * 60 > 2 * delivery.HAND_OVER_S
    Mail.objects.update(until=F("made_at"))
    tasks.actions.give_up_old()
    mail.refresh_from_db()
    assert (mail.state, mail.error) == (MailState.GIVEN_UP, "later") and queries.queue().given_up == 1
    post.at_data = "250 OK"
    assert actions.try_again(mail.pk) and not actions.try_again(mail.pk)
    assert delivery.deliver() == 1


@pytest.mark.parametrize(
    ("answer", "state", "error"),
    [
        ("554 5.6.0 spam", MailState.GIVEN_UP, "refused"),
        ("554 no", MailState.GIVEN_UP, "refused"),
        ("550 5.7.1 relaying denied", MailState.WAITING, "not-allowed"),
        ("530 5.7.0 must sign in", MailState.WAITING, "not-allowed"),
        ("421 4.3.2 closing", MailState.WAITING, "later"),
    ],
)
def test_what_the_office_can_mend_is_tried_again(post: Post, answer: str, state: str, error: str) -> None:
    post.at_data = answer
    put()
    delivery.deliver()
    kept = Mail.objects.get()
    assert (kept.state, kept.error) == (state, error) and error in ERRORS


def test_a_server_that_is_down_costs_no_attempt() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with office(closed.getsockname()[1]):
            put()
            assert delivery.deliver() == 0
    kept = Mail.objects.get()
    assert (kept.state, kept.error, kept.attempts) == (MailState.WAITING, "unreachable", 0)
    assert queries.queue().overdue == 1


def test_a_server_that_says_nothing_is_not_waited_for_for_ever() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        office(mute.getsockname()[1]),
        override_settings(EMAIL_TIMEOUT=1),
    ):
        put()
        assert delivery.deliver() == 0
    kept = Mail.objects.get()
    assert (kept.state, kept.error, kept.attempts) == (MailState.WAITING, "slow", 0)


def test_a_server_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "HAND_OVER_S", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as dripping, office(dripping.getsockname()[1]):
        threading.Thread(target=_drip, args=[dripping], daemon=True).start()
        put()
        assert delivery.deliver() == 0
    kept = Mail.objects.get()
    assert (kept.state, kept.error, kept.attempts) == (MailState.WAITING, "broke-off", 1)


def _drip(server: socket.socket) -> None:
    line, _address = server.accept()
    with line:
        line.sendall(b"220 ready\r\n")
        line.recv(1000)
        line.sendall(b"250 here\r\n")
        line.recv(1000)
        stopped = threading.Event()
        try:
            while not stopped.wait(0.2):
                line.sendall(b"2")  # a line that never ends
        except OSError:
            return


def test_a_line_without_the_wanted_safety_is_not_used(post: Post) -> None:
    with override_settings(EMAIL_USE_TLS=True):
        put()
        assert delivery.deliver() == 0
    assert Mail.objects.get().error == "tls" and not post.received


def test_without_a_server_mail_is_kept_and_in_the_end_given_up() -> None:
    put()
    with override_settings(EMAIL_HOST=""):
        assert delivery.deliver() == 0
        assert Mail.objects.get().state == MailState.WAITING
        Mail.objects.update(until=F("made_at"))
        tasks.actions.give_up_old()
    assert Mail.objects.get().error == "no-server"


def test_what_a_backup_brings_back_waits_for_a_person(post: Post) -> None:
    mail = put()
    assert actions.hold("restored") == 1 and delivery.deliver() == 0
    mail.refresh_from_db()
    assert (mail.state, mail.error) == (MailState.GIVEN_UP, "restored") and "restored" in ERRORS
    assert actions.try_again(mail.pk) and delivery.deliver() == 1


def test_addresses_and_texts_are_deleted_in_time(post: Post) -> None:
    done = put()
    delivery.deliver()
    waiting = put(about="two")
    Mail.objects.filter(pk=done.pk).update(ended_at=F("made_at") - datetime.timedelta(days=31))
    assert actions.forget() == 1 and actions.forget() == 0
    done.refresh_from_db()
    waiting.refresh_from_db()
    assert (done.to, done.text) == ("", "") and READER not in str(Mail.objects.filter(pk=done.pk).values())
    assert waiting.to == READER


def test_the_log_names_no_address(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.answers = {READER: f"550 5.1.1 <{READER}> unknown"}
    put()
    delivery.deliver()
    put(to="a\n@example.org", about="two")
    later()
    delivery.deliver()
    assert Mail.objects.filter(error="unsendable").exists()
    assert "mail not sent" in caplog.text
    ours = [str(one.msg) for one in caplog.records if one.name != "mail.log"]  # that of the server of the tests
    assert len(ours) >= 2 and not any("example.org" in line for line in ours)


# One-click


@pytest.fixture
def subscribers() -> Iterator[list[str]]:
    """Whose wish was ended."""
    ended: list[str] = []
    purposes.register(purposes.Purpose("test", "Tests", stop=ended.append))
    yield ended
    del purposes._purposes["test"]


def test_subscribed_mail_is_ended_with_one_click(post: Post, subscribers: list[str]) -> None:
    put(subscriber="person 7")
    delivery.deliver()
    (mail,) = post.mails()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = mail["List-Unsubscribe"].strip(" <>").removeprefix("https://land.example.org")
    assert stop in mail.get_content().replace("\n", "") and "person" not in stop
    put(about="two", subscriber="person 7")
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(stop)
    assert page.status_code == 200 and "<form" in page.content.decode() and not subscribers
    assert strict.head(stop).status_code == 200 and not subscribers
    assert strict.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert strict.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert subscribers == ["person 7", "person 7"] and not strict.cookies
    dropped = Mail.objects.get(about="two")
    assert (dropped.state, dropped.to) == (MailState.DROPPED, "")
    assert delivery.deliver() == 0
    for wrong in ("", "?token=", "?token=x", "?token=%00", "?token=é"):
        assert strict.post(f"/mail/stop{wrong}").status_code == 404


# Kills


SENDING = """
import os, sys, django
django.setup()
from django.test import override_settings
from landgis.mail import delivery
from tests.mail.conftest import office
with office(int(sys.argv[1])):
    delivery.deliver()
"""


@pytest.fixture
def sender(post: Post, tmp_path: Path) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Starts a process that sends what is due."""
    started = []

    def start() -> "subprocess.Popen[bytes]":
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", SENDING, str(post.port)],
                cwd=env.BASE_DIR,
                env={**environment(tmp_path), "DJANGO_SETTINGS_MODULE": "landgis.settings"},
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.prove
def test_a_sender_that_is_killed_loses_nothing_and_says_nothing_twice(
    post: Post, sender: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    """Killed while the server has taken the third mail and not answered yet: the two before are sent, the others later."""
    for number in range(5):
        put(about=f"{number}", to=f"reader{number}@example.org")
    begun = threading.Event()
    processes = []

    def kill() -> None:
        if len(post.received) == 3 and not begun.is_set():
            processes[0].send_signal(signal.SIGKILL)
            processes[0].wait()
            begun.set()

    post.on_data = kill
    processes.append(sender())
    assert begun.wait(PATIENCE_S)
    assert Mail.objects.filter(state=MailState.SENT).count() == 2
    assert delivery.deliver() == 2  # those that it had not begun with; the third waits for its time
    later()
    assert delivery.deliver() == 1
    sent = [mail["Message-ID"] for mail in post.mails()]
    assert len(set(sent)) == 5 and len(sent) == 6  # the one that was cut bears the same name twice
    assert delivery.deliver() == 0


def test_two_senders_send_each_mail_once(post: Post, sender: Callable[[], "subprocess.Popen[bytes]"]) -> None:
    for number in range(10):
        put(about=f"{number}", to=f"reader{number}@example.org")
    both = [sender(), sender()]
    for process in both:
        assert process.wait(PATIENCE_S) == 0
    assert len(post.received) == 10 and Mail.objects.filter(state=MailState.SENT).count() == 10


def test_the_worker_finds_the_task() -> None:
    from procrastinate.contrib.django import app

    assert "send_mail" in {task.name for task in app.tasks.values()}
    assert Path(tasks.__file__).name == "tasks.py"
