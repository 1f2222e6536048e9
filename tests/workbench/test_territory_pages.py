"""The administrator's pages of territories: from nothing to an officer of one commune, through pages alone."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from landgis.accounts.models import AT_WORK, Role, User
from landgis.changes import territories
from landgis.changes.models import AuditEntry, ChangeSet, Door
from landgis.lib import statements
from landgis.places.models import Holding, Territory
from landgis.places.queries import PublishedUnit, all_units, today
from tests.workbench.conftest import PASSWORD

pytestmark = pytest.mark.usefixtures("own_world", "state", "people")
ClientOf = Callable[[str], Client]
PEOPLE, TERRITORIES = "/en/officer/people/", "/en/officer/people/territories/"


def a_plot(where: str, unit: str) -> str:
    """A plot of public land by where it lies."""
    query = (
        "SELECT l.ref FROM catalog_location l JOIN publicland_plot f ON f.ref = l.ref AND f.from_revision = l.from_revision"
        f" AND f.until_revision IS NULL WHERE l.dataset = 'public-land' AND {where} ORDER BY l.ref LIMIT 1"
    )
    return str(statements.value(query, [unit]))


def offered(page: str) -> dict[str, str]:
    """Words -> ref of the units to choose from."""
    found = re.findall(r'<input type="checkbox" name="units" value="([^"]+)"[^>]*>\s*([^<]+?)\s*</label>', page)
    return {words: ref for ref, words in found}


def chosen(page: str) -> list[str]:
    return re.findall(r'name="units" value="([^"]+)" checked', page)


def a_former(units: dict[str, PublishedUnit]) -> PublishedUnit:
    """A former unit that lives on in one unit of today."""
    return next(one for one in units.values() if not one.is_current and len(today(units, one.ref)) == 1)


def test_from_nothing_to_an_officer_of_one_commune(signed_in: ClientOf, units: list[str]) -> None:
    admin, known = signed_in("admin"), all_units()
    assert TERRITORIES in admin.get(PEOPLE).content.decode()
    found = admin.post(TERRITORIES, {"step": "find", "name": "Địa bàn một", "find": known[units[0]].name.upper()})
    page = found.content.decode()
    assert found.status_code == 200 and 'value="Địa bàn một"' in page and not Territory.objects.exclude(ref="office")
    ref = offered(page)[f"{known[units[0]].name} · {known[units[0]].code}"]
    assert ref == units[0]
    page = admin.post(
        TERRITORIES, {"step": "keep", "name": "Địa bàn một", "units": [ref]}, follow=True
    ).content.decode()
    assert "Made." in page and chosen(page) == [ref]
    invited = {"username": "lan", "last_name": "Trần Thị Lan", "email": "lan@example.org", "mail_language": "en"}
    page = admin.post(PEOPLE, invited).content.decode()
    link = re.search(r'<code id="link">http[^/]*//[^/]*(/[^<]*)</code>', page)
    option = re.search(r'<option value="(\d+)">Địa bàn một</option>', page)
    assert link and option and TERRITORIES in page
    person = User.objects.get(username="lan")
    give = {"step": "give", "role": "officer", "territory": option[1]}
    assert admin.post(f"{PEOPLE}{person.pk}/", give).status_code == 302
    said = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert Client().post(link[1].replace("&amp;", "&"), said).status_code == 302
    lan = Client()
    lan.post("/en/officer/sign-in/", {"login": "lan", "password": PASSWORD})
    own, other = a_plot("l.unit = %s", units[0]), a_plot("l.unit <> %s", units[0])
    for ref, is_outside in ((own, False), (other, True)):
        answer = lan.get(f"/en/officer/edit/public-land/{ref}/")
        assert answer.status_code == 200
        assert ("outside of your territory" in answer.content.decode()) == is_outside
    line = admin.get(TERRITORIES).content.decode()
    assert "Địa bàn một" in line and ">lan</a>" in line and known[units[0]].name in line
    verbs = set(AuditEntry.objects.filter(by="admin").values_list("verb", flat=True))
    assert {"territory.made", "territory.given", "person.invited"} <= verbs


def made(admin: Client, name: str, *units: str) -> Territory:
    assert admin.post(TERRITORIES, {"step": "keep", "name": name, "units": units}).status_code == 302
    return Territory.objects.latest("pk")


def test_what_was_chosen_stays_while_more_is_looked_for(signed_in: ClientOf, units: list[str]) -> None:
    admin, former = signed_in("admin"), a_former(all_units())
    said = {"step": "find", "name": "zq", "units": [units[0], "never-was"], "find": former.code}
    page = admin.post(TERRITORIES, said).content.decode()
    assert chosen(page) == [units[0]] and former.ref in offered(page).values()
    words = next(words for words, ref in offered(page).items() if ref == former.ref)
    assert "today " in words
    assert "is called so" in admin.post(TERRITORIES, said | {"find": "zqzqzq"}).content.decode()
    territory = made(admin, "Old", former.ref)
    assert territory.units == [former.ref]
    (area,) = [one for one in territories.book().areas() if one.ref == territory.ref]
    assert area.reach.covers([one.ref for one in today(all_units(), former.ref)])


def test_a_territory_needs_a_name_of_its_own_and_units_that_are_there(signed_in: ClientOf, units: list[str]) -> None:
    admin = signed_in("admin")
    first = made(admin, "Côn Đảo", units[0])
    assert first.ref == "con-dao"
    for wrong in (
        {"name": "", "units": units},
        {"name": "x" * 121, "units": units},
        {"name": "zq"},
        {"name": "zq", "units": ["never-was"]},
        {"name": " côn  đảo ", "units": units},
    ):
        answer = admin.post(TERRITORIES, wrong | {"step": "keep"})
        assert answer.status_code == 400 and "form__error" in answer.content.decode(), wrong
    assert admin.post(TERRITORIES, {"step": "never-was"}).status_code == 404
    assert made(admin, "Con Dao!", units[1]).ref == "con-dao-2"
    assert Territory.objects.count() == 3


def test_units_are_changed_and_what_people_may_do_follows(
    signed_in: ClientOf, people: dict[str, User], units: list[str]
) -> None:
    admin, person = signed_in("admin"), User.objects.create_user("zq-person")
    territory = made(admin, "zq", units[0])
    page = f"{TERRITORIES}{territory.pk}/"
    give = {"step": "give", "role": "officer", "territory": territory.pk}
    admin.post(f"{PEOPLE}{person.pk}/", give)
    said = {"step": "keep", "name": "zq", "units": [units[1]]}
    assert "Changed." in admin.post(page, said, follow=True).content.decode()
    reach = territories.of(person, Role.OFFICER)
    assert reach.covers([units[1]]) and not reach.touches([units[0]])
    entry = AuditEntry.objects.get(verb="territory.changed")
    assert entry.details["before"]["units"] == [units[0]] and entry.by == "admin"
    assert admin.post(page, {"step": "keep", "name": "zq"}).status_code == 400
    territory.refresh_from_db()
    assert territory.units == [units[1]]
    admin.post(page, said)  # kept as it is, it leaves no line
    assert AuditEntry.objects.filter(verb="territory.changed").count() == 1


def test_it_ends_when_nobody_holds_it_and_nothing_waits_there(
    signed_in: ClientOf, people: dict[str, User], units: list[str]
) -> None:
    admin = signed_in("admin")
    territory = made(admin, "zq", units[0])
    page = f"{TERRITORIES}{territory.pk}/"
    person = people["officer"]
    admin.post(f"{PEOPLE}{person.pk}/", {"step": "give", "role": "officer", "territory": territory.pk})
    assert "while somebody holds it: officer" in admin.post(page, {"step": "end"}, follow=True).content.decode()
    holding = Holding.objects.get(territory=territory)
    admin.post(f"{PEOPLE}{person.pk}/", {"step": "take", "holding": holding.pk})
    change_set = ChangeSet.objects.create(
        dataset="public-land", author=person, door=Door.FILE, responsible=territory.ref, base_revision=1
    )
    answer = admin.post(page, {"step": "end"}, follow=True).content.decode()
    assert f"handed over to it: #{change_set.pk}" in answer
    ChangeSet.objects.filter(pk=change_set.pk).update(state="withdrawn", reason="zq")
    answer = admin.post(page, {"step": "end"}, follow=True).content.decode()
    assert "has ended" in answer and admin.get(page).status_code == 404
    assert ">zq</option>" not in admin.get(f"{PEOPLE}{person.pk}/").content.decode()
    assert AuditEntry.objects.filter(verb="territory.closed", by="admin").count() == 1
    assert made(admin, "zq", units[0]).ref != territory.ref


def test_the_whole_office_cannot_be_changed_and_nobody_else_comes_in(signed_in: ClientOf) -> None:
    whole = Territory.objects.get(ref=Territory.WHOLE)
    address = reverse("people:territory", args=[whole.pk])
    assert signed_in("admin").get(address).status_code == 404
    assert signed_in("admin").post(address, {"step": "end"}).status_code == 404
    for name in AT_WORK:
        for path in (TERRITORIES, address):
            assert signed_in(name).get(path).status_code == 403
            assert signed_in(name).post(path, {"step": "end"}).status_code == 403
    assert Client().get(TERRITORIES).status_code == 302
