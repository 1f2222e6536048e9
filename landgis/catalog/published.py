"""The schema `published`: all that the public's database role can read.

It is derived, and so can be dropped and rebuilt at any time: per dataset one view without the columns
and rows that the policy hides, and one narrow table of tile rows in EPSG:3857; and of all datasets the view
`dataset_schema`, which says what the columns mean.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from landgis.catalog import registry, schema
from landgis.catalog.dataset import Dataset

SCHEMA = "published"
EDGE_DEGREES = 5e-7  # some centimetres: to touch the edge of an area is not to reach into it
CONCEALED = sql.Identifier(SCHEMA, "concealed")
# Where a count stands: the middle of what it counts, from its sums of degrees.
PLACE = sql.SQL(
    "ST_Transform(ST_SetSRID(ST_MakePoint(round(east / nullif(number, 0), 6), round(north / nullif(number, 0), 6)),"
    " 4326), 3857)"
)
# Of Web Mercator: the side of a tile of zoom 19, some 75 m on the ground.
CONCEALED_CELL_M = 40_075_016.68557849 / 2**19
APPLY_LOCK = 0x6C616E64  # "land": one apply or rebuild at a time

# 52 bits of a digest: an id for tiles that is the same after a rebuild, fits a JavaScript number
# and tells nothing of how many rows there are.
FEATURE_ID = sql.SQL("('x' || substr(md5(f.ref), 1, 13))::bit(52)::bigint")


# Views beside those of the datasets: name -> SELECT of public columns and rows.
_views: dict[str, sql.Composable] = {}


def register_view(name: str, select: sql.Composable) -> None:
    """Publish a table that belongs to no dataset (scenes, search entries): what `select` gives and no more."""
    _views[name] = select


def _all_views() -> dict[str, sql.Composable]:
    """The registered views, what the columns mean, and the revisions; those of internal datasets are nobody's business."""
    internal = [dataset.name for dataset in registry.all_datasets() if dataset.is_internal]
    revisions = sql.SQL(
        "SELECT number, applied_at, dataset, source, source_as_of, is_made_up FROM catalog_revision"
        " WHERE dataset <> ALL ({}::text[])"
    ).format(sql.Literal(internal))
    return {"revision": revisions, "dataset_schema": schema.select(registry.all_datasets()), **_views}


def hold_apply_lock() -> None:
    """Wait until no other apply or rebuild runs; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPLY_LOCK])


def tile_table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(SCHEMA, f"tile_{dataset.relation}")


def count_table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(SCHEMA, f"count_{dataset.relation}")


def view(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(SCHEMA, dataset.relation)


def view_sql(dataset: Dataset) -> sql.Composed:
    """CREATE VIEW of the public columns and rows, past ones included.

    Today's policy holds for every past row: what is hidden now is hidden in all its past.
    """
    columns = [sql.SQL("f.{}").format(sql.Identifier(name)) for name in view_columns(dataset)]
    return sql.SQL(
        "CREATE VIEW {view} AS SELECT {feature_id} AS feature_id, {columns},"
        " r.is_made_up, r.applied_at, r.source, r.source_as_of"
        " FROM {table} f LEFT JOIN catalog_revision r ON r.number = f.from_revision WHERE {is_public}"
    ).format(
        view=view(dataset),
        feature_id=FEATURE_ID,
        columns=sql.SQL(", ").join(columns),
        table=sql.Identifier(dataset.in_force._meta.db_table),
        is_public=_is_public(dataset),
    )


def view_columns(dataset: Dataset) -> list[str]:
    """The names of the columns of the view that come from the dataset's own table."""
    shape = [dataset.geometry, "area_m2", "legal_srid"] if dataset.geometry else []
    return ["ref", "from_revision", "until_revision", *(field.name for field in dataset.public_fields), *shape]


def _is_public(dataset: Dataset) -> sql.Composable:
    if dataset.is_internal:
        return sql.SQL("false")
    conditions: list[sql.Composable] = []
    if dataset.public_when is not None:
        conditions.append(
            sql.SQL(
                "f.{flag} AND (f.until_revision IS NULL OR coalesce((SELECT l.{flag} FROM {table} l"
                " WHERE l.ref = f.ref ORDER BY l.from_revision DESC LIMIT 1), false))"
            ).format(flag=sql.Identifier(dataset.public_when), table=_table(dataset))
        )
    if dataset.withheld_by is not None:
        conditions.append(
            sql.SQL("NOT EXISTS (SELECT FROM catalog_withheld w WHERE w.dataset = {} AND w.ref = f.ref)").format(
                sql.Literal(dataset.name)
            )
        )
    return sql.SQL(" AND ").join(conditions) if conditions else sql.SQL("true")


def _table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(dataset.in_force._meta.db_table)


def refresh(dataset: Dataset, refs: sql.Composable, parameters: Iterable[int | str]) -> None:
    """Bring in line what is derived from some features of a dataset; `refs` is a SELECT of their refs.

    Of an area that withholds others follows which of those are published.
    """
    bound: list[Any] = list(parameters)
    _withhold(dataset, refs, bound)
    refresh_tile_rows(dataset, refs, bound)
    if any(other.withheld_by == dataset.name for other in registry.all_datasets()):
        _refresh_concealed()
    for other in registry.all_datasets():
        if other.withheld_by == dataset.name:
            changed = _withhold(other)
            refresh_tile_rows(other, sql.SQL("SELECT unnest(%s::text[])"), [changed])


def _withhold(dataset: Dataset, refs: sql.Composable | None = None, bound: Sequence[Any] = ()) -> list[str]:
    """Note which features reach into an area that withholds them, those of their past too; gives what has changed.

    Only some features where `refs` selects them.
    """
    if dataset.withheld_by is None or not dataset.geometry:
        return []
    areas = registry.get(dataset.withheld_by)
    chosen = [
        sql.SQL("{}.ref IN ({})").format(sql.SQL(name), refs) if refs is not None else sql.SQL("true") for name in "fw"
    ]
    query = sql.SQL(
        "WITH areas AS MATERIALIZED (SELECT ST_Buffer(a.{area}, {edge}) AS shape FROM {areas} a"
        " WHERE a.until_revision IS NULL),"
        " wanted AS (SELECT DISTINCT f.ref FROM areas a JOIN {table} f ON ST_Intersects(f.{shape}, a.shape)"
        " WHERE {some_f}),"
        " gone AS (DELETE FROM catalog_withheld w WHERE w.dataset = {name} AND {some_w}"
        " AND NOT EXISTS (SELECT FROM wanted n WHERE n.ref = w.ref) RETURNING w.ref),"
        " come AS (INSERT INTO catalog_withheld (dataset, ref) SELECT {name}, n.ref FROM wanted n"
        " ON CONFLICT DO NOTHING RETURNING ref)"
        " SELECT ref FROM gone UNION SELECT ref FROM come"
    ).format(
        table=_table(dataset),
        areas=_table(areas),
        shape=sql.Identifier(dataset.geometry),
        area=sql.Identifier(str(areas.geometry)),
        edge=sql.Literal(-EDGE_DEGREES),
        name=sql.Literal(dataset.name),
        some_f=chosen[0],
        some_w=chosen[1],
    )
    with connection.cursor() as cursor:
        cursor.execute(_text(query), [*bound, *bound])
        return [ref for (ref,) in cursor.fetchall()]


def tile_rows_sql(dataset: Dataset) -> sql.Composed:
    """SELECT of the tile rows of what is in force and public."""
    columns: list[sql.Composable] = [
        sql.SQL("v.{}, ").format(sql.Identifier(field.name)) for field in dataset.tile_fields
    ]
    if dataset.tiles.counts_by:
        # What the counts have to give back when the row goes: by then the feature itself is another.
        columns.append(sql.SQL("v.{} AS counted_as, {} AS east, {} AS north, ").format(*_counted(dataset, "v")))
    return sql.SQL(
        "SELECT v.feature_id, v.ref, {columns}v.is_made_up, ST_Transform(v.{shape}, 3857) AS shape"
        " FROM {view} v WHERE v.until_revision IS NULL AND v.{shape} IS NOT NULL"
    ).format(
        columns=sql.SQL("").join(columns),
        shape=sql.Identifier(str(dataset.geometry)),
        view=view(dataset),
    )


def _counted(dataset: Dataset, alias: str) -> tuple[sql.Composable, sql.Composable, sql.Composable]:
    """What a feature is counted as, and the middle of its box in degrees: decimal, so that sums are exact in any order."""
    shape = sql.Identifier(alias, str(dataset.geometry))
    east, north = (
        sql.SQL("(ST_{0}Min({1}) + ST_{0}Max({1}))::numeric / 2").format(sql.SQL(axis), shape) for axis in "XY"
    )
    return sql.Identifier(dataset.tiles.counts_by), east, north


def count_rows_sql(dataset: Dataset, body: sql.Composable | None = None) -> sql.Composed:
    """SELECT of value, number and the middle of what is in force and public, for each value of the field counted by.

    `body` is FROM and WHERE of other rows of the view to count.
    """
    counted_as, east, north = _counted(dataset, dataset.relation)
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


def _sums_sql(tile_rows: sql.Composable) -> sql.Composed:
    """SELECT of the numbers and sums that tile rows add to counts."""
    return sql.SQL(
        "SELECT counted_as AS value, count(*) AS number, count(*) FILTER (WHERE is_made_up) AS made_up,"
        " sum(east) AS east, sum(north) AS north FROM {} GROUP BY 1"
    ).format(tile_rows)


def concealed_cells_sql() -> sql.Composable:
    """SELECT of the cells (EPSG:3857) whose ground images do not show: those that areas which withhold others reach.

    Whole cells of a grid that lies under every tile, so that what is hidden says no more than a coarse picture does.
    """
    areas = sorted({other.withheld_by for other in registry.all_datasets() if other.withheld_by})
    parts = [
        sql.SQL(
            "SELECT g.geom::geometry AS cell FROM {table} t CROSS JOIN LATERAL ST_SquareGrid({side},"
            " ST_Transform(t.{shape}, 3857)) g WHERE t.until_revision IS NULL"
            " AND ST_Intersects(g.geom, ST_Transform(t.{shape}, 3857))"
        ).format(
            table=_table(registry.get(name)),
            side=sql.Literal(CONCEALED_CELL_M),
            shape=sql.Identifier(str(registry.get(name).geometry)),
        )
        for name in areas
    ]
    nothing = sql.SQL("SELECT NULL::geometry AS cell WHERE false")
    return sql.SQL(" UNION ").join(parts) if parts else nothing


def _is_concealed_made() -> bool:
    """Whether the table is there and made from today's declarations; its comment says from which."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [f"{SCHEMA}.concealed"])
        return cursor.fetchone()[0] == _digest(concealed_cells_sql())


def _make_concealed() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_text(sql.SQL("CREATE TABLE {} AS {}").format(CONCEALED, concealed_cells_sql())))
        cursor.execute(_text(sql.SQL("CREATE INDEX ON {} USING gist (cell)").format(CONCEALED)))
        digest = sql.Literal(_digest(concealed_cells_sql()))
        cursor.execute(_text(sql.SQL("COMMENT ON TABLE {} IS {}").format(CONCEALED, digest)))


def _refresh_concealed() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_text(sql.SQL("DELETE FROM {}").format(CONCEALED)))
        cursor.execute(_text(sql.SQL("INSERT INTO {} {}").format(CONCEALED, concealed_cells_sql())))


def refresh_tile_rows(dataset: Dataset, refs: sql.Composable, parameters: Iterable[Any]) -> None:
    """Bring the tile rows of some features in line; `refs` is a SELECT of their refs."""
    if not dataset.geometry:
        return
    bound = list(parameters)
    gone = sql.SQL("DELETE FROM {} WHERE ref IN ({})").format(tile_table(dataset), refs)
    come = sql.SQL("INSERT INTO {} {} AND v.ref IN ({})").format(tile_table(dataset), tile_rows_sql(dataset), refs)
    with connection.cursor() as cursor:
        if dataset.tiles.counts_by:
            cursor.execute(_text(_counting(dataset, gone, sql.SQL("-"))), bound)
            cursor.execute(_text(_counting(dataset, come, sql.SQL("+"))), bound)
            cursor.execute(_text(sql.SQL("DELETE FROM {} WHERE number = 0").format(count_table(dataset))))
        else:
            cursor.execute(_text(gone), bound)
            cursor.execute(_text(come), bound)


def _counting(dataset: Dataset, statement: sql.Composable, sign: sql.SQL) -> sql.Composed:
    """The statement, which deletes or inserts tile rows, and what it takes from or adds to the counts."""
    return sql.SQL(
        "WITH moved AS ({statement} RETURNING counted_as, is_made_up, east, north)"
        " INSERT INTO {counts} AS c (value, number, made_up, east, north) {sums}"
        " ON CONFLICT (value) DO UPDATE SET number = c.number {sign} excluded.number,"
        " made_up = c.made_up {sign} excluded.made_up, east = c.east {sign} excluded.east,"
        " north = c.north {sign} excluded.north"
    ).format(statement=statement, counts=count_table(dataset), sums=_sums_sql(sql.SQL("moved")), sign=sign)


@transaction.atomic
def drop() -> None:
    """Remove everything derived, so that migrations may change the columns below it."""
    hold_apply_lock()
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS published")
        for kind, name in _relations():
            cursor.execute(_text(sql.SQL("DROP {} {} CASCADE").format(sql.SQL(kind), sql.Identifier(SCHEMA, name))))


@transaction.atomic
def rebuild(force: bool = False) -> list[str]:
    """Make `published` what the declarations say; returns the names of the datasets made anew.

    A dataset whose declaration gives the same SQL as last time is left as it is, unless `force`.
    """
    hold_apply_lock()
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS published")
        made = _comments()
        wanted = {dataset.relation: dataset for dataset in registry.all_datasets()}
        views = _all_views()
        is_concealed = _is_concealed_made() and not force
        for kind, name in _relations():
            relation = name.removeprefix("tile_").removeprefix("count_")
            same = relation in wanted and made.get(relation) == fingerprint(wanted[relation])
            if name == "concealed":
                same = is_concealed
            if name not in views and (force or not same):
                cursor.execute(
                    _text(sql.SQL("DROP {} IF EXISTS {} CASCADE").format(sql.SQL(kind), sql.Identifier(SCHEMA, name)))
                )
        for name, select in views.items():
            cursor.execute(
                _text(sql.SQL("CREATE OR REPLACE VIEW {} AS {}").format(sql.Identifier(SCHEMA, name), select))
            )
        anew = [dataset for dataset in wanted.values() if force or made.get(dataset.relation) != fingerprint(dataset)]
        for dataset in anew:
            _make(dataset)
        if not is_concealed:
            _make_concealed()
    return [dataset.name for dataset in anew]


def differences(dataset: Dataset) -> int:
    """Tile rows and counts that are not what the rows in force give, both ways; 0 when all is well."""
    if not dataset.geometry:
        return 0
    derived = [(sql.SQL("TABLE {}").format(tile_table(dataset)), tile_rows_sql(dataset))]
    if dataset.tiles.counts_by:
        kept = sql.SQL("SELECT value, number, is_made_up, place FROM {}").format(count_table(dataset))
        derived.append((kept, count_rows_sql(dataset)))
    return sum(_differing(kept, wanted) for kept, wanted in derived)


def _differing(kept: sql.Composable, wanted: sql.Composed) -> int:
    query = sql.SQL(
        "SELECT count(*) FROM (({kept} EXCEPT ALL {wanted}) UNION ALL ({wanted} EXCEPT ALL {kept})) d"
    ).format(kept=kept, wanted=wanted)
    with connection.cursor() as cursor:
        cursor.execute(_text(query))
        return cursor.fetchone()[0]


def _make(dataset: Dataset) -> None:
    _withhold(dataset)
    with connection.cursor() as cursor:
        cursor.execute(_text(view_sql(dataset)))
        cursor.execute(
            _text(sql.SQL("COMMENT ON VIEW {} IS {}").format(view(dataset), sql.Literal(fingerprint(dataset))))
        )
        if dataset.geometry:
            table = tile_table(dataset)
            cursor.execute(_text(sql.SQL("CREATE TABLE {} AS {}").format(table, tile_rows_sql(dataset))))
            cursor.execute(_text(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (ref)").format(table)))
            cursor.execute(_text(sql.SQL("CREATE INDEX ON {} USING gist (shape)").format(table)))
            cursor.execute(_text(sql.SQL("ANALYZE {}").format(table)))
        if dataset.tiles.counts_by:
            _make_counts(dataset)


def _make_counts(dataset: Dataset) -> None:
    """The counts with their sums, from the tile rows, and what readers see of them."""
    field = dataset.model_field(dataset.tiles.counts_by)
    query = sql.SQL(
        "CREATE TABLE {counts} (value {type} UNIQUE NULLS NOT DISTINCT, number bigint NOT NULL,"
        " made_up bigint NOT NULL, east numeric NOT NULL, north numeric NOT NULL,"
        " is_made_up boolean GENERATED ALWAYS AS (made_up > 0) STORED,"
        " place geometry(Point, 3857) GENERATED ALWAYS AS ({place}) STORED)"
    ).format(counts=count_table(dataset), type=sql.SQL(str(field.db_type(connection))), place=PLACE)
    with connection.cursor() as cursor:
        cursor.execute(_text(query))
        cursor.execute(
            _text(
                sql.SQL("INSERT INTO {} (value, number, made_up, east, north) {}").format(
                    count_table(dataset), _sums_sql(tile_table(dataset))
                )
            )
        )


def fingerprint(dataset: Dataset) -> str:
    """A digest of the SQL from which the dataset's published relations are made."""
    parts = [view_sql(dataset)] + ([tile_rows_sql(dataset)] if dataset.geometry else [])
    parts += [count_rows_sql(dataset)] if dataset.tiles.counts_by else []
    return _digest(*parts)


def _digest(*parts: sql.Composable) -> str:
    return hashlib.sha256("\n".join(_text(part) for part in parts).encode()).hexdigest()


def _relations() -> list[tuple[str, str]]:
    """(VIEW or TABLE, name) of all that is in the schema, views first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, relname FROM pg_class"
            " WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('v', 'r')"
            " ORDER BY relkind DESC, relname",
            [SCHEMA],
        )
        return cursor.fetchall()


def _comments() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, obj_description(oid, 'pg_class') FROM pg_class"
            " WHERE relnamespace = to_regnamespace(%s) AND relkind = 'v'",
            [SCHEMA],
        )
        return dict(cursor.fetchall())


def _text(composed: sql.Composable) -> str:
    return composed.as_string(connection.connection)
