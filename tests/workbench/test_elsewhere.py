"""An officer of one commune before a plot of another one: what the form says, and how it comes to whom it belongs."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from landgis.accounts.models import User
from landgis.catalog import registry
from landgis.changes.models import ChangeSet, State
from landgis.lib import statements
from landgis.workbench.models import Edit
from tests.workbench.conftest import do_waiting
from tests.workbench.test_edits import edit, form_of, revision, step

pytestmark = pytest.mark.usefixtures("own_world", "state", "local")
ClientOf = Callable[[str], Client]
NAME = "public-land"


def plots_in(unit: str) -> list[str]:
    """Plots that lie in that unit alone."""
    found = statements.rows(
        "SELECT l.ref FROM catalog_location l JOIN publicland_plot f ON f.ref = l.ref AND f.from_revision = l.from_revision"
        " AND f.until_revision IS NULL WHERE l.dataset = 'public-land' AND l.unit = %s AND l.commune_today_also IS NULL"
        " ORDER BY l.ref",
        [unit],
    )
    return [ref for (ref,) in found]


@pytest.fixture
def theirs(units: list[str]) -> str:
    """A plot in the second commune."""
    return plots_in(units[1])[0]


@pytest.fixture
def mine(units: list[str]) -> str:
    return plots_in(units[0])[0]


def address_of(ref: str) -> str:
    return f"/en/officer/edit/{NAME}/{ref}/"


def not_handed_in(client: Client, change_set: ChangeSet) -> str:
    page = step(client, change_set, "hand-in", reason="Asked for here")
    assert change_set.state == State.CHECKED
    return page


def test_the_form_says_where_it_lies_and_the_way_to_whom_it_belongs(signed_in: ClientOf, theirs: str) -> None:
    one, two = signed_in("one"), signed_in("two")
    for client, is_told in ((one, True), (two, False), (signed_in("officer"), False)):
        page = client.get(address_of(theirs)).content.decode()
        assert ("It lies outside of your territory" in page) == is_told
        assert ("responsible: Area 1" in page) == is_told
    change_set = edit(one, NAME, theirs, name="Another name")
    assert "see below" in not_handed_in(one, change_set) and 'value="zq-1"' in step(one, change_set, "hand-in")
    assert "It is handed over" in step(one, change_set, "hand-over", to="zq-1", reason="Yours")
    assert "Hand in for approval" not in two.get(f"/en/officer/changes/{change_set.pk}/").content.decode()
    page = step(two, change_set, "take-on")
    assert "Hand in for approval" in page and "Another name" in page
    step(two, change_set, "hand-in", reason="Asked for there")
    assert change_set.state == State.SUBMITTED
    step(signed_in("judge"), change_set, "decide", then="publish")
    do_waiting()
    change_set.refresh_from_db()
    assert change_set.state == State.APPLIED


@pytest.mark.parametrize("how", ["retire", "withdraw", "restore"])
def test_no_way_hands_in_what_lies_elsewhere(signed_in: ClientOf, theirs: str, how: str) -> None:
    one, base = signed_in("one"), revision(NAME, theirs)
    answer = one.post(address_of(theirs), {"base": base, "step": how, "reason": "zq", "as_of": base}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200 and "It lies outside of your territory" in page
    saves = re.search(r'name="saves" value="(\d+)"', page)
    if how != "restore":  # what is restored is as it is, so that nothing counts
        assert saves, page
        one.post(answer.redirect_chain[-1][0], {"step": "count", "saves": saves[1]})
        change_set = Edit.objects.latest("id").change_set
        assert "outside of the territory" in not_handed_in(one, change_set)
        answer = one.post(f"/en/officer/changes/{change_set.pk}/submit/")
        assert answer.status_code == 403 and "outside of your territory" in answer.content.decode()


def test_a_new_feature_is_told_as_soon_as_its_commune_is_known(signed_in: ClientOf, units: list[str]) -> None:
    one, address = signed_in("one"), "/en/officer/edit/public-land/new/"
    sent = form_of(one.get(address).content.decode())
    row = registry.get(NAME).in_force._default_manager.get(ref=plots_in(units[1])[0], until_revision=None)
    typed = {name: str(getattr(row, name) or "") for name in sent if hasattr(row, name) and name != "plot_code"}
    said = sent | typed | {"plot_code": "ZQ-NEW", "step": "save"}
    corners = form_of(one.get(address_of(row.ref)).content.decode())
    said |= {name: corners[name] for name in ("corners", "srid") if name in corners}
    page = one.post(address, said, follow=True).content.decode()
    assert "It lies outside of your territory" in page and "responsible: Area 1" in page
    assert "It lies outside" not in one.get(address).content.decode()


def handed_over(one: Client, ref: str) -> tuple[ChangeSet, str]:
    """A change set that was handed over, and the page on which it was being edited."""
    change_set = edit(one, NAME, ref, name="Another name")
    not_handed_in(one, change_set)
    page = one.get(address_of(ref)).content.decode()
    step(one, change_set, "hand-over", to="zq-1", reason="Yours")
    return change_set, page


def test_an_edit_that_was_handed_over_is_refused_and_what_was_typed_is_there(signed_in: ClientOf, theirs: str) -> None:
    one = signed_in("one")
    change_set, opened = handed_over(one, theirs)
    own = change_set.edits.get()
    said = "It has been handed over: the office that has it decides."
    for sent in (
        form_of(opened) | {"name": "A third name", "step": "read"},
        {"step": "retire", "base": revision(NAME, theirs), "reason": "A third reason"},
        {"step": "count", "saves": str(own.saves)},
    ):
        answer = one.post(address_of(theirs), sent)
        page = answer.content.decode()
        assert answer.status_code == 403 and said in page, sent["step"]
        assert 'value="save"' not in page
        if sent["step"] == "read":
            assert 'value="A third name"' in page
    assert said in one.get(address_of(theirs)).content.decode()
    page = one.post(f"/en/officer/changes/{change_set.pk}/edits/{own.pk}/out/", follow=True).content.decode()
    assert said in page
    for name in ("hand-in", "submit", "withdraw", "hand-over", "reopen"):
        answer = one.post(f"/en/officer/changes/{change_set.pk}/{name}/", {"reason": "Typed", "to": "zq-1"})
        assert answer.status_code == 403 and said in answer.content.decode(), name
    own.refresh_from_db()
    change_set.refresh_from_db()
    assert own.facts["name"] == {"text": "Another name"} and change_set.state == State.CHECKED


def test_the_next_edit_goes_into_a_change_set_of_its_own(signed_in: ClientOf, theirs: str, mine: str) -> None:
    one = signed_in("one")
    change_set, _opened = handed_over(one, theirs)
    other = edit(one, NAME, mine, name="Mine")
    assert other.pk != change_set.pk
    step(one, other, "hand-in", reason="A reason")
    assert other.state == State.SUBMITTED


def test_what_was_given_back_is_mended_by_its_author(signed_in: ClientOf, theirs: str) -> None:
    one = signed_in("one")
    change_set, _opened = handed_over(one, theirs)
    step(signed_in("two"), change_set, "give-back", reason="Not ours")
    assert edit(one, NAME, theirs, name="A third name").pk == change_set.pk


def test_an_approver_of_another_territory_does_not_even_see_it(
    signed_in: ClientOf, local: dict[str, User], mine: str
) -> None:
    one, judge = signed_in("one"), signed_in("judge")
    change_set = edit(one, NAME, mine, name="Mine")
    step(one, change_set, "hand-in", reason="A reason")
    assert change_set.state == State.SUBMITTED
    for name, said in (
        ("decide", {"then": "publish"}),
        ("decide", {"then": "plan", "at": "31/12/2099 08:00"}),
        ("decide", {"then": "approve"}),
        ("approve", {}),
        ("publish", {}),
        ("reject", {"reason": "No"}),
    ):
        answer = judge.post(f"/en/officer/changes/{change_set.pk}/{name}/", said)
        assert answer.status_code == 404, (name, said)
    change_set.refresh_from_db()
    assert change_set.state == State.SUBMITTED and not change_set.runs.exists()


def test_who_approves_a_part_with_a_day_reads_that_nothing_is_planned_yet(
    signed_in: ClientOf, local: dict[str, User], mine: str, theirs: str
) -> None:
    officer = signed_in("officer")
    edit(officer, NAME, mine, name="Mine")
    change_set = edit(officer, NAME, theirs, name="Theirs")
    step(officer, change_set, "hand-in", reason="Both")
    page = step(signed_in("judge"), change_set, "decide", then="plan", at="31/12/2099 08:00")
    assert "whoever does so last says when" in page
    assert change_set.state == State.SUBMITTED and not change_set.runs.exists()
    page = step(signed_in("approver"), change_set, "decide", then="plan", at="31/12/2099 08:00")
    assert change_set.state == State.APPROVED and "It is published at" in page
