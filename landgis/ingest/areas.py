"""Where data belong: the areas in force of reference datasets, such as administrative units."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from landgis.catalog import registry
from landgis.lib.text import fold

MOST = 0.6  # of the values of a column must name an area before the column is believed to name areas


@dataclass
class Areas:
    """Areas in EPSG:4326, and which of them a text names."""

    shapes: np.ndarray
    named: dict[str, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shapely.prepare(self.shapes)
        self._tree = shapely.STRtree(self.shapes)

    def hits(self, points: np.ndarray, belongs: Sequence[set[int] | None]) -> np.ndarray:
        """Which points (degrees) lie in an area that their row names, or in any where it names none."""
        inside = np.zeros(len(points), dtype=bool)
        at, area = self._tree.query(points, predicate="intersects")
        for point, found in zip(at.tolist(), area.tolist(), strict=True):
            owner = belongs[point]
            inside[point] |= owner is None or found in owner
        return inside

    def belonging(self, columns: Sequence[Sequence[object]]) -> list[set[int] | None]:
        """For each row the areas that it names: in the column of which most values do, else None."""
        best: list[set[int] | None] = [None] * (len(columns[0]) if columns else 0)
        most = MOST
        for values in columns:
            owners = [self.named.get(_key(value)) for value in values]
            given = sum(value not in (None, "") for value in values)
            share = sum(owner is not None for owner in owners) / given if given else 0.0
            if share > most:
                best, most = owners, share
        return best


def in_force() -> Areas | None:
    """The areas of all reference datasets; None when there are none."""
    shapes: list[shapely.Geometry] = []
    named: dict[str, set[int]] = defaultdict(set)
    for dataset in registry.all_datasets():
        if not (dataset.names_areas_by and dataset.geometry_kind.covers):
            continue
        rows = dataset.in_force._default_manager.filter(until_revision=None)
        for boundary, *names in rows.values_list(str(dataset.geometry), *dataset.names_areas_by):
            if boundary is None or boundary.empty:
                continue
            for name in filter(None, names):
                named[_key(name)].add(len(shapes))
            shapes.append(shapely.from_wkb(bytes(boundary.wkb)))
    return Areas(np.array(shapes, dtype=object), dict(named)) if shapes else None


def _key(value: object) -> str:
    """Codes and names as they are compared; a code that a table took for a number keeps its digits."""
    whole = isinstance(value, float) and value.is_integer()
    return fold(str(int(value) if whole else value)) if value is not None else ""  # type: ignore[call-overload]
