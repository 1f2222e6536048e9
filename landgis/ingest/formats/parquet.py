"""GeoParquet, read by pyarrow: the GDAL of the wheels has no driver for it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from landgis.ingest.errors import FileError
from landgis.ingest.formats import BATCH_ROWS, FAULTS, ROW, WKB, Content, Shape
from landgis.ingest.formats.vectors import plain, unreadable


class GeoParquet:
    """A GeoParquet file with one geometry column in WKB."""

    def __init__(self, path: Path, kind: str, name: str, layer: str | None):
        self.path, self.kind = path, kind
        try:
            with pq.ParquetFile(path) as file:
                schema, rows = file.schema_arrow, file.metadata.num_rows
            said = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
            self.geometry = said.get("primary_column")
            about: dict[str, Any] = said.get("columns", {}).get(self.geometry, {}) if self.geometry else {}
        except (pa.ArrowException, OSError, ValueError, AttributeError) as error:
            raise unreadable(kind, error) from error
        if self.geometry not in schema.names or about.get("encoding") != "WKB":
            raise FileError("parquet-geometry")
        nested = [field.name for field in schema if pa.types.is_nested(field.type)]
        self.names = tuple(name for name in schema.names if name != self.geometry and name not in nested)
        self.content = Content(
            driver=kind,
            layer=name,
            names=self.names,
            features=rows,
            crs_text=_crs(about.get("crs", "OGC:CRS84")),
        )

    def batches(self, shape: Shape | None = None) -> Iterator[pa.RecordBatch]:
        before = 0
        try:
            with pq.ParquetFile(self.path) as file:
                for given in file.iter_batches(BATCH_ROWS, columns=[*self.names, self.geometry]):
                    size = given.num_rows
                    rows = pa.array(np.arange(before + 1, before + size + 1))
                    wkb = plain(given.column(self.geometry)).cast(pa.binary())
                    arrays = [
                        *(plain(given.column(name)) for name in self.names),
                        rows,
                        wkb,
                        pa.nulls(size, pa.string()),
                    ]
                    yield pa.RecordBatch.from_arrays(arrays, names=[*self.names, ROW, WKB, FAULTS])
                    before += size
        except (pa.ArrowException, OSError) as error:
            raise unreadable(self.kind, error) from error


def _crs(said: Any) -> str:
    """WKT of what the file says; nothing when it says that it does not know."""
    if said is None:
        return ""
    from pyproj import CRS  # as in `worker`: most files need none
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(said).to_wkt()
    except CRSError:
        return ""
