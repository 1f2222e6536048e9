"""The check that features do not overlap: those of a change set each other, and what stays in force beside them.

A million boundaries are read in the order of their west sides, a window at a time, so that only a strip of the
map is ever in memory. What touches along shared edges is found sound by one look at the window as a coverage;
only what that look objects to is intersected, in the plane of its legal CRS.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from django.db import connection
from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.changes.issues import Finding
from landgis.changes.models import ChangeSet
from landgis.lib import geometry

WIDTH_M = 0.05
WINDOW_ROWS = 50_000
MAX_FINDINGS = 20_000  # a file laid over itself would have one for every row
FEW_ITEMS = 20_000

Check = Callable[[Dataset, ChangeSet], Iterator[Finding]]


@dataclass
class Strip:
    """Features by their west sides. `rows` is 0 for a feature in force."""

    rows: np.ndarray
    refs: np.ndarray
    srids: np.ndarray
    shapes: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, chosen: np.ndarray) -> "Strip":
        return Strip(self.rows[chosen], self.refs[chosen], self.srids[chosen], self.shapes[chosen])

    def joined(self, other: "Strip") -> "Strip":
        return Strip(
            np.concatenate([self.rows, other.rows]),
            np.concatenate([self.refs, other.refs]),
            np.concatenate([self.srids, other.srids]),
            np.concatenate([self.shapes, other.shapes]),
        )


def overlaps(dataset: Dataset, change_set: ChangeSet, *, width_m: float = WIDTH_M) -> Iterator[Finding]:
    """Items that overlap another item, or a feature in force that the change set does not replace.

    Slivers narrower than `width_m` (area by half of the perimeter) are passed over. Of two rows of the source the
    later one is named. At most MAX_FINDINGS are told.
    """
    told = 0
    carried: Strip | None = None
    for window in _windows(dataset, change_set):
        known = len(carried) if carried else 0
        strip = carried.joined(window) if carried else window
        for finding in _found_in(strip, known, width_m):
            yield finding
            told += 1
            if told == MAX_FINDINGS:
                return
        reach = shapely.bounds(strip.shapes)
        carried = strip.at(reach[:, 2] >= reach[-1, 0])


def wider_than(width_m: float) -> Check:
    """The check with another tolerance, to be named in the `checks` of a declaration."""
    return partial(overlaps, width_m=width_m)


def _windows(dataset: Dataset, change_set: ChangeSet) -> Iterator[Strip]:
    query = _features(dataset, change_set)
    with connection.chunked_cursor() as cursor:
        cursor.execute(query.as_string(connection.connection), {"id": change_set.pk})
        while found := cursor.fetchmany(WINDOW_ROWS):
            rows, refs, srids, wkb, _wests = zip(*found, strict=True)
            yield Strip(
                np.array(rows, dtype=np.int64),
                np.array(refs, dtype=object),
                np.array(srids, dtype=np.int64),
                shapely.from_wkb(np.array([bytes(one) for one in wkb], dtype=object)),
            )


def _features(dataset: Dataset, change_set: ChangeSet) -> sql.Composable:
    """Items and neighbours in force as (row, ref, srid, WKB, west), from west to east."""
    names = {
        "items": sql.Identifier(dataset.proposed._meta.db_table),
        "in_force": sql.Identifier(dataset.in_force._meta.db_table),
        "shape": sql.Identifier(str(dataset.geometry)),
    }
    items = sql.SQL(
        "SELECT row, ref, legal_srid, ST_AsBinary({shape}) AS wkb, ST_XMin({shape}) AS west FROM {items}"
        " WHERE change_set_id = %(id)s AND {shape} IS NOT NULL AND row IS NOT NULL"
    ).format(**names)
    # A complete source replaces or retires all that is in force.
    union = items if change_set.is_complete else items + sql.SQL(" UNION ALL ") + _neighbours(change_set, names)
    return union + sql.SQL(" ORDER BY west")


def _neighbours(change_set: ChangeSet, names: Mapping[str, sql.Composable]) -> sql.Composed:
    """What stays in force: beside each item where items are few, else within the box of all."""
    few = sql.SQL(
        "SELECT DISTINCT ON (f.ref) f.* FROM {items} i JOIN {in_force} f ON f.{shape} && i.{shape}"
        " AND f.until_revision IS NULL WHERE i.change_set_id = %(id)s"
    )
    many = sql.SQL(
        "SELECT f.* FROM {in_force} f WHERE f.until_revision IS NULL AND f.{shape} && (SELECT"
        " ST_SetSRID(ST_Extent({shape})::geometry, 4326) FROM {items} WHERE change_set_id = %(id)s)"
    )
    near = few if _item_count(change_set, names["items"]) <= FEW_ITEMS else many
    return sql.SQL(
        "SELECT 0, n.ref, n.legal_srid, ST_AsBinary(n.{shape}), ST_XMin(n.{shape}) FROM ({near}) n WHERE NOT EXISTS"
        " (SELECT FROM {items} i WHERE i.change_set_id = %(id)s AND i.ref = n.ref)"
    ).format(near=near.format(**names), **names)


def _item_count(change_set: ChangeSet, items: sql.Composable) -> int:
    query = sql.SQL("SELECT count(*) FROM {} WHERE change_set_id = %s").format(items)
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(connection.connection), [change_set.pk])
        return cursor.fetchone()[0]


def _found_in(strip: Strip, known: int, width_m: float) -> Iterator[Finding]:
    """Findings of pairs of which one lies behind the first `known`, which have been compared before."""
    one, other = _pairs(strip.shapes, known)
    theirs = (strip.rows[one] == 0) & (strip.rows[other] == 0)
    one, other = one[~theirs], other[~theirs]
    one, other = (
        np.where(strip.rows[one] < strip.rows[other], other, one),
        np.where(strip.rows[one] < strip.rows[other], one, other),
    )
    for srid in np.unique(strip.srids[one]):
        here = strip.srids[one] == srid
        areas, widths = _shared(strip.shapes[one[here]], strip.shapes[other[here]], int(srid))
        for at in np.flatnonzero(widths > width_m):
            mine, its = one[here][at], other[here][at]
            its_row = int(strip.rows[its]) or None
            params = {
                "other": strip.refs[its] or f"#{its_row}",
                "other_row": its_row,
                "area": f"{areas[at]:.2f}",
            }
            yield Finding("overlap", row=int(strip.rows[mine]), ref=strip.refs[mine], params=params)


def _pairs(shapes: np.ndarray, known: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of positions whose boundaries may share an area, each pair once."""
    doubtful = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))
    if not doubtful.size:
        return doubtful, doubtful
    at, other = shapely.STRtree(shapes).query(shapes[doubtful])
    pairs = np.sort(np.column_stack([doubtful[at], other]), axis=1)
    pairs = pairs[(pairs[:, 0] != pairs[:, 1]) & (pairs[:, 1] >= known)]
    pairs = np.unique(pairs, axis=0)
    shapely.prepare(shapes[pairs[:, 0]])
    share = shapely.relate_pattern(shapes[pairs[:, 0]], shapes[pairs[:, 1]], "T********")
    return pairs[share, 0], pairs[share, 1]


def _shared(ones: np.ndarray, others: np.ndarray, srid: int) -> tuple[np.ndarray, np.ndarray]:
    """Area (m2) and mean width (m) of what each pair shares, in the plane of the legal CRS."""
    shared = shapely.intersection(geometry.from_wgs84(ones, srid), geometry.from_wgs84(others, srid))
    areas = geometry.area_m2(shared, srid)
    # Metres per unit at the place, also where the unit is the degree.
    planar = shapely.area(shared)
    scale = np.sqrt(np.divide(areas, planar, out=np.zeros_like(areas), where=planar > 0))
    half_perimeter = shapely.length(shared) * scale / 2
    return areas, np.divide(areas, half_perimeter, out=np.zeros_like(areas), where=half_perimeter > 0)
