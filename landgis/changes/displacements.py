"""Geometry that a source brings again: what has not moved stays as it is in force, with its legal system and measure."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.catalog.geometry_kinds import LEGAL_SRID, LINE
from landgis.changes.models import ChangeSet
from landgis.lib import geometry, statements
from landgis.lib.displacement import displacement_m

STILL_M = 0.001  # what moved less has not moved
WINDOW_ROWS = 20_000


def settle(dataset: Dataset, change_set: ChangeSet) -> None:
    """Give items the geometry in force where theirs lies within a millimetre of it, or within what the source can tell.

    Programs write degrees with nine decimals or seven, take them through another system and back, and begin rings
    elsewhere: none of that moves a boundary. One that did move keeps the legal system of its feature where the source
    is in one that measures nothing, such as degrees.
    """
    if not dataset.geometry or dataset.geometry not in change_set.brings:
        return
    still_m = STILL_M + change_set.reading.get("resolution_m", 0.0)
    for ids, new, old, said, legal in _windows(dataset, change_set):
        away = displacement_m(new, old, still_m, is_directed=dataset.geometry_kind is LINE)
        is_still = np.isfinite(away)
        _keep(dataset, ids[is_still].tolist())
        unmeasured = ~is_still & ~_measures(said) & _measures(legal)
        for srid in np.unique(legal[unmeasured]).tolist():
            chosen = unmeasured & (legal == srid)
            _measure(dataset, ids[chosen].tolist(), new[chosen], srid)


def _windows(dataset: Dataset, change_set: ChangeSet) -> Iterator[tuple[np.ndarray, ...]]:
    """Items whose geometry or legal system differs from that in force: ids, shapes, shapes in force, both systems."""
    query = sql.SQL(
        "SELECT i.id, ST_AsBinary(i.{shape}), ST_AsBinary(f.{shape}), i.{srid}, f.{srid}"
        " FROM {items} i JOIN {in_force} f ON f.ref = i.ref AND f.until_revision IS NULL"
        " WHERE i.change_set_id = %s AND i.id > %s AND i.{shape} IS NOT NULL AND f.{shape} IS NOT NULL"
        " AND (i.{shape}, i.{srid}) IS DISTINCT FROM (f.{shape}, f.{srid}) ORDER BY i.id LIMIT {limit}"
    ).format(
        shape=sql.Identifier(str(dataset.geometry)),
        srid=sql.Identifier(LEGAL_SRID),
        items=_items(dataset),
        in_force=sql.Identifier(dataset.in_force._meta.db_table),
        limit=sql.Literal(WINDOW_ROWS),
    )
    after = 0
    while rows := statements.rows(query, [change_set.pk, after]):
        ids, new, old, said, legal = zip(*rows, strict=True)
        shapes = (shapely.from_wkb(np.array([bytes(wkb) for wkb in found], dtype=object)) for found in (new, old))
        yield np.array(ids), *shapes, np.array(said), np.array(legal)
        after = ids[-1]


def _measures(srids: np.ndarray) -> np.ndarray:
    """Whether areas and lengths are those of the plane of these systems."""
    planes = {srid for srid in np.unique(srids).tolist() if _is_plane(geometry.crs(srid))}
    return np.array([srid in planes for srid in srids.tolist()], dtype=bool)


def _is_plane(system: geometry.CRS) -> bool:
    return not system.in_degrees and system.area == "planar"


def _keep(dataset: Dataset, ids: list[int]) -> None:
    columns = dataset.geometry_kind.columns
    query = sql.SQL(
        "UPDATE {items} i SET {columns} FROM {in_force} f"
        " WHERE i.id = ANY(%s) AND f.ref = i.ref AND f.until_revision IS NULL"
    ).format(
        items=_items(dataset),
        in_force=sql.Identifier(dataset.in_force._meta.db_table),
        columns=sql.SQL(", ").join(sql.SQL("{0} = f.{0}").format(sql.Identifier(name)) for name in columns),
    )
    if ids:
        statements.execute(query, [ids])


def _measure(dataset: Dataset, ids: list[int], shapes: np.ndarray, srid: int) -> None:
    """Give items that legal system, and what is measured in it."""
    form, measure = dataset.geometry_kind.form, dataset.geometry_kind.measure
    pairs: dict[str, Any] = {LEGAL_SRID: [srid] * len(ids)}
    if form and form.measured and measure:
        pairs[measure.column] = form.measured(geometry.from_wgs84(shapes, srid), srid).tolist()
    query = sql.SQL(
        "UPDATE {items} i SET {set} FROM unnest(%s::bigint[], {arrays}) AS t(id, {names}) WHERE i.id = t.id"
    )
    names = [sql.Identifier(name) for name in pairs]
    types = {LEGAL_SRID: sql.SQL("%s::int[]")}
    statements.execute(
        query.format(
            items=_items(dataset),
            set=sql.SQL(", ").join(sql.SQL("{0} = t.{0}").format(name) for name in names),
            arrays=sql.SQL(", ").join(types.get(name, sql.SQL("%s::float8[]")) for name in pairs),
            names=sql.SQL(", ").join(names),
        ),
        [ids, *pairs.values()],
    )


def _items(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(dataset.proposed._meta.db_table)
