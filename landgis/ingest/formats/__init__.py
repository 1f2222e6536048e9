"""What each format looks like inside: readers that know no dataset, no database and no language.

A reader gives the rows of a file as Arrow batches. The columns of the file come first, in the order of the
headings; three of ours follow:

- `landgis:row` the number of the row in the file, from 1 (of the first of several rows that make one feature);
- `landgis:wkb` the geometry in the coordinates of the file, or null;
- `landgis:faults` what was wrong already in reading, as JSON text `[[code, params], ...]`, or null.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

ROW, WKB, FAULTS = "landgis:row", "landgis:wkb", "landgis:faults"
BATCH_ROWS = 20_000

Fault = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Shape:
    """Which columns of a table hold its geometry.

    kind "wkt": one column of WKT or hexadecimal WKB. Kind "points": two columns, east (or longitude) first.
    Rows of points that follow each other with the same `identity` are the corners of one boundary.
    """

    kind: str
    columns: tuple[str, ...]
    identity: tuple[str, ...] = ()


def batch(
    names: Sequence[str],
    columns: Sequence[Any],
    rows: Sequence[int],
    wkb: Sequence[bytes | None],
    faults: Sequence[Sequence[Fault]],
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
