"""How many features of each value there are, and where their middle lies: kept as sums, so that an apply adds to them."""

from django.db import connection
from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.catalog.published.names import count_table, view
from landgis.lib import statements

# Where a count stands: the middle of what it counts, from its sums of degrees.
PLACE = sql.SQL(
    "ST_Transform(ST_SetSRID(ST_MakePoint(round(east / nullif(number, 0), 6), round(north / nullif(number, 0), 6)),"
    " 4326), 3857)"
)


def counted_columns(dataset: Dataset, alias: str) -> tuple[sql.Composable, sql.Composable, sql.Composable]:
    """What a feature is counted as, and its place in degrees: decimal, so that sums are exact in any order."""
    place = dataset.geometry_kind.place_of(sql.Identifier(alias, str(dataset.geometry)))
    east, north = (sql.SQL("ST_{}({})::numeric").format(sql.SQL(axis), place) for axis in "XY")
    return sql.Identifier(dataset.map.tiles.counts_by), east, north


def count_rows_sql(dataset: Dataset, body: sql.Composable | None = None) -> sql.Composed:
    """SELECT of value, number and the middle of what is in force and public, for each value of the field counted by.

    `body` is FROM and WHERE of other rows of the view to count.
    """
    counted_as, east, north = counted_columns(dataset, dataset.relation)
    return sql.SQL(
        "SELECT value, number, made_up > 0 AS is_made_up, {place} AS place FROM (SELECT {counted_as} AS value,"
        " count(*) AS number, count(*) FILTER (WHERE is_made_up) AS made_up, sum({east}) AS east, sum({north}) AS north"
        " {body} GROUP BY 1) counted"
    ).format(
        counted_as=counted_as,
        east=east,
        north=north,
        place=PLACE,
        body=body or sql.SQL("FROM {} WHERE until_revision IS NULL").format(view(dataset)),
    )


def sums_sql(tile_rows: sql.Composable) -> sql.Composed:
    """SELECT of the numbers and sums that tile rows add to counts."""
    return sql.SQL(
        "SELECT counted_as AS value, count(*) AS number, count(*) FILTER (WHERE is_made_up) AS made_up,"
        " sum(east) AS east, sum(north) AS north FROM {} GROUP BY 1"
    ).format(tile_rows)


def counting(dataset: Dataset, statement: sql.Composable, sign: sql.SQL) -> sql.Composed:
    """The statement, which deletes or inserts tile rows, and what it takes from or adds to the counts."""
    return sql.SQL(
        "WITH moved AS ({statement} RETURNING counted_as, is_made_up, east, north)"
        " INSERT INTO {counts} AS c (value, number, made_up, east, north) {sums}"
        " ON CONFLICT (value) DO UPDATE SET number = c.number {sign} excluded.number,"
        " made_up = c.made_up {sign} excluded.made_up, east = c.east {sign} excluded.east,"
        " north = c.north {sign} excluded.north"
    ).format(statement=statement, counts=count_table(dataset), sums=sums_sql(sql.SQL("moved")), sign=sign)


def make_counts(dataset: Dataset, name: sql.Identifier, tile_rows: sql.Identifier) -> None:
    """The counts with their sums, from the tile rows, and what readers see of them."""
    field = dataset.model_field(dataset.map.tiles.counts_by)
    query = sql.SQL(
        "CREATE TABLE {counts} (value {type} UNIQUE NULLS NOT DISTINCT, number bigint NOT NULL,"
        " made_up bigint NOT NULL, east numeric NOT NULL, north numeric NOT NULL,"
        " is_made_up boolean GENERATED ALWAYS AS (made_up > 0) STORED,"
        " place geometry(Point, 3857) GENERATED ALWAYS AS ({place}) STORED)"
    ).format(counts=name, type=sql.SQL(str(field.db_type(connection))), place=PLACE)
    filled = sql.SQL("INSERT INTO {} (value, number, made_up, east, north) {}").format(name, sums_sql(tile_rows))
    statements.execute(query)
    statements.execute(filled)
