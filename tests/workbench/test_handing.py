"""Handing over between territories, the queues of the first page, and what those see whom it does not concern."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.db import connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from landgis.accounts.models import Role, User
from landgis.catalog import registry
from landgis.changes import actions as changes
from landgis.changes import handing
from landgis.changes.models import ChangeSet, Door, Issue, State
from landgis.changes.scope_models import TouchedUnit
from landgis.changes.territories import Outside
from landgis.feedback.actions import take_in
from landgis.lib import statements
from landgis.mail.models import Mail
from landgis.places import holdings
from landgis.workbench.models import Run, Work
from tests.workbench.conftest import do_waiting

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]


@pytest.fixture
def request_elsewhere(local: dict[str, User], units: list[str]) -> ChangeSet:
    """What the officer of the first commune received about a plot in the second."""
    dataset = registry.get("public-land")
    (ref,) = statements.row(
        "SELECT l.ref FROM catalog_location l JOIN publicland_plot f ON f.ref = l.ref AND f.from_revision = l.from_revision"
        " AND f.until_revision IS NULL WHERE l.dataset = 'public-land' AND l.unit = %s AND l.commune_today_also IS NULL"
        " ORDER BY l.ref LIMIT 1",
        [units[1]],
    )
    row = dataset.in_force.objects.get(ref=ref, until_revision=None)
    change_set = changes.draft(dataset, by=local["one"], door=Door.FILE, file_name="zq.csv", is_made_up=True)
    with override_settings(CONFIRM_FEATURES=100):
        changes.stage(change_set, ["plot_code", "name"], [(1, ref, None, row.plot_code, "Another name")])
        changes.check(change_set)
    return change_set


def step(client: Client, change_set: ChangeSet, name: str, **said: str) -> str:
    answer = client.post(f"/en/officer/changes/{change_set.pk}/{name}/", said, follow=True)
    change_set.refresh_from_db()
    return answer.content.decode()


def test_what_is_received_elsewhere_goes_to_whom_it_concerns(
    signed_in: ClientOf, local: dict[str, User], request_elsewhere: ChangeSet
) -> None:
    one, two, judge, found = signed_in("one"), signed_in("two"), signed_in("judge"), request_elsewhere
    page = one.get(f"/en/officer/changes/{found.pk}/").content.decode()
    assert "outside of the territory" in page and "Area 1" in page and 'value="zq-1"' in page
    assert "outside of your territory" in step(one, found, "submit")
    assert step(one, found, "hand-over", to="zq-0", reason="x").count("Choose a territory")
    page = step(one, found, "hand-over", to="zq-1", reason="The land lies with you")
    assert "It is handed over" in page and "waits for an answer" in page
    assert (found.received_by, found.responsible) == ("zq-0", "zq-1")
    assert Mail.objects.get().to == "zq.two@example.org" and "lies with you" not in Mail.objects.get().text
    for client in (one, two):  # nobody works on it until it is answered
        assert client.post(f"/en/officer/changes/{found.pk}/submit/").status_code == 403
    assert one.post(f"/en/officer/changes/{found.pk}/withdraw/", {"reason": "x"}).status_code == 403
    assert "Write the reason" in step(two, found, "give-back")
    assert "It is yours" in step(two, found, "take-on")
    assert Mail.objects.latest("id").to == "zq.one@example.org"
    assert not found.issues.filter(code="outside-territory").exists()
    assert one.post(f"/en/officer/changes/{found.pk}/submit/").status_code == 403
    with pytest.raises(Outside):
        changes.submit(found, by=local["one"])
    step(two, found, "submit")
    assert found.state == State.SUBMITTED
    assert "waits for an approver" in one.get(f"/en/officer/changes/{found.pk}/").content.decode()
    assert "lies with you" in judge.get(f"/en/officer/changes/{found.pk}/").content.decode()
    step(judge, found, "approve")
    do_waiting()
    found.refresh_from_db()
    assert found.state == State.APPLIED


def test_it_is_given_back_with_a_reason(
    signed_in: ClientOf, local: dict[str, User], request_elsewhere: ChangeSet
) -> None:
    found = request_elsewhere
    step(signed_in("one"), found, "hand-over", to="zq-1", reason="yours")
    with pytest.raises(Outside):
        handing.take_on(found, by=local["one"])
    page = step(signed_in("two"), found, "give-back", reason="The plot is not ours")
    assert "The plot is not ours" in page and found.responsible == "zq-0"
    with pytest.raises(changes.StateError):
        handing.take_on(found, by=local["two"])
    assert found.issues.filter(code="outside-territory").exists()
    assert (
        "was given back to you" in Mail.objects.latest("id").subject or "trả lại" in Mail.objects.latest("id").subject
    )
    assert "Hand it over" in signed_in("one").get(f"/en/officer/changes/{found.pk}/").content.decode()


def test_the_queues_say_what_waits_for_whom(
    signed_in: ClientOf, local: dict[str, User], request_elsewhere: ChangeSet
) -> None:
    found = request_elsewhere
    address = f"/officer/changes/{found.pk}/"

    def lists(name: str, query: str) -> bool:
        answer = signed_in(name).get(f"/en/officer/{query}")
        assert answer.status_code == 200
        return address in answer.content.decode()

    assert lists("one", "") and lists("one", "?show=mine") and not lists("one", "?show=territory")
    assert lists("two", "?show=territory") and not lists("two", "?show=mine")
    assert lists("officer", "") and lists("officer", "?territory=zq-1") and not lists("officer", "?territory=zq-0")
    assert lists("officer", "?territory=zq-1&state=checked") and not lists("officer", "?state=applied")
    assert not lists("judge", "?show=decide")
    step(signed_in("one"), found, "hand-over", to="zq-1", reason="yours")
    step(signed_in("two"), found, "take-on")
    step(signed_in("two"), found, "submit")
    assert lists("judge", "?show=decide") and lists("approver", "?show=decide") and not lists("two", "?show=decide")
    page = signed_in("judge").get("/en/officer/").content.decode()
    assert "Waits for my decision" in page and "the oldest has waited for" in page
    assert lists("one", "?show=mine")  # follows it
    assert signed_in("one").get("/officer/?show=nothing").status_code == 400
    assert not lists("officer", "?territory=nowhere")


@pytest.fixture
def far(signed_in: ClientOf, local: dict[str, User]) -> Client:
    """An officer whom nothing here concerns."""
    local["far"] = person = User.objects.create_user("far")
    person.groups.set(Group.objects.filter(name="officer"))
    holdings.give(person, Role.OFFICER, holdings.make("zq-far", "Far", ["zq-none"], by=None), by=None)
    return signed_in("far")


def test_whom_it_does_not_concern_sees_nothing_of_it(far: Client, request_elsewhere: ChangeSet) -> None:
    number = request_elsewhere.pk
    run = Run.objects.create(by=request_elsewhere.author, dataset="public-land", file_name="x", work=Work.STAGE)
    assert f"/changes/{number}/" not in far.get("/en/officer/").content.decode()
    assert f"/runs/{run.pk}/" not in far.get("/en/officer/").content.decode()
    for address in ("", "items.geojson", "issues.csv", "issues.gpkg"):
        assert far.get(f"/officer/changes/{number}/{address}").status_code == 404, address
    for step in ("submit", "withdraw", "hand-over", "take-on", "give-back", "approve", "again"):
        assert far.post(f"/officer/changes/{number}/{step}/").status_code in (403, 404), step
    assert far.get(f"/officer/runs/{run.pk}/").status_code == 404
    assert far.get(f"/officer/runs/{run.pk}.json").status_code == 404
    assert far.post(f"/officer/runs/{run.pk}/cancel/").status_code == 404


def test_what_readers_wrote_is_read_where_the_feature_lies(
    signed_in: ClientOf, far: Client, request_elsewhere: ChangeSet
) -> None:
    (ref,) = (
        registry.get("public-land").proposed.objects.filter(change_set=request_elsewhere).values_list("ref", flat=True)
    )
    report = take_in(
        dataset="public-land",
        ref=ref,
        kind="fact",
        revision=1,
        text="zq secret words",
        contact="zq@example.org",
        language="vi",
        sender="x",
    )
    address = f"/en/officer/reports/{report.number}/"
    assert "outside of your territory" in far.get(address).content.decode()
    assert far.post(address, {"step": "read"}).status_code == 403
    assert far.post(address, {"step": "answer", "status": "no-fault", "answer": "x"}).status_code == 403
    assert "zq secret words" in signed_in("two").post(address, {"step": "read"}).content.decode()
    assert "zq secret words" in signed_in("officer").post(address, {"step": "read"}).content.decode()
    assert far.get("/officer/mail/1/").status_code == 403


@pytest.mark.usefixtures("same_second")
@pytest.mark.parametrize("name", ["one", "judge", "officer", "approver"])
def test_the_first_page_asks_no_more_for_two_hundred_change_sets(
    signed_in: ClientOf, local: dict[str, User], units: list[str], name: str
) -> None:
    """In the queues and in the list, with their units, issues and counts."""
    client, asked = signed_in(name), []
    for count in (3, 200):
        about = {"dataset": "public-land", "state": State.SUBMITTED, "door": Door.OFFICER, "base_revision": 1}
        made = [ChangeSet(author=local["one"], **about) for _one in range(count)]
        made = ChangeSet.objects.bulk_create(made)
        TouchedUnit.objects.bulk_create([TouchedUnit(change_set=one, unit=units[1], features=1) for one in made])
        Issue.objects.bulk_create([Issue(change_set=one, code="zq", severity="warn") for one in made])
        client.get("/en/officer/")
        with CaptureQueriesContext(connections["default"]) as queries:
            page = client.get("/en/officer/").content.decode()
        asked.append([one["sql"] for one in queries])
    assert page.count("/officer/changes/") >= 50
    assert len(asked[0]) == len(asked[1]), "\n".join(asked[1])
