"""DXF and DGN of version 7: lines closed to polygons, and texts that lie in them as their values.

Which level holds what is told by the `levels` of a legend: "boundary" lists those whose lines are boundaries, every other
key is a column and lists the levels of its texts. Without levels all lines are boundaries, and all texts go to one column.
Texts of levels that are not listed are columns, too, by the names of the levels.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import shapely

from landgis.ingest.errors import FileError
from landgis.ingest.formats import BATCH_ROWS, Content, ReadingFault, Shape, batch, kinds
from landgis.ingest.formats.vectors import BYTES, unreadable

# "levels", "forms" of columns and "labels" that hold several, as a national package tells them.
Legend = Mapping[str, Mapping[str, Any]]

BOUNDARY, TEXT = "boundary", "text"
GRID_M = 0.001  # ends that are nearer to each other than this meet
MAX_FAULTS = 1000
LEVEL = re.compile(r"(\d+)\D*$")


class Drawing:
    """A cadastral drawing. It has to be read whole before its first polygon is known."""

    def __init__(self, path: Path, kind: str, name: str, layer: str | None, legend: Legend):
        levels = legend.get("levels", {})
        listed = {column: set(numbers) for column, numbers in levels.items() if column != BOUNDARY}
        shapes, names, texts = _entities(path, kind)
        found_levels = np.array([_level(one) for one in names], dtype=np.int64)
        edges = _lines(shapes, found_levels, levels.get(BOUNDARY))
        if not len(edges):
            raise FileError("drawing-boundaries")
        self.faults: list[ReadingFault] = []
        self.polygons = _closed(edges, self.faults)
        texts[shapely.is_missing(shapes) | shapely.is_empty(shapes)] = ""
        columns = _columns(listed, found_levels, names, texts)
        written = _sorted_out(columns, texts, legend)
        self.values = self._attached(shapes, written, set(listed) or {TEXT})
        self.content = Content(
            driver=kind,
            layer=name,
            names=tuple(self.values),
            features=len(self.polygons),
            text_is_bytes=kind == kinds.DGN,
            faults=tuple(self.faults[:MAX_FAULTS]),
        )

    def batches(self, shape: Shape | None = None) -> Iterator[pa.RecordBatch]:
        for start in range(0, len(self.polygons), BATCH_ROWS):
            part = slice(start, start + BATCH_ROWS)
            wkb = shapely.to_wkb(self.polygons[part]).tolist()
            columns = [pa.array(column[part], pa.string()) for column in self.values.values()]
            rows = list(range(start + 1, start + len(wkb) + 1))
            yield batch(list(self.values), columns, rows, wkb, [()] * len(wkb))

    def _attached(
        self, shapes: np.ndarray, written: Mapping[str, Sequence[tuple[int, str]]], listed: set[str]
    ) -> dict[str, list[str | None]]:
        """The text of each column in each polygon; what lies in none, or beside another one, is a fault.

        Of a level that is not listed all texts of a polygon are kept, and those outside are counted.
        """
        places = shapely.centroid(shapes)
        tree = shapely.STRtree(self.polygons)
        values: dict[str, list[str | None]] = {}
        for column, texts in written.items():
            values[column] = [None] * len(self.polygons)
            at, polygon = tree.query(places[[index for index, _text in texts]], predicate="within")
            inside = dict(zip(at.tolist(), polygon.tolist(), strict=True))
            outside = []
            for order, (index, text) in enumerate(texts):
                found = inside.get(order)
                there = values[column][found] if found is not None else None
                if found is None:
                    outside.append((index, text))
                elif there is None or column not in listed:
                    values[column][found] = text if there is None else f"{there}; {text}"
                else:
                    self.faults.append(("text-surplus", _told(text, column, places[index])))
            if column in listed:
                self.faults += [("text-unattached", _told(text, column, places[index])) for index, text in outside]
            elif outside:
                told = {"level": column, "count": len(outside), "text": outside[0][1][:40]}
                self.faults.append(("texts-outside", told))
        return values


def _told(text: str, column: str, where: shapely.Point) -> dict[str, Any]:
    return {"text": text[:40], "column": column, "x": round(where.x, 3), "y": round(where.y, 3)}


def _columns(
    listed: Mapping[str, set[int]], levels: np.ndarray, names: np.ndarray, texts: np.ndarray
) -> dict[str, list[int]]:
    """The entities with a text of each column; a level that is not listed is a column of its own name."""
    of_level = {number: column for column, numbers in listed.items() for number in numbers}
    columns: dict[str, list[int]] = {column: [] for column in listed or (TEXT,)}
    for index in np.flatnonzero([bool(text) for text in texts]).tolist():
        named = str(names[index] or TEXT)
        own = f"LEVEL {named}" if named.isdecimal() else named
        columns.setdefault(of_level.get(int(levels[index]), own) if listed else TEXT, []).append(index)
    return columns


def _sorted_out(
    columns: Mapping[str, Sequence[int]], texts: np.ndarray, legend: Legend
) -> dict[str, list[tuple[int, str]]]:
    """The texts of each column, with the entity: labels taken apart, and what looks like another column in that."""
    labels = [re.compile(label) for label in legend.get("labels", {}).values()]
    forms = {column: re.compile(form) for column, form in legend.get("forms", {}).items()}
    written: dict[str, list[tuple[int, str]]] = {column: [] for column in columns}
    for column, indices in columns.items():
        for index in indices:
            text = texts[index]
            label = next((found for one in labels if column in forms and (found := one.fullmatch(text))), None)
            parts = label.groupdict() if label else {_meant(column, text, forms): text}
            for name, part in parts.items():
                if part:
                    written.setdefault(name, []).append((index, part))
    return written


def _meant(column: str, text: str, forms: Mapping[str, re.Pattern[str]]) -> str:
    """The column of a text: another than that of its level where it looks like that one only."""
    if column not in forms or forms[column].fullmatch(text):
        return column
    others = [name for name, form in forms.items() if form.fullmatch(text)]
    return others[0] if len(others) == 1 else column


def _entities(path: Path, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Geometry, level as it is named and text of each entity."""
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
    texts = np.array([_text(one) for one in named.get("Text", [None] * len(shapes))], dtype=object)
    return shapes, written, texts


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
