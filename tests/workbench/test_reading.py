"""Reading what is not public of a feature: by role, with a reason, noted each time, and not without end."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.catalog.dataset import NEVER, OFFICER, PUBLIC
from landgis.changes import actions as changes
from landgis.changes.models import AuditEntry
from landgis.feedback.actions import take_in
from landgis.places import holdings
from tests import databases, samples
from tests.people import in_whole_office

ClientOf = Callable[[str], Client]
PAGE = "/en/officer/public-land/P-00001/"
REMARK, PROPOSED, CONTACT = "a remark of the office", "another remark", "0912 345 678"


@pytest.fixture(scope="module", autouse=True)
def people(migrated: str, django_db_blocker: Any) -> Iterator[dict[str, User]]:
    """One person a role; two plots, of which one is withheld, and a change set that would change a remark."""
    with django_db_blocker.unblock(), databases.made(migrated) as name, databases.used(name):
        ensure_roles()
        found = {role: User.objects.create_user(role, is_staff=True) for role in Role.values}
        for role, user in found.items():
            user.groups.set([Group.objects.get(name=role)])
        in_whole_office(*found.values())
        samples.the_whole_state([samples.plot(1, note=REMARK), samples.plot(2, note=REMARK, is_public=False)])
        changes.check(samples.drafted([samples.plot(1, note=PROPOSED)], by=found["officer"]))
        said = {"text": "It is elsewhere.", "contact": CONTACT, "language": "vi", "sender": "192.0.2.1"}
        take_in(dataset="public-land", ref="P-00001", revision=1, kind="fact", **said)
        yield found


@pytest.fixture
def of(people: dict[str, User]) -> ClientOf:
    def client(name: str) -> Client:
        found = Client()
        found.force_login(people[name])
        return found

    return client


def readings() -> Any:
    return AuditEntry.objects.filter(verb="personal-data.read").order_by("id")


def test_the_reason_comes_first(of: ClientOf) -> None:
    officer, before = of("officer"), readings().count()
    page = officer.get(PAGE).content.decode()
    assert "What do you need it for?" in page and "You have read" in page
    assert REMARK not in page and PROPOSED not in page and CONTACT not in page
    for reason in ("", "   ", "abc"):
        answer = officer.post(PAGE, {"reason": reason})
        assert answer.status_code == 400 and REMARK not in answer.content.decode()
    assert readings().count() == before


def test_what_is_read_is_noted(of: ClientOf) -> None:
    before = readings().count()
    answer = of("approver").post(PAGE, {"reason": "Hồ sơ 12/2026"})
    page = answer.content.decode()
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert REMARK in page and PROPOSED in page and CONTACT in page
    assert readings().count() == before + 1
    line = readings().last()
    officers = [field.name for field in samples.public_land().fields if field.visibility == OFFICER]
    assert (line.by, line.subject) == ("approver", "public-land P-00001")
    assert line.details == {
        "dataset": "public-land",
        "ref": "P-00001",
        "columns": officers,
        "reports": 1,
        "reason": "Hồ sơ 12/2026",
        "case": "",
        "own_territory": True,
    }


def test_of_another_territory_it_takes_the_number_of_a_case(of: ClientOf, people: dict[str, User]) -> None:
    elsewhere = User.objects.create_user("zq-elsewhere")
    elsewhere.groups.set(Group.objects.filter(name=Role.OFFICER))
    holdings.give(elsewhere, Role.OFFICER, holdings.make("zq-far", "Far", ["zq-unit"], by=None), by=None)
    client, before = Client(), readings().count()
    client.force_login(elsewhere)
    assert (
        'name="case"' in client.get(PAGE).content.decode()
        and 'name="case"' not in of("officer").get(PAGE).content.decode()
    )
    for case in ("", "   ", "x1", "no number"):
        answer = client.post(PAGE, {"reason": "asked by telephone", "case": case})
        page = answer.content.decode()
        assert answer.status_code == 400 and REMARK not in page and "number of the case" in page
        assert 'value="asked by telephone"' in page
    assert readings().count() == before
    answer = client.post(PAGE, {"reason": "asked by telephone", "case": "HS-2026/0012"})
    assert answer.status_code == 200 and REMARK in answer.content.decode()
    line = readings().last()
    assert (line.details["case"], line.details["own_territory"]) == ("HS-2026/0012", False)


def test_a_withheld_feature_can_be_read_and_what_never_was_cannot(of: ClientOf) -> None:
    officer = of("officer")
    assert REMARK in officer.post("/officer/public-land/P-00002/", {"reason": "case 12"}).content.decode()
    for path in ("/officer/public-land/P-09999/", "/officer/nothing/P-00001/"):
        assert officer.post(path, {"reason": "case 12"}).status_code == 404


def test_only_those_who_work_with_it(of: ClientOf) -> None:
    before = readings().count()
    for role in ("publisher", "analyst"):
        for ask in (of(role).get, of(role).post):
            assert ask(PAGE, {"reason": "case 12"}).status_code == 403
    assert Client().post(PAGE, {"reason": "case 12"}).status_code == 302
    assert readings().count() == before


def test_nobody_reads_without_end(of: ClientOf, settings: Any) -> None:
    settings.READINGS_A_DAY = readings().filter(by="officer").count() + 1
    officer = of("officer")
    assert officer.post(PAGE, {"reason": "case 12"}).status_code == 200
    stopped = officer.post(PAGE, {"reason": "case 13"})
    page = stopped.content.decode()
    assert stopped.status_code == 429 and "as often as one person may" in page and REMARK not in page
    assert of("approver").post(PAGE, {"reason": "case 12"}).status_code == 200
    assert readings().filter(by="officer").count() == settings.READINGS_A_DAY


def test_the_page_is_found(of: ClientOf) -> None:
    officer = of("officer")
    assert 'action="/en/officer/read/"' in officer.get("/en/officer/").content.decode()
    led = officer.get("/en/officer/read/?dataset=public-land&ref=P-00001")
    assert led["Location"] == PAGE
    assert officer.get("/officer/read/?dataset=x&ref=P-00001").status_code == 400
    assert f'href="{PAGE}"' in officer.get("/en/public-land/P-00001/").content.decode()
    stranger = Client().get("/en/public-land/P-00001/")
    assert "/officer/" not in stranger.content.decode() and "Cookie" not in stranger.get("Vary", "")


def test_never_is_never(people: dict[str, User]) -> None:
    from landgis.catalog import registry
    from landgis.workbench.reading import OfficersView

    parcels = registry.get("parcels")
    columns = OfficersView(parcels, "x", None, []).columns()
    assert "land_user" in columns
    assert not {field.name for field in parcels.fields if field.visibility in (NEVER, PUBLIC)} & set(columns)
