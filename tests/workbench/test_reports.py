"""Error reports on the officers' pages: listed by age, read with a line of the audit, answered once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings

from landgis.changes.models import AuditEntry, ChangeSet
from landgis.feedback.actions import take_in
from landgis.feedback.models import Report
from landgis.mail.models import Mail

LIST = "/en/officer/reports/"
TEXT, CONTACT = "zq text of a reader", "zq.reader@example.org"
REF = "VT-26508-0014"

Signed = Callable[[str], Client]


def report(ref: str = REF, **more: Any) -> Report:
    said = {"kind": "fact", "text": TEXT, "contact": CONTACT, "wants_mail": True, "language": "vi"} | more
    return take_in(
        dataset="public-land", ref=ref, revision=1, sender="192.0.2.1", browser=f"{Report.objects.count()}", **said
    )


def read(client: Client, one: Report) -> Any:
    return client.post(f"{LIST}{one.number}/", {"step": "read"})


def version(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_list_has_the_oldest_first_those_alike_together_and_nothing_that_was_written(signed_in: Signed) -> None:
    first, _other, second = report(), report("VT-26508-0015"), report()
    page = signed_in("publisher").get(LIST).content.decode()
    numbers = re.findall(r"\d{4}-\d{5}", re.search(r"<tbody>.*</tbody>", page, re.DOTALL)[0])
    assert numbers[:2] == [first.number, second.number] and len(numbers) == 3
    assert page.count("2 reports here") == 2 and TEXT not in page and CONTACT not in page
    assert "Received (3)" in page and "Answered (0)" in page
    assert "None." in signed_in("officer").get(f"{LIST}?state=answered").content.decode()
    assert signed_in("analyst").get(LIST).status_code == 403


def test_reading_one_is_noted_and_counted(signed_in: Signed) -> None:
    one = report(picture=b"RIFF....WEBP")
    address = f"{LIST}{one.number}/"
    assert signed_in("publisher").get(address).status_code == 403
    page = signed_in("approver").get(address).content.decode()
    assert (
        TEXT not in page and CONTACT not in page and "image/webp" not in page
    )  # nothing is read by opening an address
    assert not AuditEntry.objects.filter(verb="personal-data.read").exists()
    page = read(signed_in("approver"), one).content.decode()
    assert TEXT in page and CONTACT in page and "data:image/webp;base64,UklGRi4uLi5XRUJQ" in page
    assert "Keep the answer" not in page  # that is the officers'
    noted = AuditEntry.objects.get(verb="personal-data.read")
    assert (noted.by, noted.subject) == ("approver", f"report {one.number}") and CONTACT not in str(noted.details)
    assert noted.details["reason"] == one.number
    with override_settings(READINGS_A_DAY=1):
        refused = read(signed_in("approver"), one)
    assert refused.status_code == 429 and TEXT not in refused.content.decode()
    assert signed_in("officer").get(f"{LIST}2026-99999/").status_code == 404


def test_one_answer_for_all_that_report_the_same(signed_in: Signed) -> None:
    first, second, english = report(), report(), report(language="en")
    elsewhere = report("VT-26508-0015")
    change_set = ChangeSet.objects.filter(dataset="public-land")[0]
    officer = signed_in("officer")
    page = read(officer, first).content.decode()
    assert f'value="{second.number}"' in page and english.number in page
    assert f'value="{english.number}"' not in page and elsewhere.number not in page
    said = {
        "step": "answer",
        "status": "corrected",
        "answer": "Đã sửa.",
        "change_set": f"#{change_set.pk}",
        "seen": version(page),
    }
    also = [second.number, english.number, elsewhere.number, "x"]
    done = officer.post(f"{LIST}{first.number}/", said | {"also": also}, follow=True).content.decode()
    assert "2 reports were noted so" in done
    found = {one.pk: (one.status, one.answer, one.change_set_id) for one in Report.objects.all()}
    assert found[first.pk] == found[second.pk] == ("corrected", "Đã sửa.", change_set.pk)
    assert found[english.pk] == found[elsewhere.pk] == ("received", "", None)
    assert Mail.objects.count() == 2
    officer.post(f"{LIST}{first.number}/", said)  # pressed twice
    assert Mail.objects.count() == 2
    assert f"#{change_set.pk}" in officer.get(f"{LIST}?state=corrected").content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"status": "x"}, "Choose what becomes of it"),
        ({"answer": " "}, "Write the answer"),
        ({"change_set": "999999"}, "no change set of this number"),
        ({"change_set": "²"}, "no change set of this number"),
        ({"seen": "2026"}, "Somebody else has answered"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(signed_in: Signed, wrong: dict[str, str], told: str) -> None:
    one, officer = report(), signed_in("officer")
    address = f"{LIST}{one.number}/"
    said = {
        "step": "answer",
        "status": "answered",
        "answer": "zq answer",
        "change_set": "",
        "seen": version(read(officer, one).content.decode()),
    }
    answer = officer.post(address, said | wrong)
    assert answer.status_code == 400 and told in answer.content.decode()
    assert "answer" in wrong or "zq answer" in answer.content.decode()
    assert Report.objects.get().status == "received" and not Mail.objects.exists()
    assert signed_in("approver").post(address, said).status_code == 403
