"""Generalised ground: the sheets and blocks that maps draw for features that are too many to be told apart.

A sheet is the ground of all public rows that share the declared fields; a block is what of it hangs together. Every
row is in one of each. What is made up has sheets of its own. All holes are filled, and what lies in one joins what is round it: a
hole that is a yard and one that is withheld look the same.
"""

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.catalog.published.names import generalised_table, tile_table, view
from landgis.lib import statements

SHEET, BLOCK = "sheet", "block"
# Metres of the map. Ground hangs together within twice the first. A sheet is so much wider on all sides that the
# narrowest strip does not vanish between the units of a tile of zoom 10, which are ten metres.
BLOCK_EDGE, BLOCK_BEND = 0.5, 0.5
SHEET_EDGE, SHEET_BEND = 6.0, 3.0
EDGES = "quad_segs=1 join=mitre mitre_limit=2"  # corners stay corners
CELL = 1000.0  # of what names no sheet, as in other countries: so large a square of the map is one

# Growing closes the gaps of edges that should be the same, and makes whatever was crossed valid.
GROWN: LiteralString = "ST_Buffer(ST_Collect({shape} ORDER BY {order}), {by}, {edges})"
FILLED: LiteralString = "SELECT ST_Union(ST_MakePolygon(ST_ExteriorRing(p.geom))) AS shape FROM ST_Dump({shape}) p"


def sheet_sql(
    dataset: Dataset, alias: str, place: sql.Composable, is_made_up: sql.Composable | None = None
) -> sql.Composed:
    """The number of the sheet of a row under an alias, which has the declared fields; `place` is its own in EPSG:3857.

    A digest, so that it is the same after a rebuild and tells nothing of how many there are.
    """
    fields = [sql.SQL("{}::text").format(sql.Identifier(alias, name)) for name in dataset.map.tiles.sheets_by]
    return sql.SQL(
        "('x' || substr(md5(jsonb_build_array({fields}, CASE WHEN num_nulls({fields}) > 0 THEN"
        " ST_SnapToGrid({place}, {cell})::text END, {is_made_up})::text), 1, 13))::bit(52)::bigint"
    ).format(
        fields=sql.SQL(", ").join(fields),
        place=place,
        cell=sql.Literal(CELL),
        is_made_up=is_made_up or sql.Identifier(alias, "is_made_up"),
    )


def shapes_sql(rows: sql.Composable) -> sql.Composed:
    """SELECT of kind, sheet, number, is_made_up, shape and place of the sheets and blocks of tile rows.

    `rows` is what they are called, or those of them that are chosen; it is read twice.
    """
    return sql.SQL(
        "WITH grown AS MATERIALIZED (SELECT sheet, bool_or(is_made_up) AS is_made_up, {grown} AS shape FROM {rows} GROUP BY sheet),"
        # What lies in a hole joins what is round it.
        " apart AS MATERIALIZED (SELECT g.sheet, g.is_made_up, d.part, d.geom AS shape FROM grown g, LATERAL ({filled}) f,"
        " LATERAL ST_Dump(f.shape) WITH ORDINALITY AS d (path, geom, part)),"
        " counted AS MATERIALIZED (SELECT a.sheet, a.part, count(*) AS number FROM apart a JOIN {rows} r ON r.sheet = a.sheet"
        " AND ST_Intersects(a.shape, r.place) GROUP BY a.sheet, a.part),"
        " blocks AS MATERIALIZED (SELECT a.sheet, a.part, a.is_made_up, c.number,"
        " ST_SimplifyPreserveTopology(a.shape, {block_bend}) AS shape FROM apart a JOIN counted c USING (sheet, part)),"
        " wide AS MATERIALIZED (SELECT sheet, is_made_up, sum(number)::bigint AS number, {wide} AS shape FROM blocks GROUP BY 1, 2),"
        " sheets AS MATERIALIZED (SELECT sheet, is_made_up, number, ST_SimplifyPreserveTopology(f.shape, {sheet_bend}) AS shape"
        " FROM wide w, LATERAL ({filled_sheet}) f)"
        " SELECT kind, sheet, number, is_made_up, shape, ST_PointOnSurface(shape) AS place FROM ("
        "SELECT {block} AS kind, sheet, number, is_made_up, shape FROM blocks"
        " UNION ALL SELECT {sheet}, sheet, number, is_made_up, shape FROM sheets) g"
    ).format(
        rows=rows,
        grown=_grown("shape", "ref", BLOCK_EDGE),
        wide=_grown("shape", "part", SHEET_EDGE - BLOCK_EDGE),
        filled=sql.SQL(FILLED).format(shape=sql.SQL("g.shape")),
        filled_sheet=sql.SQL(FILLED).format(shape=sql.SQL("w.shape")),
        block_bend=sql.Literal(BLOCK_BEND),
        sheet_bend=sql.Literal(SHEET_BEND),
        block=sql.Literal(BLOCK),
        sheet=sql.Literal(SHEET),
    )


def _grown(shape: LiteralString, order: LiteralString, by: float) -> sql.Composed:
    return sql.SQL(GROWN).format(
        shape=sql.SQL(shape), order=sql.SQL(order), by=sql.Literal(by), edges=sql.Literal(EDGES)
    )


def generalised_sql(
    dataset: Dataset, tile_rows: sql.Composable | None = None, source: sql.Composable | None = None
) -> sql.Composed:
    """SELECT of all that is kept of sheets and blocks, with the fields by which sheets are named; from the dataset's tile rows
    and view, or others that will be them or are some of them.
    """
    rows = tile_rows or tile_table(dataset)
    return sql.SQL(
        "SELECT s.kind, s.sheet{names}, s.number, s.is_made_up, s.shape, s.place FROM ({shapes}) s"
        " JOIN (SELECT sheet, min(ref) AS ref FROM {rows} GROUP BY sheet) k ON k.sheet = s.sheet"
        " JOIN {view} v ON v.ref = k.ref AND v.until_revision IS NULL"
    ).format(
        names=sql.SQL("").join(sql.SQL(", v.{}").format(sql.Identifier(name)) for name in dataset.map.tiles.sheets_by),
        shapes=shapes_sql(rows),
        rows=rows,
        view=source or view(dataset),
    )


def make_generalised(dataset: Dataset, name: sql.Identifier, tile_rows: sql.Identifier, source: sql.Identifier) -> None:
    """The table, under this name, from tile rows and the view of the dataset."""
    statements.execute(sql.SQL("CREATE TABLE {} AS {}").format(name, generalised_sql(dataset, tile_rows, source)))
    statements.execute(sql.SQL("CREATE INDEX ON {} (sheet)").format(name))
    statements.execute(sql.SQL("CREATE INDEX ON {} USING gist (shape)").format(name))
    statements.execute(sql.SQL("ANALYZE {}").format(name))


def sheets_of(dataset: Dataset, refs: sql.Composable, bound: Sequence[Any]) -> dict[int, tuple[Any, ...]]:
    """The sheets in which the tile rows of some features lie, with what their ground is made of: how many rows, and the sum of their
    digests. Empty where the ground of the dataset is not generalised.
    """
    if not dataset.map.tiles.sheets_by:
        return {}
    query = sql.SQL(
        "SELECT sheet, count(*), sum(hashtextextended(concat_ws('|', ref, is_made_up, encode(ST_AsBinary(shape), 'hex')), 0))"
        " FROM {} WHERE ref IN ({}) GROUP BY sheet"
    ).format(tile_table(dataset), refs)
    return {row[0]: row[1:] for row in statements.rows(query, bound)}


def refresh_generalised(dataset: Dataset, sheets: Iterable[int]) -> None:
    """Make some sheets and their blocks anew of the tile rows that are there now."""
    if touched := sorted(set(sheets)):
        rows = sql.SQL("touched")
        statements.execute(
            sql.SQL("DELETE FROM {} WHERE sheet = ANY(%s)").format(generalised_table(dataset)), [touched]
        )
        query = sql.SQL(
            "WITH touched AS MATERIALIZED (SELECT sheet, ref, is_made_up, shape, place FROM {tiles} WHERE sheet = ANY(%s))"
            " INSERT INTO {kept} {made}"
        ).format(tiles=tile_table(dataset), kept=generalised_table(dataset), made=generalised_sql(dataset, rows))
        statements.execute(query, [touched])
