"""The page of outgoing mail: how the queue stands for all who may look; whose mail it is for few, and noted."""

from collections.abc import Callable

import pytest
from django.test import Client, override_settings

from landgis.changes.models import AuditEntry
from landgis.mail import actions
from landgis.mail.models import Mail, MailState

LIST = "/en/officer/mail/"
TO, TEXT = "zq.receiver@example.org", "zq text of the mail"


@pytest.fixture
def mail(own_world: str) -> Mail:
    actions.put("test", "one", TO, subject="Subject", text=TEXT, language="en")
    return Mail.objects.get()


def test_the_list_says_how_it_stands_and_names_nobody(signed_in: Callable[[str], Client], mail: Mail) -> None:
    page = signed_in("publisher").get(LIST).content.decode()
    assert "No mail server is set" in page and "Waits to be sent" in page
    assert TO not in page and TEXT not in page
    with override_settings(EMAIL_HOST="mail.example.org"):
        assert "No mail server is set" not in signed_in("officer").get(LIST).content.decode()
    assert signed_in("analyst").get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 302


def test_reading_one_is_noted_and_counted(signed_in: Callable[[str], Client], mail: Mail) -> None:
    address = f"{LIST}{mail.pk}/"
    assert signed_in("publisher").get(address).status_code == 403
    page = signed_in("officer").get(address).content.decode()
    assert TO not in page and TEXT not in page and not AuditEntry.objects.filter(verb="personal-data.read").exists()
    wordless = signed_in("officer").post(address, {"step": "read", "reason": " x "})
    assert wordless.status_code == 400 and TO not in wordless.content.decode()
    said = {"step": "read", "reason": "Nobody answers"}
    page = signed_in("officer").post(address, said).content.decode()
    assert TO in page and TEXT in page
    noted = AuditEntry.objects.get(verb="personal-data.read")
    assert (noted.by, noted.subject) == ("officer", f"mail {mail.pk}") and TO not in str(noted.details)
    assert noted.details["reason"] == "Nobody answers"
    with override_settings(READINGS_A_DAY=1):
        refused = signed_in("officer").post(address, said)
    assert refused.status_code == 429 and TO not in refused.content.decode()
    assert signed_in("officer").get(f"{LIST}999999/").status_code == 404


def test_what_was_given_up_is_tried_again(signed_in: Callable[[str], Client], mail: Mail) -> None:
    address = f"{LIST}{mail.pk}/"
    Mail.objects.update(state=MailState.GIVEN_UP, error="refused", reply="550 5.1.1")
    officer = signed_in("officer")
    page = officer.get(address).content.decode()
    assert "refused it" in page and "550 5.1.1" in page and "Try to send it again" in page
    assert officer.post(address, {"step": "again"}).status_code == 302
    assert Mail.objects.get().state == MailState.WAITING
    assert "cannot be tried again" in officer.post(address, {"step": "again"}, follow=True).content.decode()


def test_the_figures_are_there_for_machines(mail: Mail) -> None:
    answer = Client().get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain") and answer.headers["Cache-Control"].count("no-store")
    figures = dict(line.split() for line in answer.content.decode().splitlines() if not line.startswith("#"))
    assert figures["landgis_mail_waiting"] == "1" and float(figures["landgis_mail_oldest_seconds"]) >= 0
    assert TO not in answer.content.decode()
