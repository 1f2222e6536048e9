"""The audit: who signed in, who was refused, who changed what people may do, and who pressed."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection
from django.test import Client

from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.changes import actions as changes
from landgis.changes import audit
from landgis.changes.models import AuditEntry, ChangeSet, Door
from landgis.places import holdings
from tests import databases, samples
from tests.people import in_whole_office

PASSWORD = "đúng mật khẩu 2026"


@pytest.fixture(scope="module", autouse=True)
def people(migrated: str, django_db_blocker: Any) -> Iterator[dict[str, User]]:
    with django_db_blocker.unblock(), databases.made(migrated) as name, databases.used(name):
        ensure_roles()
        found = {role: User.objects.create_user(role, password=PASSWORD, is_staff=True) for role in Role.values}
        for role, user in found.items():
            user.groups.set([Group.objects.get(name=role)])
        in_whole_office(*found.values())
        found["boss"] = User.objects.create_superuser("boss", password=PASSWORD)
        yield found


def lines_since(first: int) -> list[tuple[str, str, str]]:
    entries = AuditEntry.objects.filter(id__gt=first).order_by("id")
    return list(entries.values_list("by", "verb", "subject"))


@pytest.fixture
def before() -> int:
    return AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def test_signing_in_and_out_and_failing_to(before: int) -> None:
    client = Client()
    for name in ("officer", "nobody-of-that-name"):
        client.post("/officer/sign-in/", {"login": name, "password": "wrong"})
    client.post("/officer/sign-in/", {"login": "officer", "password": PASSWORD})
    client.post("/officer/sign-out/")
    assert lines_since(before) == [
        ("nobody signed in", "person.sign-in-failed", "person officer"),
        ("officer", "person.sign-in", "person officer"),
        ("officer", "person.sign-out", "person officer"),
    ]
    assert "nobody-of-that-name" not in str(AuditEntry.objects.values_list("details", "subject"))


def test_what_is_refused(people: dict[str, User], before: int) -> None:
    client = Client()
    client.force_login(people["analyst"])
    assert client.get("/officer/upload/").status_code == 403
    assert client.get("/admin/accounts/user/").status_code == 403
    assert lines_since(before)[1:] == [
        ("analyst", "person.refused", "/officer/upload/"),
        ("analyst", "person.refused", "/admin/accounts/user/"),
    ]


def test_whoever_changes_roles_is_named(people: dict[str, User], before: int) -> None:
    client = Client()
    client.force_login(people["boss"])
    newcomer = User.objects.create_user("newcomer")
    path = f"/officer/people/{newcomer.pk}/"
    about = {"step": "about", "email": "", "mail_language": "vi"}
    assert client.post(path, about).status_code == 302
    role = {"step": "give", "role": "approver", "territory": holdings.whole_office().pk}
    assert client.post(path, role).status_code == 302
    newcomer.refresh_from_db()
    newcomer.delete()
    assert lines_since(before)[1:] == [
        (audit.by_command_line(), "person.made", "person newcomer"),
        ("boss", "territory.given", "person newcomer"),
        ("boss", "person.changed", "person newcomer"),
        (audit.by_command_line(), "person.deleted", "person newcomer"),
    ]
    (roles,) = AuditEntry.objects.filter(id__gt=before, verb="person.changed")
    assert roles.details == {"add": ["approver"]}


def _checked(by: User | None) -> ChangeSet:
    change_set = samples.drafted([samples.plot(1)], by=by)
    changes.check(change_set)
    return change_set


def test_the_line_names_who_pressed_and_not_the_author(people: dict[str, User], before: int) -> None:
    change_set = _checked(people["officer"])
    changes.submit(change_set, by=people["boss"])
    changes.approve(change_set, by=people["approver"])
    changes.apply(change_set, by=people["publisher"])
    pressed = [(by, verb.partition(".")[2]) for by, verb, _subject in lines_since(before)]
    assert pressed == [
        ("officer", "draft"),
        ("officer", "check"),
        ("boss", "submit"),
        ("approver", "approve"),
        ("publisher", "apply"),
    ]


@pytest.mark.parametrize("door", [Door.OFFICER, Door.COMMAND_LINE])
def test_nobody_is_both_pairs_of_eyes(people: dict[str, User], door: Door) -> None:
    """A superuser may press everything: what he submits for another, or for the command line, waits for somebody else."""
    change_set = _checked(people["officer"] if door == Door.OFFICER else None)
    client = Client()
    client.force_login(people["boss"])
    base = f"/en/officer/changes/{change_set.pk}/"
    changes.submit(change_set, by=people["boss"])
    assert "Approve and publish" not in client.get(base).content.decode()
    assert "Another person has to decide" in client.post(f"{base}approve/", follow=True).content.decode()
    with pytest.raises(IntegrityError):
        changes.approve(change_set, by=people["boss"])
    change_set.refresh_from_db()
    assert (change_set.state, change_set.submitted_by) == ("submitted", people["boss"])


def test_the_database_says_when(before: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However wrong the clock of the web server is."""
    wrong = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: wrong)
    changes.withdraw(_checked(None), by=None, reason="x")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
    entry, change_set = AuditEntry.objects.order_by("-id")[0], ChangeSet.objects.order_by("-id")[0]
    for moment in (entry.at, change_set.decided_at):
        assert abs(now - moment) < datetime.timedelta(minutes=5)
