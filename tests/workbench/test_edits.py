"""One feature corrected by its form: typed, read back, handed in, decided by another person, and public."""

import re
from collections.abc import Callable

import pytest
from django.db.models.functions import Now
from django.test import Client, override_settings

from landgis.accounts.models import User
from landgis.catalog import queries, registry
from landgis.changes.models import AuditEntry, ChangeSet, State
from landgis.mail.models import Mail
from landgis.workbench import actions
from landgis.workbench.models import Edit, Run
from tests.members import some_of
from tests.workbench.conftest import do_waiting

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]


def row(name: str, ref: str) -> dict:
    return next(one for one in queries.rows(registry.get(name)) if one["ref"] == ref)


def a_ref(name: str) -> str:
    return next(iter(queries.rows(registry.get(name))))["ref"]


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    form = page.rpartition('<form class="form desk__form"')[2].partition("</form>")[0]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'{one}="([^"]*)"', tag) for one in ("name", "value"))
        if name and 'type="checkbox"' not in tag and 'type="radio"' not in tag:
            sent[name[1]] = _plain(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        sent[name] = _plain(text).replace("\n", "\r\n")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


def _plain(text: str) -> str:
    for mark, letter in (("&quot;", '"'), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(mark, letter)
    return text


def edit(client: Client, name: str, ref: str, /, **typed: str) -> ChangeSet:
    """Change fields of a feature and add it to the open change set."""
    address = f"/en/officer/edit/{name}/{ref}/"
    sent = form_of(client.get(address).content.decode())
    answer = client.post(address, sent | typed | {"step": "read"})
    page = answer.content.decode()
    assert answer.status_code == 200, page
    saves = re.search(r'name="saves" value="(\d+)"', page)
    assert saves, page
    assert client.post(address, {"step": "count", "saves": saves[1]}).status_code == 302
    return Edit.objects.latest("id").change_set


def step(client: Client, change_set: ChangeSet, name: str, /, **said: str) -> str:
    answer = client.post(f"/en/officer/changes/{change_set.pk}/{name}/", said, follow=True)
    change_set.refresh_from_db()
    return answer.content.decode()


def approved(client: Client, change_set: ChangeSet) -> None:
    page = step(client, change_set, "approve")
    do_waiting()
    change_set.refresh_from_db()
    assert change_set.state == State.APPLIED, page


def test_a_price_is_corrected_and_nothing_else(signed_in: ClientOf) -> None:
    ref = a_ref("auction-lots")
    before = row("auction-lots", ref)
    change_set = edit(signed_in("officer"), "auction-lots", ref, starting_price_vnd="1,25 tỷ")
    assert change_set.state == State.DRAFT
    page = step(signed_in("officer"), change_set, "hand-in", reason="Typing error")
    assert change_set.state == State.SUBMITTED, page
    assert row("auction-lots", ref) == before
    approved(signed_in("approver"), change_set)
    after = row("auction-lots", ref)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"starting_price_vnd", "applied_at", "from_revision", "source", "source_as_of"}
    assert after["starting_price_vnd"] == 1_250_000_000


@pytest.mark.parametrize("name", some_of((dataset.name for dataset in registry.all_datasets()), every=2))
def test_a_form_that_is_sent_as_it_stands_changes_nothing(signed_in: ClientOf, name: str) -> None:
    client = signed_in("officer")
    for language in ("", "/en"):
        for one in list(registry.get(name).in_force._default_manager.filter(until_revision=None)[:3]):
            address = f"{language}/officer/edit/{name}/{one.ref}/"
            answer = client.get(address)
            assert answer.status_code == 200
            assert client.post(address, form_of(answer.content.decode()) | {"step": "save"}).status_code == 302
            assert Edit.objects.latest("id").facts == {}


def test_what_a_form_does_not_bring_is_not_touched(signed_in: ClientOf) -> None:
    client, ref = signed_in("officer"), a_ref("auction-lots")
    address = f"/en/officer/edit/auction-lots/{ref}/"
    for sent in ({"address": "12 Lê Lợi"}, {"frontage_m": "7"}, {}):
        assert client.post(address, sent | {"step": "save", "base": revision("auction-lots", ref)}).status_code == 302
    assert Edit.objects.latest("id").facts == {"address": {"text": "12 Lê Lợi"}, "frontage_m": {"text": "7"}}


def test_a_number_with_two_readings_is_asked(signed_in: ClientOf) -> None:
    client, ref = signed_in("officer"), a_ref("auction-lots")
    address = f"/en/officer/edit/auction-lots/{ref}/"
    sent = form_of(client.get(address).content.decode()) | {"starting_price_vnd": "850.000", "step": "read"}
    answer = client.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Which number is meant?" in page and "850,000" in page and 'value="850.000"' in page
    assert 'value="count"' not in page
    answer = client.post(address, form_of(page) | {"reading-starting_price_vnd": "group", "step": "read"})
    assert answer.status_code == 200 and "850,000" in answer.content.decode()
    assert 'value="count"' in answer.content.decode()


def test_an_amount_with_a_scale_and_two_readings_is_asked_in_whole_numbers(signed_in: ClientOf) -> None:
    client, ref = signed_in("officer"), a_ref("auction-lots")
    address = f"/officer/edit/auction-lots/{ref}/"
    sent = form_of(client.get(address).content.decode()) | {"starting_price_vnd": "3,217 tỷ", "step": "read"}
    page = client.post(address, sent).content.decode()
    assert "Số nào là đúng?" in page and "3.217.000.000 đ" in page and "3.217.000.000.000 đ" in page
    said = form_of(page) | {"reading-starting_price_vnd": "decimal", "step": "read"}
    page = client.post(address, said).content.decode()
    assert "<strong>3.217.000.000 đ</strong>" in page and 'value="count"' in page


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(signed_in: ClientOf) -> None:
    client, ref = signed_in("officer"), a_ref("auction-lots")
    address = f"/en/officer/edit/auction-lots/{ref}/"
    sent = form_of(client.get(address).content.decode())
    answer = client.post(address, sent | {"area_legal_m2": "-5", "address": "12 Lê Lợi", "step": "read"})
    page = answer.content.decode()
    assert answer.status_code == 400 and 'id="e-area_legal_m2-0"' in page
    assert 'value="-5"' in page and 'value="12 Lê Lợi"' in page
    again = client.get(address).content.decode()
    assert 'value="-5"' in again and 'value="12 Lê Lợi"' in again


def some_refs(name: str, count: int) -> list[str]:
    return [one["ref"] for one in list(queries.rows(registry.get(name)))[:count]]


def test_one_goes_on_and_the_other_is_rejected_and_mended(signed_in: ClientOf) -> None:
    officer, approver = signed_in("officer"), signed_in("approver")
    good, bad = some_refs("auction-lots", 2)
    edit(officer, "auction-lots", good, address="1 Lê Lợi")
    change_set = edit(officer, "auction-lots", bad, address="2 Lê Lợi")
    step(officer, change_set, "hand-in", reason="Addresses")
    assert change_set.state == State.SUBMITTED
    page = approver.get(f"/en/officer/changes/{change_set.pk}/").content.decode()
    assert "1 Lê Lợi" in page and "2 Lê Lợi" in page and '<path class="side__after" d="M' in page
    row_of_bad = re.search(rf'{bad} · Change.*?name="decision-(\d+)"', page, re.S)
    assert row_of_bad
    number = row_of_bad[1]
    step(approver, change_set, "decide", **{f"decision-{number}": "reject", "then": "publish"})
    assert change_set.state == State.SUBMITTED  # without a reason nobody is rejected
    said = {f"decision-{number}": "reject", f"refusal-{number}": "No such street", "then": "publish"}
    step(officer, change_set, "decide", **said)
    assert change_set.state == State.SUBMITTED  # nor by who made it
    step(approver, change_set, "decide", **said)
    do_waiting()
    change_set.refresh_from_db()
    assert change_set.state == State.APPLIED
    assert row("auction-lots", good)["address"] == "1 Lê Lợi" != row("auction-lots", bad)["address"]
    refused = change_set.edits.get(ref=bad)
    assert "No such street" in officer.get(f"/en/officer/changes/{change_set.pk}/").content.decode()
    answer = officer.post(f"/en/officer/changes/{change_set.pk}/edits/{refused.pk}/mend/", follow=True)
    assert 'value="2 Lê Lợi"' in answer.content.decode()
    again = edit(officer, "auction-lots", bad, address="2 Lê Lai")
    assert again.pk != change_set.pk and again.state == State.DRAFT


def test_an_edit_can_be_taken_out_and_the_change_set_back(signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    one, other = some_refs("auction-lots", 2)
    edit(officer, "auction-lots", one, address="1 Lê Lợi")
    change_set = edit(officer, "auction-lots", other, address="2 Lê Lợi")
    assert change_set.edits.count() == 2
    officer.post(f"/en/officer/changes/{change_set.pk}/edits/{change_set.edits.get(ref=one).pk}/out/")
    assert [found.ref for found in change_set.edits.all()] == [other]
    step(officer, change_set, "hand-in", reason="Addresses")
    assert signed_in("second").post(f"/en/officer/changes/{change_set.pk}/reopen/").status_code == 403
    step(officer, change_set, "reopen")
    assert (change_set.state, change_set.edits.count()) == (State.DRAFT, 1)
    officer.post(f"/en/officer/changes/{change_set.pk}/edits/{change_set.edits.get().pk}/out/")
    change_set.refresh_from_db()
    assert change_set.state == State.WITHDRAWN


def published(signed_in: ClientOf, change_set: ChangeSet) -> None:
    page = step(signed_in("officer"), change_set, "hand-in", reason="A reason")
    assert change_set.state == State.SUBMITTED, page
    approved(signed_in("approver"), change_set)


def said(client: Client, name: str, ref: str, **sent: str) -> ChangeSet:
    """A step of the form that is no typing, and its confirmation."""
    address = f"/en/officer/edit/{name}/{ref}/"
    answer = client.post(address, sent, follow=True)
    page = answer.content.decode()
    saves = re.search(r'name="saves" value="(\d+)"', page)
    assert saves, page
    client.post(answer.redirect_chain[-1][0], {"step": "count", "saves": saves[1]})
    return Edit.objects.latest("id").change_set


def revision(name: str, ref: str) -> str:
    return str(registry.get(name).in_force._default_manager.get(ref=ref, until_revision=None).from_revision)


def test_two_officers_on_one_feature_and_both_states_survive(signed_in: ClientOf) -> None:
    first, second, (ref,) = signed_in("officer"), signed_in("second"), some_refs("auction-lots", 1)
    address = f"/en/officer/edit/auction-lots/{ref}/"
    opened = form_of(second.get(address).content.decode())
    published(signed_in, edit(first, "auction-lots", ref, address="1 Lê Lợi", starting_price_vnd="2 tỷ"))
    typed = {"address": "2 Lê Lai", "bid_step_vnd": "3 triệu", "step": "read"}
    page = second.post(address, opened | typed).content.decode()
    assert "Nothing is overwritten" in page and "1 Lê Lợi" in page and "2 Lê Lai" in page
    assert 'value="count"' not in page and "Theirs, which stays:" in page
    now = {"now": revision("auction-lots", ref), "step": "settle"}
    assert second.post(address, now, follow=True).content.decode().count("look once more") == 1
    page = second.post(address, now | {"side-address": "mine"}, follow=True).content.decode()
    saves = re.search(r'name="saves" value="(\d+)"', page)
    assert saves, page
    second.post(address, {"step": "count", "saves": saves[1]})
    change_set = Edit.objects.latest("id").change_set
    step(second, change_set, "hand-in", reason="Mine")
    approved(signed_in("approver"), change_set)
    after = row("auction-lots", ref)
    assert (after["address"], after["bid_step_vnd"], after["starting_price_vnd"]) == ("2 Lê Lai", 3_000_000, 2 * 10**9)
    page = second.get(f"/en/officer/history/auction-lots/{ref}/").content.decode()
    assert "1 Lê Lợi" in page and "2 Lê Lai" in page and "approved by approver" in page


def test_what_came_into_force_between_submission_and_publication_stops_it(signed_in: ClientOf) -> None:
    first, second, (ref,) = signed_in("officer"), signed_in("second"), some_refs("auction-lots", 1)
    late = edit(second, "auction-lots", ref, address="2 Lê Lai")
    step(second, late, "hand-in", reason="Mine")
    early = edit(first, "auction-lots", ref, address="1 Lê Lợi")
    published(signed_in, early)
    step(signed_in("approver"), late, "approve")
    do_waiting()
    late.refresh_from_db()
    assert late.state == State.APPROVED and row("auction-lots", ref)["address"] == "1 Lê Lợi"
    page = second.get(f"/en/officer/changes/{late.pk}/").content.decode()
    assert "Changed by somebody else" in page
    step(second, late, "reopen")
    page = second.get(f"/en/officer/changes/{late.pk}/").content.decode()
    assert "Somebody else changed it in the meantime" in page
    step(second, late, "hand-in", reason="Mine")
    assert late.state == State.CHECKED  # not before both states were looked at
    page = second.get(f"/en/officer/edit/auction-lots/{ref}/").content.decode()
    assert "1 Lê Lợi" in page and "2 Lê Lai" in page


def test_a_plot_is_retired_and_restored(signed_in: ClientOf, client: Client) -> None:
    officer, (ref,) = signed_in("officer"), some_refs("planning-zones", 1)
    before = row("planning-zones", ref)
    base = revision("planning-zones", ref)
    assert officer.post(f"/officer/edit/planning-zones/{ref}/", {"base": base, "step": "retire"}).status_code == 400
    published(signed_in, said(officer, "planning-zones", ref, base=base, step="retire", reason="Merged"))
    answer = client.get(f"/en/planning/{ref}/")
    assert answer.status_code == 410 and 'Reason: <span lang="vi">Merged</span>' in answer.content.decode()
    page = officer.get(f"/en/officer/history/planning-zones/{ref}/").content.decode()
    assert "Restore this state" in page and "retired" in page
    published(signed_in, said(officer, "planning-zones", ref, as_of=base, step="restore"))
    after = row("planning-zones", ref)
    volatile = {"from_revision", "applied_at", "source", "source_as_of"}
    assert {name for name in before if before[name] != after[name]} <= volatile
    assert client.get(f"/planning/{ref}/").status_code == 200


def test_a_feature_is_withdrawn_and_shown_again(signed_in: ClientOf, client: Client) -> None:
    officer, (ref,) = signed_in("officer"), some_refs("public-land", 1)
    base = revision("public-land", ref)
    name = row("public-land", ref)["name"]
    change_set = said(officer, "public-land", ref, base=base, step="withdraw", reason="Under review")
    step(officer, change_set, "hand-in", reason="zq inner reason")
    assert client.get(f"/public-land/{ref}/").status_code == 200  # not before it is decided
    approved(signed_in("approver"), change_set)
    for address in (f"/en/public-land/{ref}/", f"/en/public-land/{ref}/?as_of={base}"):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 410 and "was withdrawn from the public" in page
        assert 'Reason: <span lang="vi">Under review</span>' in page and name not in page and "zq inner" not in page
    for suffix in ("json", "geojson"):
        answer = client.get(f"/public-land/{ref}.{suffix}", headers={"accept-language": "en"})
        assert (answer.status_code, answer.json()["detail"]) == (410, "Under review")
    assert ref not in {one["ref"] for one in queries.rows(registry.get("public-land"))}
    base = revision("public-land", ref)
    published(signed_in, said(officer, "public-land", ref, base=base, step="show", reason="Reviewed"))
    assert client.get(f"/public-land/{ref}/").status_code == 200


def test_an_applied_change_set_is_undone_by_another_one(signed_in: ClientOf) -> None:
    officer, (one, other) = signed_in("officer"), some_refs("auction-lots", 2)
    before = {ref: row("auction-lots", ref)["address"] for ref in (one, other)}
    edit(officer, "auction-lots", one, address="1 Lê Lợi")
    change_set = edit(officer, "auction-lots", other, address="2 Lê Lợi")
    published(signed_in, change_set)
    step(officer, change_set, "undo")
    inverse = Edit.objects.latest("id").change_set
    assert inverse.pk != change_set.pk and inverse.edits.count() == 2
    published(signed_in, inverse)
    assert {ref: row("auction-lots", ref)["address"] for ref in (one, other)} == before


def test_corners_are_numbers_of_the_legal_system(signed_in: ClientOf) -> None:
    officer, (ref, other) = signed_in("officer"), some_refs("auction-lots", 2)
    lots = registry.get("auction-lots").in_force._default_manager
    before = lots.get(ref=ref, until_revision=None)
    address = f"/en/officer/edit/auction-lots/{ref}/"
    sent = form_of(officer.get(address).content.decode())
    lines = sent["corners"].split()
    assert float(lines[0]) > 1_000_000 > float(lines[1])  # north, then east
    for wrong in ("12.345 600000.5", "1158123.5", "1158123.5 abc", "\r\n".join(sent["corners"].split("\r\n")[:2])):
        form = form_of(officer.get(address).content.decode())
        answer = officer.post(address, form | {"corners": wrong, "step": "read"})
        assert answer.status_code == 400 and 'id="e-corners"' in answer.content.decode(), wrong
    moved = [[float(word) for word in line.split()] for line in sent["corners"].split("\r\n") if line]
    there = "\r\n".join(f"{at} {x + 100:.3f}0 {y + 100:.3f}0" for at, (x, y) in enumerate(moved, 1))
    edit(officer, "auction-lots", other, address="1 Lê Lợi")
    change_set = edit(officer, "auction-lots", ref, corners=there)
    kept = lots.get(ref=other, until_revision=None)
    published(signed_in, change_set)
    after = lots.get(ref=ref, until_revision=None)
    assert after.legal_srid == before.legal_srid and abs(after.area_m2 - before.area_m2) < 0.5
    assert 90 < 111_000 * (after.boundary.centroid.y - before.boundary.centroid.y) < 110
    assert after.name == before.name
    assert lots.get(ref=other, until_revision=None).boundary == kept.boundary  # though another one of the set moved


def test_a_feature_is_added_with_its_corners(signed_in: ClientOf, client: Client) -> None:
    officer, address = signed_in("officer"), "/en/officer/edit/planning-zones/new/"
    sent = form_of(officer.get(address).content.decode())
    sent |= {"zone_code": "QH-MOI", "name": "Khu mới", "plan_name": "Quy hoạch 2030", "step": "read"}
    page = officer.post(address, sent).content.decode()
    assert 'value="count"' not in page  # a zone has a boundary
    begun = Edit.objects.latest("id")
    address += f"?draft={begun.pk}"
    square = "1160000.0 430000.0\r\n1160100.0 430000.0\r\n1160100.0 430100.0\r\n1160000.0 430100.0"
    page = officer.post(address, form_of(page) | {"corners": square, "step": "read"}).content.decode()
    saves = re.search(r'name="saves" value="(\d+)"', page)
    assert saves and "10,000" in page, page
    officer.post(address, {"step": "count", "saves": saves[1]})
    assert client.get("/planning/QH-MOI/").status_code == 404  # a draft is nobody's
    published(signed_in, begun.change_set)
    assert client.get("/planning/QH-MOI/").status_code == 200


@override_settings(CONFIRM_PERCENT=0, CONFIRM_FEATURES=1)
def test_much_at_once_is_confirmed_by_its_number(signed_in: ClientOf) -> None:
    """By the officer who hands it in; and by the approver, of what is left when one of it is rejected."""
    officer, approver = signed_in("officer"), signed_in("approver")
    for at, ref in enumerate(some_refs("auction-lots", 3)):
        change_set = edit(officer, "auction-lots", ref, address=f"{at} Lê Lợi")
    page = step(officer, change_set, "hand-in", reason="Street renamed")
    assert change_set.state == State.CHECKED and "“address” would change in 3 of" in page and 'name="number"' in page
    page = step(officer, change_set, "hand-in", reason="Street renamed", number="4")
    assert change_set.state == State.CHECKED and "This is not the number" in page
    step(officer, change_set, "hand-in", reason="Street renamed", number="3")
    assert change_set.state == State.SUBMITTED
    reject = {"decision-1": "reject", "refusal-1": "No such number", "then": "publish"}
    page = step(approver, change_set, "decide", **reject)
    assert change_set.state == State.SUBMITTED and "“address” would change in 2 of" in page
    assert "No such number" in page and not change_set.edits.exclude(refused_by=None).exists()
    step(approver, change_set, "decide", **reject, number="2")
    do_waiting()
    change_set.refresh_from_db()
    assert change_set.state == State.APPLIED
    confirmed = AuditEntry.objects.filter(verb="change-set.confirm").order_by("id")
    assert [(one.by, one.details["confirmed"][0]["count"]) for one in confirmed] == [("officer", 3), ("approver", 2)]


def test_a_change_set_is_published_at_its_time(signed_in: ClientOf) -> None:
    officer, approver, (ref,) = signed_in("officer"), signed_in("approver"), some_refs("auction-lots", 1)
    change_set = edit(officer, "auction-lots", ref, address="1 Lê Lợi")
    step(officer, change_set, "hand-in", reason="Later")
    for past in ("", "soon", "01/01/2020 08:00"):
        assert "still to come" in step(approver, change_set, "decide", then="plan", at=past)
        assert change_set.state == State.SUBMITTED
    page = step(approver, change_set, "decide", then="plan", at="31/12/2090 08:00")
    assert change_set.state == State.APPROVED and "It is published at 31 Dec 2090" in page
    actions.begin_planned()
    do_waiting()
    change_set.refresh_from_db()
    assert change_set.state == State.APPROVED  # not before its time
    Run.objects.filter(change_set=change_set).update(planned_for=Now())
    actions.begin_planned()
    do_waiting()
    change_set.refresh_from_db()
    assert change_set.state == State.APPLIED and row("auction-lots", ref)["address"] == "1 Lê Lợi"


def test_a_conflict_at_the_time_of_publication_is_told_to_both(signed_in: ClientOf, people: dict[str, User]) -> None:
    for name in ("officer", "approver"):
        User.objects.filter(pk=people[name].pk).update(email=f"{name}@example.org", mail_language="en")
    officer, (ref,) = signed_in("officer"), some_refs("auction-lots", 1)
    change_set = edit(officer, "auction-lots", ref, address="1 Lê Lợi")
    step(officer, change_set, "hand-in", reason="Later")
    step(signed_in("approver"), change_set, "decide", then="plan", at="31/12/2090 08:00")
    other = edit(signed_in("second"), "auction-lots", ref, address="2 Lê Lai")
    step(signed_in("second"), other, "hand-in", reason="Now")
    approved(signed_in("approver"), other)
    Run.objects.filter(change_set=change_set).update(planned_for=Now())
    actions.begin_planned()
    do_waiting()
    change_set.refresh_from_db()
    assert change_set.state == State.APPROVED and row("auction-lots", ref)["address"] == "2 Lê Lai"
    told = Mail.objects.filter(purpose="publication-stopped")
    assert {mail.to for mail in told} == {"officer@example.org", "approver@example.org"}
    assert all(f"Change set {change_set.pk}" in mail.subject for mail in told)


def test_a_new_feature_is_as_made_up_as_those_beside_it_unless_somebody_says_otherwise(signed_in: ClientOf) -> None:
    officer, address = signed_in("officer"), "/en/officer/edit/planning-zones/new/"
    ticked = re.compile(r'name="is_made_up" checked')
    page = officer.get(address).content.decode()
    assert ticked.search(page)  # the demo's zones are
    typed = form_of(page) | {"zone_code": "QH-MOI", "name": "Khu mới", "plan_name": "Quy hoạch", "step": "save"}
    assert typed["asks_made_up"] == "on"
    officer.post(address, typed | {"is_made_up": "on"})
    begun = Edit.objects.get(ref="QH-MOI")
    assert begun.change_set.is_made_up
    first, address = begun.change_set, f"{address}?draft={begun.pk}"
    officer.post(address, typed | {"saves": str(begun.saves)})  # not ticked
    begun.refresh_from_db()
    assert not begun.change_set.is_made_up and begun.change_set != first
    first.refresh_from_db()
    assert first.state == State.WITHDRAWN  # it had nothing else in it
    assert not ticked.search(officer.get(address).content.decode())
    assert not ticked.search(officer.get("/en/officer/edit/planning-zones/new/").content.decode())
    (ref,) = some_refs("planning-zones", 1)
    assert "asks_made_up" not in officer.get(f"/en/officer/edit/planning-zones/{ref}/").content.decode()
