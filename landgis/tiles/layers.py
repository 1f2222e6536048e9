"""The layers of a tile: what they are called, and which columns they have."""

from collections.abc import Iterable

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.catalog.value_types import type_of


def label_zoom(dataset: Dataset) -> int:
    """From where on tiles hold the places of labels: the last zoom serves all that are nearer."""
    return min(dataset.map.style.label_from, dataset.map.tiles.maxzoom)


def label_layer(dataset: Dataset) -> str:
    """The name of the layer of labels: a point inside each feature, in the one tile in which it lies.

    An area is cut by tiles, and would have its name in each of them.
    """
    return f"{dataset.name}-labels"


def count_layer(dataset: Dataset) -> str:
    """The name of the layer of counts: a point that says how many features it stands for."""
    return f"{dataset.name}-counts"


def columns_of(dataset: Dataset, z: int) -> list[str]:
    """The fields that features have in tiles of a zoom."""
    return [field.name for field in dataset.tile_fields if z >= (field.tile_from or 0)]


def listed(names: Iterable[str]) -> sql.Composed:
    """The columns behind the first ones of a SELECT."""
    return sql.SQL("").join(sql.SQL(", {}").format(sql.Identifier(name)) for name in names)


def told(dataset: Dataset, names: Iterable[str]) -> sql.Composed:
    """The same as tiles tell them: PostGIS would write decimals as texts."""
    return sql.SQL("").join(
        sql.SQL(", {name}::float8 AS {name}" if type_of(dataset.model_field(name)) == "number" else ", {name}").format(
            name=sql.Identifier(name)
        )
        for name in names
    )
