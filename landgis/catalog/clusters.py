"""What stands on a map for features that could not be told apart: one function for tiles, live maps and pictures.

At each whole zoom every feature is in exactly one cluster, so that their numbers add up to the dataset. No two need the
same room (`symbols.room`), nor do they at any zoom up to the next. A cluster stands where one of its own stands, and
those of a zoom are put together of those of the next, so that each opens into its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from psycopg import sql

from landgis.catalog import memory, published, symbols
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries import body_of, counts_of, fetch
from landgis.lib.filters import ALL, Filter
from landgis.lib.webmap import EQUATOR_M, WORLD_PX, Box

MIDDLE = sql.SQL("ST_X(place) AS x, ST_Y(place) AS y")


@dataclass(frozen=True, slots=True)
class FeatureCluster:
    """So many features at a place of EPSG:3857, within `box`; it parts at zoom `opens`.

    `least` is the lowest value of the declared field among those that are asked (`map.tiles.least_of`) and have one; of a
    feature that stands alone its own value, which counts among others only where it `is_asked`. `about` is the ref of a feature that stands
    alone, or the value that all share by which they are counted; else None. `together` is the ref of what all belong to
    (`map.tiles.together`), else None.
    """

    number: int
    x: float
    y: float
    box: Box
    opens: int
    least: int | None = None
    about: str | None = None
    is_made_up: bool = False
    is_asked: bool = True
    together: str | None = None


def clusters(dataset: Dataset, zoom: int, where: Filter = ALL, *, as_of: int | None = None) -> Sequence[FeatureCluster]:
    """The clusters of the public rows at a whole zoom, the largest first; none at a zoom at which none are declared.

    Rows counted by a field (`map.tiles.counts_by`) have none of the past.
    """
    if zoom not in dataset.map.tiles.cluster_zooms or (as_of is not None and dataset.map.tiles.counts_by):
        return []
    return levels(dataset, where, as_of=as_of)[zoom]


def levels(dataset: Dataset, where: Filter = ALL, *, as_of: int | None = None) -> dict[int, list[FeatureCluster]]:
    """The clusters of every zoom at which some are declared."""
    found = memory.of_each(("clusters", where, as_of), [dataset], lambda one: gathered(one, _single(one, where, as_of)))
    return found(dataset)


def gathered(dataset: Dataset, found: Iterable[FeatureCluster]) -> dict[int, list[FeatureCluster]]:
    """The clusters of each zoom, made of those that are found at the nearest."""
    levels: dict[int, list[FeatureCluster]] = {}
    width, height = symbols.room(dataset.map.tiles)
    level = list(found)
    for zoom in reversed(dataset.map.tiles.cluster_zooms):
        pixel_m = EQUATOR_M / WORLD_PX / 2**zoom
        level = _merged(level, width * pixel_m, height * pixel_m, zoom + 1)
        levels[zoom] = level
    return levels


def _merged(found: Iterable[FeatureCluster], width: float, height: float, opens: int) -> list[FeatureCluster]:
    """The largest stay where they are and take in whatever would meet them: what stays never meets."""
    kept: dict[tuple[int, int], list[FeatureCluster]] = defaultdict(list)
    taken: dict[FeatureCluster, list[FeatureCluster]] = {}
    for one in sorted(found, key=_rank):
        column, row = int(one.x // width), int(one.y // height)
        near = (
            other
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for other in kept.get((across, down), ())
        )
        met = [other for other in near if abs(other.x - one.x) < width and abs(other.y - one.y) < height]
        if met:
            taken[min(met, key=lambda other: ((other.x - one.x) ** 2 + (other.y - one.y) ** 2, _rank(other)))].append(
                one
            )
        else:
            kept[column, row].append(one)
            taken[one] = []
    return sorted((_joined(one, others, opens) for one, others in taken.items()), key=_rank)


def _rank(one: FeatureCluster) -> tuple[Any, ...]:
    return -one.number, one.x, one.y, one.about or ""


def _joined(one: FeatureCluster, others: Sequence[FeatureCluster], opens: int) -> FeatureCluster:
    if not others:
        return one
    some = (one, *others)
    west, south, east, north = zip(*(each.box for each in some), strict=True)
    known = [each.least for each in some if each.is_asked and each.least is not None]
    return replace(
        one,
        number=sum(each.number for each in some),
        box=(min(west), min(south), max(east), max(north)),
        opens=opens,
        least=min(known) if known else None,
        about=None,
        is_made_up=any(each.is_made_up for each in some),
        is_asked=True,
        together=one.together if all(each.together == one.together for each in some) else None,
    )


def _single(dataset: Dataset, where: Filter, as_of: int | None) -> list[FeatureCluster]:
    """Each public feature for itself, or all that are counted by the same value."""
    found = fetch(*(_counted(dataset, where) if dataset.map.tiles.counts_by else _each(dataset, where, as_of)))
    opens = dataset.map.tiles.cluster_zooms.stop
    return [
        FeatureCluster(
            row["number"],
            row["x"],
            row["y"],
            (row["x"], row["y"], row["x"], row["y"]),
            opens,
            row["least"],
            row["about"],
            bool(row["is_made_up"]),
            bool(row["is_asked"]),
            row["together"],
        )
        for row in found
    ]


def _counted(dataset: Dataset, where: Filter) -> tuple[sql.Composed, Sequence[Any]]:
    rows, bound = counts_of(dataset, where)
    query = sql.SQL(
        "SELECT number, NULL AS least, true AS is_asked, NULL AS together, value::text AS about, is_made_up, {} FROM {}"
    ).format(MIDDLE, rows)
    return query, bound


def _each(dataset: Dataset, where: Filter, as_of: int | None) -> tuple[sql.Composed, Sequence[Any]]:
    plan = dataset.map.tiles
    rows, bound = _features(dataset, where, as_of)
    query = sql.SQL(
        "SELECT 1 AS number, {least} AS least, {asked} AS is_asked, {together} AS together, ref AS about, is_made_up, {middle}"
        " FROM {rows}"
    ).format(
        together=sql.Identifier(plan.together[1]) if plan.together else sql.SQL("NULL"),
        least=sql.SQL("{}::bigint").format(sql.Identifier(plan.least)) if plan.least else sql.SQL("NULL"),
        asked=sql.SQL("{}::text = ANY({})").format(
            sql.Identifier(dataset.map.style.colour_by), sql.Literal(list(map(str, plan.least_of)))
        )
        if plan.least_of
        else sql.SQL("true"),
        middle=MIDDLE,
        rows=rows,
    )
    return query, bound


def _features(dataset: Dataset, where: Filter, as_of: int | None) -> tuple[sql.Composable, Sequence[Any]]:
    plan = dataset.map.tiles
    names = [*([plan.least] if plan.least else []), *([dataset.map.style.colour_by] if plan.least_of else [])]
    names += plan.together[1:2]
    if as_of is None and where == ALL and set(names) <= {field.name for field in dataset.tile_fields}:
        return published.tile_rows_now(dataset), []
    body, bound = body_of(dataset, where, as_of)
    shape = sql.Identifier(str(dataset.geometry))
    rows = sql.SQL("(SELECT ref, {names}is_made_up, ST_Transform({place}, 3857) AS place {body}) v").format(
        names=sql.SQL("").join(sql.SQL("{}, ").format(sql.Identifier(name)) for name in names),
        place=dataset.geometry_kind.place_of(shape),
        body=sql.SQL("{} AND {} IS NOT NULL").format(body, shape),
    )
    return rows, bound
