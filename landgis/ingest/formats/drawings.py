"""DXF and DGN of version 7: lines closed to polygons, and texts that lie in them as their values.

Which level holds what is told by `levels`: "boundary" lists those whose lines are boundaries, every other key is a
column and lists the levels of its texts. Without levels all lines are boundaries, and all texts go to one column.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import shapely

from landgis.ingest.errors import FileError
from landgis.ingest.formats import BATCH_ROWS, Content, ReadingFault, Shape, batch, kinds
from landgis.ingest.formats.vectors import BYTES, unreadable

BOUNDARY, TEXT = "boundary", "text"
GRID_M = 0.001  # ends that are nearer to each other than this meet
MAX_FAULTS = 1000
LEVEL = re.compile(r"(\d+)\D*$")


class Drawing:
    """A cadastral drawing. It has to be read whole before its first polygon is known."""

    def __init__(self, path: Path, kind: str, name: str, layer: str | None, levels: Mapping[str, Sequence[int]]):
        of_levels = {column: set(numbers) for column, numbers in levels.items() if column != BOUNDARY}
        self.columns: Mapping[str, set[int] | None] = of_levels or {TEXT: None}
        shapes, found_levels, texts = _entities(path, kind)
        edges = _lines(shapes, found_levels, levels.get(BOUNDARY))
        if not len(edges):
            raise FileError("drawing-boundaries")
        self.faults: list[ReadingFault] = []
        self.polygons = _closed(edges, self.faults)
        self.values = self._attached(shapes, found_levels, texts)
        self.content = Content(
            driver=kind,
            layer=name,
            names=tuple(self.columns),
            features=len(self.polygons),
            text_is_bytes=kind == kinds.DGN,
            faults=tuple(self.faults[:MAX_FAULTS]),
        )

    def batches(self, shape: Shape | None = None) -> Iterator[pa.RecordBatch]:
        for start in range(0, len(self.polygons), BATCH_ROWS):
            part = slice(start, start + BATCH_ROWS)
            wkb = shapely.to_wkb(self.polygons[part]).tolist()
            columns = [pa.array(self.values[name][part], pa.string()) for name in self.columns]
            rows = list(range(start + 1, start + len(wkb) + 1))
            yield batch(list(self.columns), columns, rows, wkb, [()] * len(wkb))

    def _attached(self, shapes: np.ndarray, levels: np.ndarray, texts: np.ndarray) -> dict[str, list[str | None]]:
        """The text of each column in each polygon; what lies in none, or beside another one, is a fault."""
        written = np.flatnonzero([bool(text) for text in texts] & ~shapely.is_empty(shapes))
        places = shapely.centroid(shapes)
        tree = shapely.STRtree(self.polygons)
        values: dict[str, list[str | None]] = {}
        for column, numbers in self.columns.items():
            mine = written if numbers is None else written[np.isin(levels[written], list(numbers))]
            values[column] = [None] * len(self.polygons)
            at, polygon = tree.query(places[mine], predicate="within")
            inside = dict(zip(at.tolist(), polygon.tolist(), strict=True))
            for index, text in enumerate(mine.tolist()):
                found = inside.get(index)
                if found is not None and values[column][found] is None:
                    values[column][found] = texts[text]
                else:
                    where = places[text]
                    params = {
                        "text": texts[text][:40],
                        "column": column,
                        "x": round(where.x, 3),
                        "y": round(where.y, 3),
                    }
                    self.faults.append(("text-unattached" if found is None else "text-surplus", params))
        return values


def _entities(path: Path, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Geometry, level (-1 where it has no number) and text of each entity."""
    try:
        layer = str(pyogrio.list_layers(path)[0][0])
        meta, _fids, wkb, fields = pyogrio.raw.read(path, layer=layer, encoding=BYTES if kind == kinds.DGN else None)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        RuntimeError,
        ValueError,
        IndexError,
    ) as error:
        raise unreadable(kind, error) from error
    named = dict(zip(meta["fields"], fields, strict=True))
    shapes = (
        shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore")) if wkb is not None else np.array([], dtype=object)
    )
    written = named.get("Level", named.get("Layer", np.array([None] * len(shapes), dtype=object)))
    levels = np.array([_level(one) for one in written], dtype=np.int64)
    texts = np.array([_text(one) for one in named.get("Text", [None] * len(shapes))], dtype=object)
    return shapes, levels, texts


def _level(written: object) -> int:
    """The number of a level: 10 of 10, "10", "Level 10" or "LV_10_RANH"."""
    found = LEVEL.search(str(written)) or re.search(r"\d+", str(written))
    return int(found[0] if found.lastindex is None else found[1]) if found else -1


def _text(written: object) -> str:
    return str(written).strip() if isinstance(written, str) else ""


def _lines(shapes: np.ndarray, levels: np.ndarray, wanted: Sequence[int] | None) -> np.ndarray:
    """The lines of boundary levels; of areas their edges."""
    chosen = shapes if wanted is None else shapes[np.isin(levels, list(wanted))]
    parts = shapely.get_parts(chosen[~shapely.is_missing(chosen)])
    kinds = shapely.get_type_id(parts)
    edges = shapely.boundary(parts[np.isin(kinds, (3, 6))])
    lines = np.concatenate([parts[np.isin(kinds, (1, 2))], shapely.get_parts(edges)])
    return lines[np.isfinite(shapely.bounds(lines)).all(axis=1)]


def _closed(edges: np.ndarray, faults: list[ReadingFault]) -> np.ndarray:
    """The polygons between lines; lines that close none are faults, each with its free end."""
    noded = shapely.union_all(shapely.set_precision(edges, GRID_M), grid_size=GRID_M)
    polygons, cuts, dangles, _invalid = shapely.polygonize_full(shapely.get_parts(noded))
    for line in (*shapely.get_parts(dangles), *shapely.get_parts(cuts)):
        x, y = shapely.get_coordinates(line)[0]
        faults.append(
            ("line-unclosed", {"length": f"{line.length:.2f}", "x": round(float(x), 3), "y": round(float(y), 3)})
        )
    found = shapely.get_parts(polygons)
    if not len(found):
        raise FileError("drawing-polygons")
    return found
