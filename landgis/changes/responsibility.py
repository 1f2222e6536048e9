"""Who works on a change set: its author, or the officers of the territory that it was handed to."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from landgis.accounts.models import Role, User
from landgis.changes import territories
from landgis.changes.models import ChangeSet
from landgis.changes.scope_models import HandOver
from landgis.changes.territories import Area


def unanswered(change_set: ChangeSet) -> HandOver | None:
    """The hand-over that waits for an answer."""
    return HandOver.objects.filter(change_set=change_set, is_taken_on=None).select_related("by").first()


def may_prepare(change_set: ChangeSet, person: User) -> bool:
    """Whether the person is one of those who work on it; nobody is while a hand-over waits for an answer."""
    if not change_set.responsible:
        return person.is_superuser or change_set.author_id in (person.pk, None)
    return unanswered(change_set) is None and holds(person, change_set.responsible)


def may_edit(change_set: ChangeSet, person: User) -> bool:
    """Whether the person writes of its features: the author, or who works on it where it was handed over."""
    return may_prepare(change_set, person) if change_set.responsible else change_set.author_id == person.pk


def taken_on(person: User) -> QuerySet[ChangeSet]:
    """Those that were handed over and that the person works on now as an officer."""
    open_ones = HandOver.objects.filter(change_set=OuterRef("pk"), is_taken_on=None)
    held = [one.ref for one in own_areas(person)]
    return ChangeSet.objects.filter(~Exists(open_ones), responsible__in=held)


def has_part(change_set: ChangeSet, person: User) -> bool:
    """Whether the person made it, wrote of a feature in it or submitted it: another one decides then."""
    return person.pk in (change_set.author_id, change_set.submitted_by_id, *change_set.editors)


def without_part(found: QuerySet[ChangeSet], person: User) -> QuerySet[ChangeSet]:
    """Those of them in which the person has no part."""
    return found.exclude(Q(author=person) | Q(submitted_by=person) | Q(editors__contains=[person.pk]))


def holds(person: User, area: str) -> bool:
    """Whether the person is an officer of that territory; an administrator is of every one."""
    return person.is_superuser or area in {one.ref for one in own_areas(person)}


def own_areas(person: User) -> list[Area]:
    """The territories in which the person is an officer, the whole office last."""
    found = territories.book().areas_of(person, [Role.OFFICER])
    return sorted(found, key=lambda one: one.reach.is_whole)
