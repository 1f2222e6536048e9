"""Territories: sets of units of any time, who holds which, and what that lets them do."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation

from landgis.accounts.models import Role, User
from landgis.catalog import office, registry
from landgis.changes import territories
from landgis.changes.models import AuditEntry
from landgis.lib import statements
from landgis.places import holdings
from landgis.places.models import Holding, Territory, Unit
from landgis.places.queries import all_units

pytestmark = pytest.mark.django_db(databases=["default", "public"])
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("zq-person")


@pytest.fixture
def merged(db: None) -> tuple[str, str, list[str]]:
    """A unit of today, the former ones of which it was formed, and another unit of today: by refs."""
    units = all_units()
    for unit in units.values():
        formed = [one for one in unit.predecessors if one in units]
        if unit.is_current and len(formed) > 1:
            other = next(one.ref for one in units.values() if one.is_current and one.ref != unit.ref)
            return unit.ref, other, formed
    raise AssertionError("the demo has merged communes")


def now() -> datetime.datetime:
    return statements.value("SELECT clock_timestamp()")


def test_nobody_acts_anywhere_unless_it_was_said(person: User) -> None:
    assert territories.of(person, Role.OFFICER) == territories.NOWHERE
    holdings.give(person, Role.OFFICER, holdings.whole_office(), by=None)
    assert territories.of(person, Role.OFFICER) == territories.WHOLE
    assert territories.of(person, Role.APPROVER) == territories.NOWHERE
    person.is_active = False
    assert territories.of(person, Role.OFFICER) == territories.NOWHERE
    assert territories.of(User(is_superuser=True), Role.OFFICER) == territories.WHOLE


def test_a_merged_commune_keeps_its_people(person: User, merged: tuple[str, str, list[str]]) -> None:
    today, other, former = merged
    held = holdings.make("zq-old", "Địa bàn cũ", former[:1], by=None)
    holdings.give(person, Role.OFFICER, held, by=None)
    reach = territories.of(person, Role.OFFICER)
    assert (
        reach.covers([today])
        and reach.covers(former)
        and not reach.covers([other])
        and not reach.covers([today, other])
    )
    assert not reach.covers([]) and not reach.covers([""])  # what lies in no known unit is the whole office's


def test_a_right_ends_by_the_clock_of_the_database_alone(person: User) -> None:
    held = holdings.give(person, Role.APPROVER, holdings.whole_office(), by=None, until=now() + HOUR)
    assert territories.of(person, Role.APPROVER).is_whole
    Holding.objects.filter(pk=held.pk).update(since=F("since") - 3 * HOUR, until=F("until") - HOUR)
    assert territories.of(person, Role.APPROVER) == territories.NOWHERE


def test_a_stand_in_has_it_no_longer_than_the_other(person: User) -> None:
    other = User.objects.create_user("zq-other")
    held = holdings.give(other, Role.APPROVER, holdings.whole_office(), by=None)
    holdings.stand_in(person, held, until=now() + HOUR, by=other)
    assert territories.of(person, Role.APPROVER).is_whole and territories.book().roles(person) == {Role.APPROVER}
    holdings.end(held, by=other)
    assert territories.of(person, Role.APPROVER) == territories.NOWHERE and not territories.book().roles(person)
    line = AuditEntry.objects.get(verb="territory.given", details__instead_of="zq-other")
    assert (line.by, line.details["territory"]) == ("zq-other", "office")
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(person=person, role="approver", territory=held.territory, stands_in_for=held)


def test_a_territory_that_loses_its_units_is_not_the_whole_office(db: None) -> None:
    for ref, units in (("zq-empty", []), ("office", ["x"])):
        with pytest.raises(IntegrityError), transaction.atomic():
            Territory.objects.update_or_create(ref=ref, defaults={"name": "x", "units": units})


@pytest.fixture
def lot(db: None) -> tuple[str, str]:
    """The ref of a lot in force, and the unit that it lies in."""
    found = statements.rows(
        "SELECT l.ref, l.unit FROM catalog_location l JOIN auctions_lot f ON f.ref = l.ref"
        " AND f.from_revision = l.from_revision AND f.until_revision IS NULL"
        " WHERE l.dataset = 'auction-lots' AND l.unit IS NOT NULL ORDER BY l.ref LIMIT 1"
    )
    return found[0]


def test_features_elsewhere_are_refused_with_whose_they_are(person: User, lot: tuple[str, str]) -> None:
    ref, unit = lot
    lots, auctions = registry.get("auction-lots"), registry.get("auctions")
    elsewhere = Unit.objects.filter(is_current=True, until_revision=None).exclude(ref=unit)[0]
    here = Unit.objects.get(ref=unit, until_revision=None)
    auction = lots.in_force.objects.get(ref=ref, until_revision=None).auction_code
    own = holdings.make("zq-own", "Own", [elsewhere.ref], by=None)
    given = holdings.give(person, Role.OFFICER, own, by=None)
    assert not territories.may(person, Role.OFFICER, lots, [ref])
    with pytest.raises(territories.Outside) as refused:
        territories.must(person, Role.OFFICER, lots, [ref])
    assert refused.value.strangers == (territories.Stranger(ref, (here.name,), (office.current().profile.name,)),)
    theirs = holdings.make("zq-theirs", "Theirs", [unit], by=None)
    with pytest.raises(territories.Outside) as refused:
        territories.must(person, Role.OFFICER, auctions, [auction])
    assert refused.value.strangers[0].responsible == ("Theirs",)
    holdings.end(given, by=None)
    holdings.give(person, Role.OFFICER, theirs, by=None)
    territories.must(person, Role.OFFICER, lots, [ref])
    assert territories.may(person, Role.OFFICER, lots, [ref])
    # Units themselves are nobody's but the whole office's.
    assert not territories.may(person, Role.OFFICER, registry.get("admin-units"), [unit])


def test_the_whole_office_is_called_so_in_the_language_of_whoever_reads() -> None:
    office = Territory.objects.get(ref=Territory.WHOLE)
    with translation.override("en"):
        assert str(office) == "the whole office"
    with translation.override("vi"):
        assert str(office) == "toàn cơ quan"
