"""The boundaries of a change set and of what stays in force beside them, a strip of the map at a time.

A million boundaries are read in the order of their west sides, a window at a time, so that only a strip of the map is
ever in memory.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from django.db import connection
from psycopg import sql

from landgis.catalog import tolerances
from landgis.catalog.dataset import Dataset, ScaleFields
from landgis.changes import touched
from landgis.changes.models import ChangeSet
from landgis.changes.touched import REACH_DEGREES
from landgis.lib import statements

WINDOW_ROWS = 50_000
FEW_ITEMS = 20_000


@dataclass
class Strip:
    """Features by their west sides. `rows` is 0 for a feature in force; `plays` is the tolerance (m) of each boundary.

    The first `known` were in the strip before, and have been compared with each other.
    """

    rows: np.ndarray
    refs: np.ndarray
    srids: np.ndarray
    plays: np.ndarray
    shapes: np.ndarray
    known: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, chosen: np.ndarray) -> "Strip":
        """Only those, all of them new."""
        return Strip(*(column[chosen] for column in self._columns()))

    def followed_by(self, other: "Strip") -> "Strip":
        """These, known, and the others."""
        pairs = zip(self._columns(), other._columns(), strict=True)
        rows, refs, srids, plays, shapes = (np.concatenate(pair) for pair in pairs)
        return Strip(rows, refs, srids, plays, shapes, known=len(self))

    def later_first(self, one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of positions without those of two features in force; first the one that stands later in the source."""
        theirs = (self.rows[one] == 0) & (self.rows[other] == 0)
        one, other = one[~theirs], other[~theirs]
        is_later = self.rows[one] < self.rows[other]
        return np.where(is_later, other, one), np.where(is_later, one, other)

    def named(self, at: int) -> dict[str, str | int | None]:
        """What a finding about another feature says of this one."""
        row = int(self.rows[at]) or None
        return {"other": self.refs[at] or f"#{row}", "other_row": row}

    def _columns(self) -> tuple[np.ndarray, ...]:
        return self.rows, self.refs, self.srids, self.plays, self.shapes


def strips(
    dataset: Dataset, change_set: ChangeSet, drawn: ScaleFields | None = None, since: int | None = None
) -> Iterator[Strip]:
    """Strips that hold every pair of neighbours at least once, from west to east; none where no boundary can have moved.

    At the apply `since` is the revision of the check: only what lies beside features touched after it.
    """
    if dataset.geometry not in change_set.brings:
        return
    carried: Strip | None = None
    for window in _windows(dataset, change_set, drawn, since):
        strip = carried.followed_by(window) if carried else window
        yield strip
        reach = shapely.bounds(strip.shapes)
        carried = strip.at(reach[:, 2] >= reach[-1, 0] - REACH_DEGREES)


def _windows(dataset: Dataset, change_set: ChangeSet, drawn: ScaleFields | None, since: int | None) -> Iterator[Strip]:
    query = _features(dataset, change_set, drawn, since)
    with connection.chunked_cursor() as cursor:
        cursor.execute(statements.text(query), {"id": change_set.pk})
        while found := cursor.fetchmany(WINDOW_ROWS):
            rows, refs, srids, scales, uses, wkb, _wests = zip(*found, strict=True)
            yield Strip(
                np.array(rows, dtype=np.int64),
                np.array(refs, dtype=object),
                np.array(srids, dtype=np.int64),
                tolerances.of(scales, uses),
                shapely.from_wkb(np.array([bytes(one) for one in wkb], dtype=object)),
            )


def _features(dataset: Dataset, change_set: ChangeSet, drawn: ScaleFields | None, since: int | None) -> sql.Composable:
    """Items and neighbours in force as (row, ref, srid, scale, use, WKB, west), from west to east."""
    names = {
        "items": sql.Identifier(dataset.proposed._meta.db_table),
        "in_force": sql.Identifier(dataset.in_force._meta.db_table),
        "shape": sql.Identifier(str(dataset.geometry)),
        "scale": sql.Identifier(drawn.scale) if drawn else sql.SQL("NULL::integer"),
        "use": sql.Identifier(drawn.use) if drawn else sql.SQL("NULL::text"),
    }
    if since is not None:
        return _beside_touched(dataset, change_set, names, since)
    items = sql.SQL(
        "SELECT row, ref, legal_srid, {scale}, {use}, ST_AsBinary({shape}) AS wkb, ST_XMin({shape}) AS west FROM {items}"
        " WHERE change_set_id = %(id)s AND {shape} IS NOT NULL AND row IS NOT NULL AND action IS DISTINCT FROM 'retire'"
    ).format(**names)
    # A complete source replaces or retires all that is in force.
    union = items if change_set.is_complete else items + sql.SQL(" UNION ALL ") + _neighbours(change_set, names)
    return union + sql.SQL(" ORDER BY west")


def _beside_touched(
    dataset: Dataset, change_set: ChangeSet, names: Mapping[str, sql.Composable], since: int
) -> sql.Composable:
    """What stands, once the items are in force, beside those of them that have a touched feature for neighbour."""
    return sql.SQL(
        "SELECT coalesce(i.row, 0), ref, legal_srid, {scale}, {use}, ST_AsBinary({shape}), ST_XMin({shape}) AS west FROM ("
        "SELECT DISTINCT ON (f.ref) f.* FROM ({own}) o JOIN {in_force} f"
        " ON f.{shape} && ST_Expand(o.{shape}, {reach}) AND f.until_revision IS NULL) n LEFT JOIN (SELECT row, ref AS item"
        " FROM {items} WHERE change_set_id = %(id)s AND action <> 'left out') i ON i.item = n.ref ORDER BY west"
    ).format(own=touched.beside(dataset, change_set, since), reach=sql.Literal(REACH_DEGREES), **names)


def _neighbours(change_set: ChangeSet, names: Mapping[str, sql.Composable]) -> sql.Composed:
    """What stays in force: beside each item where items are few, else within the box of all."""
    few = sql.SQL(
        "SELECT DISTINCT ON (f.ref) f.* FROM {items} i JOIN {in_force} f ON f.{shape} && ST_Expand(i.{shape}, {reach})"
        " AND f.until_revision IS NULL WHERE i.change_set_id = %(id)s"
    )
    many = sql.SQL(
        "SELECT f.* FROM {in_force} f WHERE f.until_revision IS NULL AND f.{shape} && (SELECT"
        " ST_Expand(ST_SetSRID(ST_Extent({shape})::geometry, 4326), {reach}) FROM {items} WHERE change_set_id = %(id)s)"
    )
    near = few if _item_count(change_set, names["items"]) <= FEW_ITEMS else many
    return sql.SQL(
        "SELECT 0, n.ref, n.legal_srid, {scale}, {use}, ST_AsBinary(n.{shape}), ST_XMin(n.{shape}) FROM ({near}) n"
        " WHERE NOT EXISTS (SELECT FROM {items} i WHERE i.change_set_id = %(id)s AND i.ref = n.ref)"
    ).format(near=near.format(reach=sql.Literal(REACH_DEGREES), **names), **names)


def _item_count(change_set: ChangeSet, items: sql.Composable) -> int:
    query = sql.SQL("SELECT count(*) FROM {} WHERE change_set_id = %s").format(items)
    return int(statements.value(query, [change_set.pk]))
