"""What a change set of parcels is checked for beside the usual."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from landgis.cadastre import identity
from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes import passages, touched
from landgis.changes.issues import STOP, WARN, Finding, IssueKind, add_kinds
from landgis.changes.marks import RETIRES
from landgis.changes.models import ChangeSet
from landgis.lib import statements

CHUNK = 20_000
NEAR_DEGREES = 3e-6  # about 0.3 m: how far a code's point may lie outside, because the rule fixes no rounding
SUM_TOLERANCE_M2 = 0.1

add_kinds(
    {
        "parcel-code-taken": IssueKind(
            STOP,
            _("The parcel code %(code)s also belongs to %(other)s."),
            _("A code is given once and never again; correct it in one of the two."),
        ),
        "parcel-code-elsewhere": IssueKind(
            WARN,
            _("The parcel code %(code)s names a point that does not lie in the parcel."),
            _("Check that code and boundary belong together; the code is kept as it was assigned."),
        ),
        "land-uses-sum": IssueKind(
            WARN,
            _("The land uses add up to %(sum)s m², the legal area is %(legal)s m²."),
            _("Correct the area of one of the uses, or the legal area."),
        ),
        "parcel-not-masked": IssueKind(
            STOP,
            _("A parcel of land use %(use)s lies outside every mask."),
            _("Load a mask round its whole block into parcel-masks first; a parcel alone would show as a hole."),
        ),
    }
)


def code_taken(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """Parcel codes that stand twice in the source, or belong to another parcel that stays in force.

    One that only gets another number keeps its code, and one whose renumbering is undone has it back.
    """
    query = sql.SQL(
        "SELECT i.row, i.ref, i.parcel_code, min(o.ref) FROM {items} i JOIN {items} o"
        " ON o.change_set_id = %(id)s AND o.parcel_code = i.parcel_code AND o.id <> i.id"
        " WHERE i.change_set_id = %(id)s AND {all} AND NOT ({renumbered} OR {back} OR {forth}) GROUP BY 1, 2, 3 UNION ALL"
        " SELECT i.row, i.ref, i.parcel_code, f.ref FROM {items} i JOIN {in_force} f"
        " ON f.parcel_code = i.parcel_code AND f.until_revision IS NULL AND f.from_revision > {since} AND f.ref <> i.ref"
        " WHERE i.change_set_id = %(id)s"
        " AND NOT EXISTS (SELECT FROM {items} o WHERE o.change_set_id = %(id)s AND o.ref = f.ref{coming}) ORDER BY 1"
    )
    pieces: dict[str, Any] = {
        "since": sql.Literal(since or 0),
        "all": sql.Literal(since is None),
        "renumbered": passages.renumbered_sql("i", "o"),
        "back": _taken_back(dataset, "i", "o"),
        "forth": _taken_back(dataset, "o", "i"),
        "coming": touched.among_items("o", since),
    }
    for row, ref, code, other in _select(dataset, change_set, query, **pieces):
        yield Finding("parcel-code-taken", row=row, ref=ref, field="parcel_code", params={"code": code, "other": other})


def _taken_back(dataset: Dataset, one: str, other: str) -> sql.Composable:
    """Whether an item, by its alias, had its code before, and the other one, which has it now, is retired."""
    query = "({other}.raw ? {retires} AND EXISTS (SELECT FROM {in_force} f WHERE f.ref = {one}.ref AND f.parcel_code = {one}.parcel_code))"
    return sql.SQL(query).format(
        one=sql.Identifier(one),
        other=sql.Identifier(other),
        retires=sql.Literal(RETIRES),
        in_force=sql.Identifier(dataset.in_force._meta.db_table),
    )


def code_elsewhere(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Parcel codes whose point does not lie in the parcel, where the country's rule says how to decode one."""
    place_of = identity.current().place_of
    if place_of is None:
        return
    query = sql.SQL(
        "SELECT i.id, i.row, i.ref, i.parcel_code, ST_AsBinary(i.boundary) FROM {items} i"
        " WHERE i.change_set_id = %(id)s AND i.parcel_code IS NOT NULL AND i.boundary IS NOT NULL"
        " AND i.id > %(after)s ORDER BY i.id LIMIT {chunk}"
    )
    for rows in _chunks(dataset, change_set, query):
        codes = [code for _id, _row, _ref, code, _wkb in rows]
        boundaries = shapely.from_wkb(np.array([bytes(wkb) for *_told, wkb in rows], dtype=object))
        points = shapely.points(place_of(codes))
        inside = shapely.dwithin(boundaries, points, NEAR_DEGREES)
        for place in np.flatnonzero(~inside).tolist():
            _id, row, ref, code, _wkb = rows[place]
            yield Finding("parcel-code-elsewhere", row=row, ref=ref, field="parcel_code", params={"code": code})


def uses_add_up(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Parcels whose land uses, all with an area, do not add up to the legal area."""
    query = sql.SQL(
        "SELECT i.row, i.ref, u.total, i.area_legal_m2 FROM {items} i CROSS JOIN LATERAL ("
        " SELECT sum((part ->> 'area_m2')::numeric) AS total, count(*) = count(part ->> 'area_m2') AS is_whole"
        " FROM jsonb_array_elements(i.land_uses) part) u"
        " WHERE i.change_set_id = %(id)s AND u.is_whole AND abs(u.total - i.area_legal_m2) > {tolerance} ORDER BY 1"
    )
    for row, ref, total, legal in _select(dataset, change_set, query, tolerance=sql.Literal(SUM_TOLERANCE_M2)):
        params = {"sum": f"{total:.1f}", "legal": f"{legal:.1f}"}
        yield Finding("land-uses-sum", row=row, ref=ref, field="land_uses", params=params)


def outside_masks(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """Parcels of a use that nobody outside may see, which no mask withholds."""
    uses = sorted(identity.current().withheld_uses)
    masks = registry.get(str(dataset.withheld_by))
    if not uses or (since is not None and not touched.is_touched(since, masks.name)):
        return
    query = sql.SQL(
        "SELECT i.row, i.ref, i.land_use FROM {items} i WHERE i.change_set_id = %(id)s"
        " AND (i.land_use = ANY({uses}) OR EXISTS (SELECT FROM jsonb_array_elements(i.land_uses) part"
        " WHERE part ->> 'use' = ANY({uses})))"
        " AND NOT EXISTS (SELECT FROM {masks} m WHERE m.until_revision IS NULL"
        " AND m.boundary && i.boundary AND ST_Relate(m.boundary, i.boundary, '2********'))"
        " ORDER BY 1"
    )
    table = sql.Identifier(masks.in_force._meta.db_table)
    for row, ref, use in _select(dataset, change_set, query, uses=sql.Literal(uses), masks=table):
        yield Finding("parcel-not-masked", row=row, ref=ref, field="land_use", params={"use": use})


def none_bared(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """At the apply of masks: parcels of such a use that came since, and would lie outside every mask."""
    parcels = next((one for one in registry.all_datasets() if one.withheld_by == dataset.name), None)
    uses = sorted(identity.current().withheld_uses)
    if parcels is None or since is None or not (uses and touched.is_touched(since, parcels.name)):
        return
    query = sql.SQL(
        "SELECT f.ref, f.land_use FROM {parcels} f WHERE f.until_revision IS NULL AND f.from_revision > {since}"
        " AND (f.land_use = ANY({uses}) OR EXISTS (SELECT FROM jsonb_array_elements(f.land_uses) part"
        " WHERE part ->> 'use' = ANY({uses}))) AND NOT EXISTS (SELECT FROM {in_force} m WHERE m.until_revision IS NULL"
        " AND m.boundary && f.boundary AND ST_Relate(m.boundary, f.boundary, '2********')) ORDER BY f.ref"
    )
    pieces: dict[str, Any] = {
        "parcels": sql.Identifier(parcels.in_force._meta.db_table),
        "since": sql.Literal(since),
        "uses": sql.Literal(uses),
    }
    for ref, use in _select(dataset, change_set, query, **pieces):
        yield Finding("parcel-not-masked", ref=ref, field="land_use", params={"use": use})


def _chunks(dataset: Dataset, change_set: ChangeSet, query: sql.SQL) -> Iterator[Sequence[tuple]]:
    """The rows of a query by the id of the item, which comes first, some thousands at a time."""
    after = 0
    while rows := _select(dataset, change_set, query, chunk=sql.Literal(CHUNK), after=after):
        yield rows
        after = rows[-1][0]


def _select(
    dataset: Dataset, change_set: ChangeSet, query: sql.SQL, after: int = 0, **pieces: sql.Composable
) -> Sequence[tuple]:
    composed = query.format(
        items=sql.Identifier(dataset.proposed._meta.db_table),
        in_force=sql.Identifier(dataset.in_force._meta.db_table),
        **pieces,
    )
    return statements.rows(composed, {"id": change_set.pk, "after": after})
