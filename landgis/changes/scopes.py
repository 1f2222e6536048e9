"""Whose the features of a change set are, and who may therefore prepare it, let it in and publish it.

An officer prepares what lies in the own territory, before and after. What reaches into several territories is let in by
an approver of each: each lets in the units of the own one.
"""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from landgis.accounts.models import Role, User
from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.models import Revision
from landgis.catalog.published import whereabouts
from landgis.changes import responsibility, territories
from landgis.changes.issues import STOP, Finding, IssueKind, add_kinds
from landgis.changes.models import ChangeSet, Door
from landgis.changes.scope_models import TouchedUnit
from landgis.changes.territories import WHOLE, Outside, Reach
from landgis.changes.words import add_verbs
from landgis.lib import statements

DECIDE = (Role.APPROVER, Role.PUBLISHER)  # each on the datasets that say so
CODES = ("outside-territory", "territory-unknown")
MOST_RETIRED = 1000  # named of what a complete source of one territory would retire in the others

add_kinds(
    {
        "outside-territory": IssueKind(
            STOP,
            _(
                "It lies in %(units)s, outside of the territory of whoever prepares this: %(responsible)s is responsible."
            ),
            _("Leave the row out, or hand it over to them."),
        ),
        "territory-unknown": IssueKind(
            STOP,
            _("It is not known in which commune it lies, so it belongs to the whole office: %(responsible)s."),
            _("Name the commune, or hand it over to them."),
        ),
    }
)
add_verbs({"change-set.approve-part": _("approved for the own territory")})


def lying(dataset: Dataset, change_set: ChangeSet, *, retired: bool | None = None) -> tuple[sql.Composable, list[Any]]:
    """SELECT of ref, unit and units reached of what it would change, before and after, with what is bound.

    With `retired` only of what a complete source lacks, or only of the rest.
    """
    rows = {None: "", True: " AND i.row IS NULL", False: " AND i.row IS NOT NULL"}[retired]
    names = ("ref", *whereabouts.columns(dataset))
    features = sql.SQL(
        "SELECT {theirs} FROM {in_force} f JOIN {items} i ON i.ref = f.ref WHERE f.until_revision IS NULL"
        " AND i.change_set_id = {id} AND i.action IN ('change', 'retire'){rows}"
        " UNION ALL SELECT {mine} FROM {items} i WHERE i.change_set_id = {id} AND i.action IN ('add', 'change'){rows}"
    ).format(
        theirs=sql.SQL(", ").join(sql.Identifier("f", name) for name in names),
        mine=sql.SQL(", ").join(sql.Identifier("i", name) for name in names),
        in_force=sql.Identifier(dataset.in_force._meta.db_table),
        items=sql.Identifier(dataset.proposed._meta.db_table),
        id=sql.Literal(change_set.pk),
        rows=sql.SQL(rows),
    )
    query, bound = whereabouts.lying(dataset, features)
    return query, list(bound)


@transaction.atomic
def measure(dataset: Dataset, change_set: ChangeSet) -> None:
    """Note which units it touches, with how many features; nobody has let in any of it then.

    Not asked of what the operator loads, who needs no approval.
    """
    TouchedUnit.objects.filter(change_set=change_set).delete()
    if change_set.author_id is None and change_set.submitted_by_id is None and change_set.door == Door.COMMAND_LINE:
        return
    _note_units(dataset, change_set)


def _note_units(dataset: Dataset, change_set: ChangeSet) -> None:
    units = [TouchedUnit(change_set=change_set, unit=unit, features=n) for unit, n in _measured(dataset, change_set)]
    TouchedUnit.objects.bulk_create(units)


def _measured(dataset: Dataset, change_set: ChangeSet) -> list[tuple[str, int]]:
    """The units that it touches, each with how many features."""
    query, bound = lying(dataset, change_set)
    counted = sql.SQL(
        "SELECT u.unit, count(DISTINCT l.ref) FROM ({}) l"
        " CROSS JOIN LATERAL (SELECT l.unit UNION SELECT unnest(l.reached)) u (unit) GROUP BY u.unit"
    )
    return statements.rows(counted.format(query), bound)


def reach_of_preparer(change_set: ChangeSet) -> Reach:
    """Where whoever prepares it may act: the responsible territory, else the author; the operator everywhere."""
    if change_set.responsible:
        found = [area for area in territories.book().areas() if area.ref == change_set.responsible]
        return found[0].reach if found else territories.NOWHERE
    return territories.of(change_set.author, Role.OFFICER) if change_set.author else WHOLE


def elsewhere(dataset: Dataset, change_set: ChangeSet, *, retired: bool | None = False) -> Iterator[Finding]:
    """Rows whose feature lies outside of the territory of whoever prepares it, before or after."""
    reach = reach_of_preparer(change_set)
    if reach.is_whole:
        return
    found = _strangers(dataset, change_set, reach, retired=retired)[: MOST_RETIRED if retired else None]
    known: dict[tuple[str, ...], tuple[str, dict[str, str]]] = {}
    for row, ref, units in found:
        key = tuple(units)
        if key not in known:
            (told,) = territories.named([(ref, units)])
            params = {"responsible": ", ".join(told.responsible)}
            named = {"units": ", ".join(told.units)} if told.units else {}
            known[key] = ("outside-territory" if named else "territory-unknown", named | params)
        code, params = known[key]
        yield Finding(code, row=row, ref=ref, params=params)


def _strangers(
    dataset: Dataset, change_set: ChangeSet, reach: Reach, *, retired: bool | None = None
) -> list[tuple[int | None, str, list[str]]]:
    """Row, ref and units of what lies outside."""
    query, bound = lying(dataset, change_set, retired=retired)
    outside = sql.SQL(
        "SELECT i.row, l.ref, array_agg(DISTINCT l.unit) FROM ({}) l JOIN {} i ON i.change_set_id = {} AND i.ref = l.ref"
        " WHERE l.unit <> ALL (%s) GROUP BY i.row, l.ref ORDER BY i.row, l.ref"
    ).format(query, sql.Identifier(dataset.proposed._meta.db_table), sql.Literal(change_set.pk))
    return statements.rows(outside, [*bound, sorted(reach.units)])


def must_prepare(change_set: ChangeSet, by: User | None) -> None:
    """Raises Outside where something of it lies outside of the person's territory, or another one works on it."""
    if by is None:
        return
    if change_set.responsible and not responsibility.may_prepare(change_set, by):
        raise Outside(0, ())
    dataset = registry.get(change_set.dataset)
    measure(dataset, change_set)
    reach = territories.of(by, Role.OFFICER)
    if reach.is_whole:
        return
    found = _strangers(dataset, change_set, reach)
    if found:
        named = territories.named([(ref, units) for _row, ref, units in found[: territories.MOST_NAMED]])
        raise Outside(len(found), named)


def units_of(change_set: ChangeSet) -> list[str]:
    """The units that it touches, as noted when it was checked or submitted."""
    noted = TouchedUnit.objects.filter(change_set=change_set).order_by("unit")
    if not noted.exists():
        _note_units(registry.get(change_set.dataset), change_set)
    return list(noted.values_list("unit", flat=True))


def must_touch(change_set: ChangeSet, by: User | None, *roles: Role) -> None:
    """Raises Outside where nothing of it lies in the person's territory."""
    if by is None:
        return
    reach, units = territories.of(by, *roles), units_of(change_set)
    if units and not reach.touches(units):
        raise Outside(_features(change_set), territories.named([("", units)]))


def may_touch(change_set: ChangeSet, person: User, *roles: Role) -> bool:
    """Whether some of it lies in the person's territory; what has not been looked at yet the door will look at."""
    units = list(change_set.touched_units.values_list("unit", flat=True))
    reach = territories.of(person, *roles)
    return reach != territories.NOWHERE and (not units or reach.touches(units))


def _features(change_set: ChangeSet) -> int:
    return sum(TouchedUnit.objects.filter(change_set=change_set).values_list("features", flat=True))


def decider(change_set: ChangeSet) -> Role:
    """The role that decides on it, as its dataset is declared."""
    return Role(registry.get(change_set.dataset).decided_by)


def decided_by(role: Role) -> list[str]:
    """The names of the datasets on which a role decides."""
    return [dataset.name for dataset in registry.all_datasets() if dataset.decided_by == role]


def must_decide(change_set: ChangeSet, by: User | None) -> None:
    """Raises Outside where nothing of it lies in a territory in which the person decides on its dataset."""
    must_touch(change_set, by, decider(change_set))


def let_in(change_set: ChangeSet, by: User | None) -> bool:
    """Let in the units of the person's territory; whether all are let in then. Raises Outside where none is."""
    if by is None:
        TouchedUnit.objects.filter(change_set=change_set).delete()  # the operator asks nobody
        return True
    must_decide(change_set, by)
    # So that of two who approve at once the second sees what the first has let in.
    ChangeSet.objects.select_for_update().get(pk=change_set.pk)
    open_ones = TouchedUnit.objects.filter(change_set=change_set, approver=None)
    reach = territories.of(by, decider(change_set))
    own = open_ones if reach.is_whole else open_ones.filter(unit__in=reach.units)
    left = None if own.update(approver=by, approved_at=Now()) else list(open_ones.values_list("unit", flat=True))
    if left:
        raise Outside(len(left), territories.named([("", left)]))
    return not open_ones.exists()


def must_be_let_in(dataset: Dataset, change_set: ChangeSet) -> None:
    """Raises Outside where something of it lies by now where nobody has let it in: communes and features move, too."""
    if left := _not_let_in(dataset, change_set):
        raise Outside(sum(left.values()), territories.named([("", sorted(left))]))


def note_moved(dataset: Dataset, change_set: ChangeSet) -> None:
    """Note the units in which something of it lies by now, so that somebody lets it in there, too."""
    for unit, features in _not_let_in(dataset, change_set).items():
        TouchedUnit.objects.get_or_create(change_set=change_set, unit=unit, defaults={"features": features})


def _not_let_in(dataset: Dataset, change_set: ChangeSet) -> dict[str, int]:
    """Unit -> features of what lies, by what is in force now, where none of those who approved it may let it in."""
    since = Revision.objects.filter(number__gt=change_set.base_revision)
    if change_set.approver_id is None or not since.exists():
        return {}
    noted = TouchedUnit.objects.filter(change_set=change_set)
    known = set(noted.values_list("unit", flat=True))
    new = {unit: features for unit, features in _measured(dataset, change_set) if unit not in known}
    approvers = User.objects.filter(pk__in=noted.values("approver")) if new else ()
    reaches = [territories.of(person, decider(change_set)) for person in approvers]
    return {unit: n for unit, n in new.items() if not any(reach.covers([unit]) for reach in reaches)}


def lacks_approval() -> Exists:
    """Of change sets, for a query: whether a unit of it has not been let in."""
    return Exists(TouchedUnit.objects.filter(change_set=OuterRef("pk"), approver=None))
