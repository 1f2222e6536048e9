"""Reading what the public does not see of one feature: by role, with a reason, and each time with a line of the audit."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from landgis.accounts.models import Role, User
from landgis.catalog import registry
from landgis.catalog.dataset import OFFICER, Dataset
from landgis.catalog.published import whereabouts
from landgis.changes import audit, territories, words
from landgis.changes.models import Action, AuditEntry, ChangeSet
from landgis.feedback.models import Report
from landgis.lib import statements
from landgis.workbench import change_sets
from landgis.workbench.actions import OPEN

READ = "personal-data.read"
SHORTEST = 4  # characters of a reason: the number of a case has as many
LONGEST = 300
CASE = re.compile(r"(?=.*\d).{4,60}")  # the number of a case

words.add_verbs({READ: _("read what is not public")})


class ReasonMissing(Exception):
    """Nobody reads without saying why."""


class CaseMissing(Exception):
    """Nobody reads of another territory without the number of a case."""


class TooMany(Exception):
    """The person has read as much today as one may."""


@dataclass(frozen=True)
class Sight:
    """One state of a feature: in force, or as an open change set would make it. `values` are (label, text) pairs."""

    change_set: ChangeSet | None
    values: list[tuple[Any, str]]


@dataclass(frozen=True)
class OfficersView:
    """What is known of a feature; `row` is that in force, `items` are those of open change sets."""

    dataset: Dataset
    ref: str
    row: Any
    items: list[Any]

    @property
    def title(self) -> str:
        one = self.row or self.items[0]
        return self.dataset.title_of({name: getattr(one, name) for name in (*self.columns(public=True), "ref")})

    def columns(self, *, public: bool = False) -> list[str]:
        """The fields that officers may read here, or those that everybody may."""
        own = (
            self.dataset.stated_fields if public else [one for one in self.dataset.fields if one.visibility == OFFICER]
        )
        return [one.name for one in own]


def feature(dataset: Dataset, ref: str) -> OfficersView | None:
    """A feature that is in force or that an open change set brings."""
    row = change_sets.in_force_of(dataset).filter(ref=ref, until_revision=None).first()
    open_ones = ChangeSet.objects.filter(dataset=dataset.name, state__in=OPEN)
    items = dataset.proposed._default_manager.filter(change_set__in=open_ones, ref=ref).exclude(action=Action.UNCHANGED)
    found = list(items.select_related("change_set").order_by("change_set"))
    return OfficersView(dataset, ref, row, found) if row or found else None


def is_own(found: OfficersView, user: User) -> bool:
    """Whether the feature lies in the person's territory, wholly or in part; as proposed where it is not in force."""
    reach = territories.of(user, Role.OFFICER, Role.APPROVER)
    if reach.is_whole:
        return True
    units = whereabouts.of_features(found.dataset, [found.ref]).get(found.ref, set())
    proposed = [item.change_set for item in found.items] if found.row is None else []
    return reach.touches(units.union(*(one.touched_units.values_list("unit", flat=True) for one in proposed)))


def is_for(user: User, dataset: str, ref: str) -> bool:
    """Whether what readers wrote of a feature is for the person: it lies in the territory, or in nobody's but the office's."""
    reach = territories.of(user, Role.OFFICER, Role.APPROVER)
    if reach.is_whole:
        return True
    known = {one.name: one for one in registry.all_datasets()}
    return dataset in known and reach.touches(whereabouts.of_features(known[dataset], [ref]).get(ref, set()))


def reports(found: OfficersView) -> Any:
    """What readers reported on it, with how they can be reached."""
    return Report.objects.filter(dataset=found.dataset.name, ref=found.ref)


def read_today(user: User) -> int:
    """How often the person has read since midnight, by the clock of the database."""
    now = timezone.localtime(statements.value("SELECT clock_timestamp()"))
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return _since(user, midnight)


def _since(user: User, moment: datetime.datetime) -> int:
    return AuditEntry.objects.filter(verb=READ, by=user.get_username(), at__gte=moment).count()


@transaction.atomic
def note(by: User, subject: str, *, reason: str, **told: Any) -> None:
    """Write down that the person reads personal data, and why. Raises ReasonMissing and TooMany."""
    if len(reason) < SHORTEST:
        raise ReasonMissing
    # So that two readings at once are not counted as one.
    statements.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [READ, by.pk])
    if read_today(by) >= settings.READINGS_A_DAY:
        raise TooMany
    audit.write(by, READ, subject, reason=reason[:LONGEST], **told)


@transaction.atomic
def read(found: OfficersView, reason: str, *, by: User, case: str = "") -> list[Sight]:
    """Note who reads what and why; then what there is to read. Raises ReasonMissing, CaseMissing and TooMany.

    Of another territory it takes the number of a case.
    """
    if len(reason) < SHORTEST:
        raise ReasonMissing
    of_own = is_own(found, by)
    if not of_own and not CASE.fullmatch(case):
        raise CaseMissing
    columns = found.columns()
    told = {"dataset": found.dataset.name, "ref": found.ref, "columns": columns, "reports": reports(found).count()}
    note(by, f"{found.dataset.name} {found.ref}", reason=reason, **told, case=case, own_territory=of_own)
    sights = [Sight(item.change_set, _values(found, item)) for item in found.items if item.action != Action.RETIRE]
    return [Sight(None, _values(found, found.row)), *sights] if found.row else sights


def _values(found: OfficersView, one: Any) -> list[tuple[Any, str]]:
    return [
        (found.dataset.label(name), change_sets.value_text(found.dataset, name, getattr(one, name)))
        for name in found.columns()
    ]
