"""The tile rows: of what is in force and public the columns of tiles, with the geometry in EPSG:3857; of datasets with many features
what their tiles draw, too (`catalog.drawn`, `catalog.label_room`)."""

from collections.abc import Iterable
from typing import Any

from psycopg import sql

from landgis.catalog import drawn, label_room
from landgis.catalog.dataset import Dataset
from landgis.catalog.published.counts import counted_columns, counting
from landgis.catalog.published.generalised import refresh_generalised, sheet_sql, sheets_of
from landgis.catalog.published.names import count_table, tile_table, view
from landgis.catalog.published.states import TURNS
from landgis.lib import statements


def make_tile_rows(dataset: Dataset, name: sql.Identifier, source: sql.Identifier) -> None:
    """The table, under this name, from the view `source`."""
    rows = tile_rows_sql(dataset, source)
    statements.execute(sql.SQL("CREATE TABLE {} AS {}").format(name, rows))
    statements.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (ref)").format(name))
    statements.execute(sql.SQL("CREATE INDEX ON {} USING gist (shape)").format(name))
    if dataset.map.tiles.sheets_by:
        statements.execute(sql.SQL("CREATE INDEX ON {} (sheet)").format(name))
    statements.execute(sql.SQL("ANALYZE {}").format(name))


def tile_rows_sql(
    dataset: Dataset, source: sql.Identifier | None = None, refs: sql.Composable | None = None
) -> sql.Composed:
    """SELECT of the tile rows of what is in force and public, from the dataset's view or one that will be it; of some features where
    `refs` selects them."""
    columns: list[sql.Composable] = [
        sql.SQL("v.{}, ").format(sql.Identifier(field.name))
        for field in dataset.tile_fields
        if field.name != dataset.state.field
    ]
    if dataset.state.field in (field.name for field in dataset.tile_fields):
        # No state of now is kept, only what it follows from.
        columns.append(
            sql.SQL("v.{} AS {}, v.{}, ").format(
                *map(sql.Identifier, (dataset.state.reported_field, dataset.state.field, TURNS))
            )
        )
    place = sql.SQL("ST_Transform({}, 3857)").format(
        dataset.geometry_kind.place_of(sql.Identifier("v", str(dataset.geometry)))
    )
    if dataset.map.tiles.sheets_by:
        columns.append(sql.SQL("{} AS sheet, ").format(sheet_sql(dataset, "v", place)))
    if dataset.map.tiles.counts_by:
        # What the counts have to give back when the row goes: by then the feature itself is another.
        columns.append(sql.SQL("v.{} AS counted_as, {} AS east, {} AS north, ").format(*counted_columns(dataset, "v")))
    rows = sql.SQL(
        "SELECT v.feature_id, v.ref, {columns}v.is_made_up, ST_Transform(v.{shape}, 3857) AS shape,"
        " {place} AS place"
        " FROM {view} v WHERE v.until_revision IS NULL AND v.{shape} IS NOT NULL{chosen}"
    ).format(
        columns=sql.SQL("").join(columns),
        shape=sql.Identifier(str(dataset.geometry)),
        place=place,
        view=source or view(dataset),
        chosen=sql.SQL("") if refs is None else sql.SQL(" AND v.ref IN ({})").format(refs),
    )
    return with_drawn(dataset, rows) if dataset.map.tiles.sheets_by else rows


def with_drawn(dataset: Dataset, rows: sql.Composable) -> sql.Composed:
    """The SELECT of rows with what their tiles draw. OFFSET 0: else their shapes would be worked out for each column anew."""
    shapes = (
        sql.SQL(", {} AS {}").format(drawn.kept_sql(dataset, z), sql.Identifier(drawn.column(z)))
        for z in drawn.kept_zooms(dataset)
    )
    room = label_room.kept_columns(dataset)
    return sql.SQL("SELECT r.*{shapes}{room} FROM ({rows} OFFSET 0) r{beside}").format(
        shapes=sql.SQL("").join(shapes),
        room=sql.SQL("").join(sql.SQL(", room.{}").format(sql.Identifier(name)) for name in room),
        rows=rows,
        beside=sql.SQL(" LEFT JOIN {} ON true").format(label_room.room(dataset)) if room else sql.SQL(""),
    )


def refresh_tile_rows(dataset: Dataset, refs: sql.Composable, parameters: Iterable[Any]) -> None:
    """Bring the tile rows of some features in line; `refs` is a SELECT of their refs."""
    if not dataset.geometry:
        return
    bound = list(parameters)
    before = sheets_of(dataset, refs, bound)
    gone = sql.SQL("DELETE FROM {} WHERE ref IN ({})").format(tile_table(dataset), refs)
    come = sql.SQL("INSERT INTO {} {}").format(tile_table(dataset), tile_rows_sql(dataset, refs=refs))
    if dataset.map.tiles.counts_by:
        statements.execute(counting(dataset, gone, sql.SQL("-")), bound)
        statements.execute(counting(dataset, come, sql.SQL("+")), bound)
        statements.execute(sql.SQL("DELETE FROM {} WHERE number = 0").format(count_table(dataset)))
    else:
        statements.execute(gone, bound)
        statements.execute(come, bound)
    after = sheets_of(dataset, refs, bound)
    # Where only what a feature says has changed the ground is as it was.
    refresh_generalised(dataset, [sheet for sheet in before | after if before.get(sheet) != after.get(sheet)])
