"""Edits that were handed over: whoever took them on writes of their features as the author could, and nobody else does."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from landgis.accounts.models import Role, User
from landgis.changes.models import AuditEntry, ChangeSet, State
from landgis.lib import statements
from landgis.places import holdings
from landgis.places.models import Territory
from landgis.workbench.models import Edit
from tests.workbench.conftest import do_waiting
from tests.workbench.test_edits import edit, form_of, row, step

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]


@pytest.fixture
def refs(units: list[str]) -> list[str]:
    """Three plots of the second commune."""
    found = statements.rows(
        "SELECT l.ref FROM catalog_location l JOIN publicland_plot f ON f.ref = l.ref AND f.from_revision = l.from_revision"
        " AND f.until_revision IS NULL WHERE l.dataset = 'public-land' AND l.unit = %s AND l.commune_today_also IS NULL"
        " ORDER BY l.ref LIMIT 3",
        [units[1]],
    )
    return [ref for (ref,) in found]


@pytest.fixture
def handed(signed_in: ClientOf, local: dict[str, User], refs: list[str]) -> ChangeSet:
    """Two edits that the officer of the first commune wrote of plots in the second, taken on there."""
    edit(signed_in("one"), "public-land", refs[0], address="1 Lê Lợi")
    found = edit(signed_in("one"), "public-land", refs[1], address="2 Lê Lợi")
    assert "outside of your territory" in step(signed_in("one"), found, "hand-in", reason="As asked")
    step(signed_in("one"), found, "hand-over", to="zq-1", reason="The land lies with you")
    page = signed_in("two").get(f"/en/officer/edit/public-land/{refs[2]}/?in={found.pk}").content.decode()
    assert "handed over: the office that has it decides" in page  # it is not taken on yet
    assert "It is yours" in step(signed_in("two"), found, "take-on")
    return found


def written(client: Client, change_set: ChangeSet, ref: str, /, **typed: str) -> None:
    """Change a feature in a change set that was handed over."""
    address = f"/en/officer/edit/public-land/{ref}/?in={change_set.pk}"
    page = client.get(address).content.decode()
    assert f"change set {change_set.pk}</a> of one, which was handed over to you" in page
    page = client.post(address, form_of(page) | typed | {"step": "read"}).content.decode()
    saves = re.search(r'name="saves" value="(\d+)"', page)
    assert saves and f"add to change set {change_set.pk}" in page, page
    answer = client.post(address, {"step": "count", "saves": saves[1]})
    assert answer.headers["Location"] == f"/en/officer/changes/{change_set.pk}/"


def test_who_took_it_on_changes_adds_and_takes_out(
    signed_in: ClientOf, local: dict[str, User], handed: ChangeSet, refs: list[str]
) -> None:
    two, judge = signed_in("two"), signed_in("judge")
    page = two.get(f"/en/officer/changes/{handed.pk}/").content.decode()
    assert f"/en/officer/edit/public-land/{refs[0]}/?in={handed.pk}" in page and "Hand in for approval" in page
    assert "Submit for approval" not in page
    written(two, handed, refs[0], address="1 Lê Lai")
    plain = two.get(f"/en/officer/edit/public-land/{refs[2]}/").content.decode()
    assert f'href="?in={handed.pk}"' in plain
    written(two, handed, refs[2], address="3 Lê Lai")
    out = f"/en/officer/changes/{handed.pk}/edits/{handed.edits.get(ref=refs[1]).pk}/out/"
    assert two.post(out).status_code == 302
    assert {one.ref: one.facts["address"]["text"] for one in handed.edits.all()} == {
        refs[0]: "1 Lê Lai",
        refs[2]: "3 Lê Lai",
    }
    lines = AuditEntry.objects.filter(
        subject=f"change-set {handed.pk}", verb__in=["change-set.edit", "change-set.take-out"]
    )
    assert [(one.by, one.verb.partition(".")[2], one.details["ref"]) for one in lines.order_by("id")] == [
        ("one", "edit", refs[0]),
        ("one", "edit", refs[1]),
        ("two", "edit", refs[0]),
        ("two", "edit", refs[2]),
        ("two", "take-out", refs[1]),
    ]
    assert (
        f"two · a feature edited: {refs[0]}"
        in signed_in("one").get(f"/en/officer/changes/{handed.pk}/").content.decode()
    )
    step(two, handed, "hand-in", reason="As asked")
    assert handed.state == State.SUBMITTED
    step(two, handed, "reopen")
    assert handed.state == State.DRAFT
    step(two, handed, "hand-in", reason="As asked")
    step(judge, handed, "decide", then="publish")
    do_waiting()
    handed.refresh_from_db()
    assert handed.state == State.APPLIED
    assert [row("public-land", ref)["address"] for ref in (refs[0], refs[2])] == ["1 Lê Lai", "3 Lê Lai"]
    assert row("public-land", refs[1])["address"] != "2 Lê Lợi"


def test_who_received_it_sees_it_and_writes_no_more(
    signed_in: ClientOf, local: dict[str, User], handed: ChangeSet, refs: list[str]
) -> None:
    one = signed_in("one")
    page = one.get(f"/en/officer/changes/{handed.pk}/").content.decode()
    assert "taken on" in page and "Hand in for approval" not in page
    out = f"/en/officer/changes/{handed.pk}/edits/{handed.edits.get(ref=refs[1]).pk}/out/"
    assert "It has been handed over" in one.post(out, follow=True).content.decode()
    for address in (
        f"/en/officer/edit/public-land/{refs[0]}/",
        f"/en/officer/edit/public-land/{refs[2]}/?in={handed.pk}",
    ):
        answer = one.post(address, {"address": "Mine", "base": "1", "step": "read"})
        assert answer.status_code == 403 and "It has been handed over" in answer.content.decode()
        assert 'value="Mine"' in answer.content.decode()  # nothing that was typed is lost
    for name in ("hand-in", "reopen", "again"):
        answer = one.post(f"/en/officer/changes/{handed.pk}/{name}/", {"reason": "x"})
        assert answer.status_code == 403 and "It has been handed over" in answer.content.decode(), name
    assert handed.edits.count() == 2
    far = signed_in("second")  # of the whole office: sees it, and it was not handed to them
    assert far.post(f"/en/officer/edit/public-land/{refs[0]}/?in={handed.pk}", {"step": "read"}).status_code == 403
    assert one.get(f"/en/officer/edit/auction-lots/new/?in={handed.pk}").status_code == 404  # of another dataset


def test_who_wrote_in_it_is_asked_for_no_decision(
    signed_in: ClientOf, local: dict[str, User], handed: ChangeSet, refs: list[str]
) -> None:
    """Even as an approver of the territory, and though another person handed it in."""
    area = Territory.objects.get(ref="zq-1")
    local["two"].groups.add(Group.objects.get(name="approver"))
    holdings.give(local["two"], Role.APPROVER, area, by=None)
    local["three"] = three = User.objects.create_user("three")
    three.groups.add(Group.objects.get(name="officer"))
    holdings.give(three, Role.OFFICER, area, by=None)
    written(signed_in("two"), handed, refs[0], address="1 Lê Lai")
    step(signed_in("three"), handed, "hand-in", reason="As asked")
    assert handed.state == State.SUBMITTED and handed.submitted_by == three
    address = f"/officer/changes/{handed.pk}/"
    for name, waits in (("two", False), ("judge", True)):
        listed = signed_in(name).get("/en/officer/?show=decide").content.decode()
        assert (address in listed) is waits, name
        assert ("Approve and publish" in signed_in(name).get(f"/en{address}").content.decode()) is waits, name
    assert signed_in("two").post(f"/en{address}decide/", {"then": "publish"}).status_code == 403
    step(signed_in("two"), handed, "approve")
    assert handed.state == State.SUBMITTED


def test_a_new_feature_comes_into_it(signed_in: ClientOf, handed: ChangeSet) -> None:
    two, address = signed_in("two"), f"/en/officer/edit/public-land/new/?in={handed.pk}"
    typed = form_of(two.get(address).content.decode()) | {"plot_code": "ZQ-NEW", "name": "New", "step": "save"}
    answer = two.post(address, typed)
    begun = Edit.objects.get(ref="ZQ-NEW")
    assert begun.change_set == handed
    assert answer.headers["Location"] == f"/en/officer/edit/public-land/new/?draft={begun.pk}&in={handed.pk}"
    assert 'value="ZQ-NEW"' in two.get(answer.headers["Location"]).content.decode()
