"""What each format looks like inside: readers that know no dataset, no database and no language.

A reader gives the rows of a file as Arrow batches. The columns of the file come first, in the order of the
headings; three of ours follow:

- `landgis:row` the number of the row in the file (of the first of several rows that make one feature): in a table as
  a spreadsheet shows it, where the headings stand in row 1 or below titles; of a map the features count from 1;
- `landgis:wkb` the geometry in the coordinates of the file, or null;
- `landgis:faults` what was wrong already in reading, as JSON text `[[code, params], ...]`, or null.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa
import shapely

from landgis.ingest.formats import curves

ROW, WKB, FAULTS = "landgis:row", "landgis:wkb", "landgis:faults"
BATCH_ROWS = 20_000

ReadingFault = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Shape:
    """Which columns of a table hold its geometry.

    kind "wkt": one column of WKT or hexadecimal WKB. Kind "points": two columns, east (or longitude) first; of each
    `groups` says which mark divides thousands in its numbers where a number alone leaves that open ("" none), and
    `letters` are what may stand beside an angle: letter, "lat" or "lon", sign.
    Rows of points that follow each other with the same `identity`, and say no other `facts`, are the corners of one
    boundary, or of one line where it `is_line`.
    """

    kind: str
    columns: tuple[str, ...]
    identity: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    is_line: bool = False
    groups: tuple[str, ...] = ("", "")
    letters: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True)
class Conventions:
    """What a country writes into drawings and tables: what the levels hold and their texts look like, and how totals and signatures begin."""

    legend: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    totals: Sequence[str] = ()
    signatures: Sequence[str] = ()
    # The sheets of our own workbooks that hold no rows.
    explanations: Sequence[str] = ()


@dataclass(frozen=True)
class LayerOutline:
    """One layer of a file, before it is read. `geometry` is "" where it has none, `rows` -1 where nobody counted.

    `extent` is west, south, east, north in the coordinates of the file.
    """

    name: str
    geometry: str = ""
    rows: int = -1
    extent: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Content:
    """What a file says of itself. `features` is -1 where only reading it would tell.

    `text_is_bytes`: the format leaves the encoding of its text open, and the bytes pass as ISO-8859-1.
    `has_geometry` of its own; of a table (`is_table`) it is in columns, which somebody has to name with a Shape.
    `faults` are of the file as a whole. `layers` are all that it has; where none was named, `layer` is the likeliest.
    """

    driver: str
    layer: str
    names: tuple[str, ...]
    features: int = -1
    has_geometry: bool = True
    crs_text: str = ""
    text_is_bytes: bool = False
    is_table: bool = False
    said_encoding: str | None = None
    faults: tuple[ReadingFault, ...] = ()
    layers: tuple[LayerOutline, ...] = ()


class Opened(Protocol):
    """A file that has been opened by the reader of its format."""

    content: Content

    def batches(self, shape: Shape | None = None) -> Iterator[pa.RecordBatch]: ...


def batch(
    names: Sequence[str],
    columns: Sequence[Any],
    rows: Sequence[int],
    wkb: Sequence[bytes | None],
    faults: Sequence[Sequence[ReadingFault]],
) -> pa.RecordBatch:
    """A batch in the agreed form."""
    written = [json.dumps(list(found), ensure_ascii=False) if found else None for found in faults]
    arrays = [
        *(column if isinstance(column, pa.Array) else pa.array(column) for column in columns),
        pa.array(rows, pa.int64()),
        pa.array(wkb, pa.binary()),
        pa.array(written, pa.string()),
    ]
    return pa.RecordBatch.from_arrays(arrays, names=[*names, ROW, WKB, FAULTS])


def without_curves(given: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with arcs as straight pieces, and without collections of collections.

    Nobody means those, and a deep one ends whoever takes it apart.
    """
    wkb, refused = given.column(WKB).to_pylist(), []
    if curved := [row for row, raw in enumerate(wkb) if raw is not None and curves.is_curved(raw)]:
        drawn = curves.straight([wkb[row].hex() for row in curved])
        refused = [(row, "CURVE") for row, one in zip(curved, drawn, strict=True) if one is None]
        wkb = _with(wkb, zip(curved, drawn, strict=True))
    nests = [row for row, raw in enumerate(wkb) if raw is not None and _is_nest(raw)]
    if not curved and not nests:
        return given
    wkb = _with(wkb, ((row, None) for row in nests))
    faults = given.column(FAULTS).to_pylist()
    for row, text in (*refused, *((row, "GEOMETRYCOLLECTION") for row in nests)):
        faults[row] = json.dumps([*json.loads(faults[row] or "[]"), ["geometry-unreadable", {"text": text}]])
    names = given.schema.names
    changed = given.set_column(names.index(WKB), WKB, pa.array(wkb, pa.binary()))
    return changed.set_column(names.index(FAULTS), FAULTS, pa.array(faults, pa.string()))


def _with(wkb: Sequence[bytes | None], changed: Iterable[tuple[int, bytes | None]]) -> list[bytes | None]:
    found = dict(changed)
    return [found.get(row, raw) for row, raw in enumerate(wkb)]


def _is_nest(wkb: bytes) -> bool:
    if curves.kind_of(wkb) != curves.COLLECTION:
        return False
    drawn = shapely.from_wkb(wkb, on_invalid="ignore")
    return drawn is not None and bool((shapely.get_type_id(shapely.get_parts(drawn)) == curves.COLLECTION).any())
