"""What splits and merges are checked for: they are whole, on the same ground to the millimetre, and their areas add up."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from landgis.catalog import tolerances
from landgis.catalog.dataset import Dataset
from landgis.catalog.geometry_kinds import LEGAL_SRID
from landgis.changes.issues import STOP, WARN, Finding, IssueKind, add_kinds
from landgis.changes.models import Action, ChangeSet, State
from landgis.changes.passage_models import Passage
from landgis.lib import geometry, millimetres, statements

ROUNDED_M2 = 0.05  # areas on paper have one decimal
add_kinds(
    {
        "passage-incomplete": IssueKind(
            STOP,
            _("The split or merge of %(taken)s is not whole: %(other)s is missing, or was retired meanwhile."),
            _("It goes in as a whole or not at all: take it out, and begin again with what is in force now."),
        ),
        "passage-twice": IssueKind(
            STOP,
            _("%(taken)s stands in more than one split or merge of this change set."),
            _("Take one of them out."),
        ),
        "child-taken": IssueKind(
            STOP,
            _("The reference %(taken)s was given before, and is never given again."),
            _("Let the next free number be given, or type another."),
        ),
        "child-reserved": IssueKind(
            STOP,
            _("The reference %(taken)s is reserved by change set %(other)s, which waits for its decision."),
            _("Let the next free number be given, or type another."),
        ),
        "child-without-area": IssueKind(
            STOP,
            _("%(taken)s has no area on paper, though what it comes from has one."),
            _("Type the area of the document; the computed one is no substitute."),
        ),
        "passage-areas": IssueKind(
            STOP,
            _("On paper the new ones have %(sum)s m² and those before %(legal)s m²: more apart than %(limit)s m²."),
            _("Correct the areas on paper, or give the reason why it was measured anew."),
        ),
        "passage-remeasured": IssueKind(
            WARN,
            _("On paper the new ones have %(sum)s m² and those before %(legal)s m². Measured anew: %(note)s"),
            _("Compare with the document before you approve."),
        ),
        "passage-ground": IssueKind(
            STOP,
            _("The new ones do not cover the ground of those before: %(area)s m² differ."),
            _("Together they have to be what was there, to the millimetre."),
        ),
        "children-overlap": IssueKind(
            STOP,
            _("%(taken)s and %(other)s come from the same split and overlap by %(area)s m²."),
            _("Draw them so that they share one line."),
        ),
        "parents-overlap": IssueKind(
            WARN,
            _("%(taken)s and %(other)s overlap by %(area)s m²: joined they have so much less than together."),
            _("Look which of the two boundaries is right, and give the area on paper and why it was measured anew."),
        ),
    }
)


@dataclass(frozen=True)
class Member:
    """A parent or child as its item has it; `play` is how far (m) its boundary may lie off, `shape` in EPSG:4326."""

    ref: str
    row: int | None
    action: str
    legal_m2: float | None
    srid: int
    play: float
    shape: shapely.Geometry


def sound(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Splits and merges that are not whole, not on the same ground, or whose areas on paper do not add up.

    Of one that an approver rejected nothing is left among the items, and nothing is said.
    """
    known = list(change_set.passages.prefetch_related("descents"))
    if not known:
        return
    items = _members(dataset, change_set, known)
    passages = [one for one in known if not items.keys().isdisjoint(itertools.chain(*_sides(one)))]
    yield from _twice(passages, items)
    for passage in passages:
        parents, children = _sides(passage)
        lacking = [ref for ref, action in _wanted(parents, children) if _action(items, ref) != action]
        if lacking:
            there = next((items[ref] for ref in (*parents, *children) if ref in items), None)
            params = {"taken": ", ".join(parents), "other": lacking[0]}
            yield Finding("passage-incomplete", row=there.row if there else None, ref=lacking[0], params=params)
            continue
        before, after = ([items[ref] for ref in refs] for refs in (parents, children))
        yield from _areas(dataset, passage, before, after)
        yield from _ground(before, after)


def taken(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """Children whose ref was given before, in force or not, or is reserved by another change set that was handed in."""
    children = sorted({one.child for passage in change_set.passages.all() for one in passage.descents.all()})
    if not children:
        return
    rows = dict(_items(dataset).filter(change_set=change_set, ref__in=children).values_list("ref", "row"))
    children = sorted(rows)
    given = dataset.in_force._default_manager.filter(ref__in=children, from_revision__gt=since or 0)
    given = given.exclude(from_revision=change_set.revision) if change_set.revision else given
    for ref in given.order_by("ref").values_list("ref", flat=True).distinct():
        yield Finding("child-taken", row=rows[ref], ref=ref, params={"taken": ref})
    for ref, other in reserved(dataset, children, besides=change_set) if since is None else ():
        yield Finding("child-reserved", row=rows[ref], ref=ref, params={"taken": ref, "other": other})


def reserved(dataset: Dataset, refs: Sequence[str], *, besides: ChangeSet) -> list[tuple[str, int]]:
    """Of these refs those that other change sets would add which were handed in, with the number of each."""
    handed = ChangeSet.objects.filter(dataset=dataset.name, state__in=[State.SUBMITTED, State.APPROVED])
    adding = _items(dataset).filter(Q(change_set__in=handed.exclude(pk=besides.pk)), action=Action.ADD, ref__in=refs)
    return sorted(adding.values_list("ref", "change_set"))


def _items(dataset: Dataset):  # type: ignore[no-untyped-def]
    return dataset.proposed._default_manager


def _sides(passage: Passage) -> tuple[list[str], list[str]]:
    descents = passage.descents.all()
    return [list(dict.fromkeys(names)) for names in ((d.parent for d in descents), (d.child for d in descents))]  # type: ignore[return-value]


def _wanted(parents: Sequence[str], children: Sequence[str]) -> list[tuple[str, str]]:
    return [*((ref, Action.RETIRE) for ref in parents), *((ref, Action.ADD) for ref in children)]


def _action(items: dict[str, Member], ref: str) -> str:
    return items[ref].action if ref in items else ""


def _members(dataset: Dataset, change_set: ChangeSet, passages: Sequence[Passage]) -> dict[str, Member]:
    refs = sorted({ref for passage in passages for side in _sides(passage) for ref in side})
    drawn = dataset.drawn_at
    query = sql.SQL(
        "SELECT ref, row, action, {legal}, {srid}, {scale}, {use}, ST_AsBinary({shape}) FROM {items}"
        " WHERE change_set_id = %s AND ref = ANY (%s) AND {shape} IS NOT NULL"
    ).format(
        legal=sql.Identifier(dataset.legal_area) if dataset.legal_area else sql.SQL("NULL::float"),
        srid=sql.Identifier(LEGAL_SRID),
        scale=sql.Identifier(drawn.scale) if drawn else sql.SQL("NULL::integer"),
        use=sql.Identifier(drawn.use) if drawn else sql.SQL("NULL::text"),
        shape=sql.Identifier(str(dataset.geometry)),
        items=sql.Identifier(dataset.proposed._meta.db_table),
    )
    found = statements.rows(query, [change_set.pk, refs])
    return {
        ref: Member(
            ref,
            row,
            action,
            None if legal is None else float(legal),
            srid,
            float(tolerances.of([scale], [use])[0]),
            shapely.from_wkb(bytes(wkb)),
        )
        for ref, row, action, legal, srid, scale, use, wkb in found
    }


def _twice(passages: Sequence[Passage], items: dict[str, Member]) -> Iterator[Finding]:
    named = [ref for passage in passages for side in _sides(passage) for ref in side]
    for ref in sorted({ref for ref in named if named.count(ref) > 1}):
        row = items[ref].row if ref in items else None
        yield Finding("passage-twice", row=row, ref=ref, params={"taken": ref})


def _areas(dataset: Dataset, passage: Passage, before: list[Member], after: list[Member]) -> Iterator[Finding]:
    had = [one.legal_m2 for one in before]
    if any(area is None for area in had):
        return
    bare = [one for one in after if one.legal_m2 is None]
    for one in bare:
        params = {"taken": one.ref}
        yield Finding("child-without-area", row=one.row, ref=one.ref, field=str(dataset.legal_area), params=params)
    if bare:
        return
    legal, total = (sum(one.legal_m2 or 0.0 for one in side) for side in (before, after))
    limit = max(ROUNDED_M2 * len((*before, *after)), _play_m2(before))
    params = {"sum": f"{total:.1f}", "legal": f"{legal:.1f}", "limit": f"{limit:.1f}", "note": passage.remeasured}
    if abs(total - legal) > limit:
        code = "passage-remeasured" if passage.remeasured else "passage-areas"
        yield Finding(code, row=after[0].row, ref=after[0].ref, field=str(dataset.legal_area), params=params)


def _play_m2(before: Sequence[Member]) -> float:
    """How far off (m²) the area of these may be, as the scale of the map allows."""
    found = [
        tolerances.area_m2([geometry.from_wgs84(one.shape, one.srid)], one.play, geometry.crs(one.srid).unit_m)
        for one in before
    ]
    return float(np.hypot.reduce(found))


def _ground(before: Sequence[Member], after: Sequence[Member]) -> Iterator[Finding]:
    """Measured in the legal CRS of the first parent, on the grid of a millimetre."""
    srid = before[0].srid
    parents, children = (millimetres.on_grid([one.shape for one in side], srid) for side in (before, after))
    first = after[0]
    if area := millimetres.differing_m2(parents, children, srid):
        yield Finding("passage-ground", row=first.row, ref=first.ref, params={"area": f"{area:.2f}"})
    for code, members, shapes in (("parents-overlap", before, parents), ("children-overlap", after, children)):
        for one, other, area in _overlapping(shapes, srid):
            params = {"taken": members[one].ref, "other": members[other].ref, "area": f"{area:.2f}"}
            yield Finding(code, row=members[other].row, ref=members[other].ref, params=params)


def _overlapping(shapes: np.ndarray, srid: int) -> Iterator[tuple[int, int, float]]:
    """Which two of them share ground, and how much (m²)."""
    for one, other in itertools.combinations(range(len(shapes)), 2):
        if shapes[one].intersects(shapes[other]) and (area := millimetres.shared_m2(shapes[one], shapes[other], srid)):
            yield one, other, area
