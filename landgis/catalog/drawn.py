"""The shapes that tiles draw of features. Where these are many, they are kept beside each row for every zoom, and a tile only moves
them to its place.

What is kept is in units of the tiles of its zoom, whole numbers: x from the west edge of the world, y from the north edge and less
than zero. It is clean, as a tile wants it: nothing crosses itself, no corner stands twice.
"""

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.catalog.geometry_kinds import extent_of
from landgis.lib.webmap import EQUATOR_M

EXTENT = 4096  # units of a tile's side
NEAR_FROM = 12  # the zoom (`is_near`)
FINEST_PX = 0.5  # farther out no bend is smaller than this, of 512 a tile
SMALLEST_PX = 3  # of 256 a tile: what is smaller is drawn as a point or drawn out, or it would vanish
SHAPE, PLACE = sql.Identifier("shape"), sql.Identifier("place")


def kept_zooms(dataset: Dataset) -> range:
    """Of which the shapes are kept: those at which features are drawn, where farther out the ground stands for them."""
    plan = dataset.map.tiles
    return range(plan.minzoom, plan.maxzoom + 1) if plan.sheets_by else range(0)


def column(z: int) -> str:
    """Where in the tile rows the shapes of a zoom are kept."""
    return f"drawn_{z}"


def kept_columns(dataset: Dataset) -> list[str]:
    return [column(z) for z in kept_zooms(dataset)]


def is_near(dataset: Dataset, z: int) -> bool:
    """Whether tiles of a zoom have every bend, and ids beside the refs: those farther out are light (random numbers cannot be compressed).

    What is generalised before has its fullest tiles at the first zoom of its features, which are light too.
    """
    plan = dataset.map.tiles
    return z >= (max(NEAR_FROM, plan.minzoom + 1) if plan.sheets_by else NEAR_FROM)


def smallest_m(z: int) -> float:
    """Metres of the map; what is smaller at that zoom is a dot."""
    return float(EQUATOR_M / 2**z / 256 * SMALLEST_PX)


def shape_sql(dataset: Dataset, z: int) -> sql.Composed:
    """What is drawn of a row with `shape` and `place` (EPSG:3857), in metres of the map."""
    finest = EQUATOR_M / 2**z / 512 * FINEST_PX
    seen = sql.SQL("shape" if is_near(dataset, z) else "ST_SimplifyPreserveTopology(shape, {})").format(
        sql.Literal(finest)
    )
    return sql.SQL("CASE WHEN {size} < {smallest} THEN {small} ELSE {seen} END").format(
        size=extent_of(SHAPE),
        smallest=sql.Literal(smallest_m(z)),
        small=dataset.geometry_kind.small(SHAPE, PLACE, smallest_m(z)),
        seen=seen,
    )


def kept_sql(dataset: Dataset, z: int) -> sql.Composed:
    """The same as it is kept: one tile of the whole world, so fine that its units are those of the zoom."""
    return sql.SQL("ST_TransScale(ST_AsMVTGeom({}, ST_TileEnvelope(0, 0, 0), {}, 0, false), 0, 0, 1, -1)").format(
        shape_sql(dataset, z), sql.Literal(EXTENT * 2**z)
    )
