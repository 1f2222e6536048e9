"""Which features reach into an area that withholds them."""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.published.names import in_force_table
from landgis.lib import statements

EDGE_DEGREES = 5e-7  # some centimetres: to touch the edge of an area is not to reach into it


def withhold(dataset: Dataset, refs: sql.Composable | None = None, bound: Sequence[Any] = ()) -> list[str]:
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
        table=in_force_table(dataset),
        areas=in_force_table(areas),
        shape=sql.Identifier(dataset.geometry),
        area=sql.Identifier(str(areas.geometry)),
        edge=sql.Literal(-EDGE_DEGREES),
        name=sql.Literal(dataset.name),
        some_f=chosen[0],
        some_w=chosen[1],
    )
    return [ref for (ref,) in statements.rows(query, [*bound, *bound])]
