"""Everything that GDAL decodes: rows as Arrow batches, geometry in the order longitude or easting first."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio

from landgis.ingest.errors import FileError
from landgis.ingest.formats import BATCH_ROWS, FAULTS, ROW, WKB, Content, LayerOutline, Shape, kinds

# The bytes of a .dbf, or of MapInfo, pass unchanged: which text they are is decided by us.
BYTES = "ISO-8859-1"
AS_BYTES = (kinds.SHAPEFILE, kinds.MAPINFO)
OPTIONS: dict[str, dict[str, Any]] = {kinds.GML: {"DOWNLOAD_SCHEMA": "NO"}}
REASON = 300
MOST_LAYERS = 100
MOST_BESIDE = 65_536


class Vector:
    """A layer of a file that GDAL reads."""

    def __init__(self, path: Path, kind: str, name: str, layer: str | None):
        self.path, self.kind = path, kind
        self.encoding = BYTES if kind == kinds.SHAPEFILE else None
        try:
            layers = self._layers()
            self.layer = chosen(layers, layer, name)
            info = pyogrio.read_info(path, layer=self.layer, encoding=self.encoding, **OPTIONS.get(kind, {}))
        except FileError:
            raise
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, RuntimeError) as error:
            raise unreadable(kind, error) from error
        if info["driver"] != kind:
            raise FileError("format-false", driver=info["driver"])
        self.names = tuple(str(name) for name in info["fields"])
        self.content = Content(
            driver=kind,
            layer=name if self.layer == path.stem else self.layer,
            names=self.names,
            features=info["features"],
            has_geometry=info["geometry_type"] is not None,
            crs_text=info["crs"] or (_beside(path, ".prj") if kind == kinds.SHAPEFILE else None) or "",
            text_is_bytes=kind in AS_BYTES,
            said_encoding=_beside(path, ".cpg") if kind in AS_BYTES else None,
            layers=layers,
        )

    def _layers(self) -> tuple[LayerOutline, ...]:
        """What layers there are; counted and measured where one of several has to be chosen."""
        named = [(str(name), str(kind or "")) for name, kind in pyogrio.list_layers(self.path)]
        if not named:
            raise FileError("layer-none")
        if len(named) == 1:
            return (LayerOutline(*named[0]),)
        return tuple(self._outline(name, kind) for name, kind in named[:MOST_LAYERS])

    def outline(self) -> LayerOutline:
        """The layer that was chosen, counted and measured."""
        kind = next(one.geometry for one in self.content.layers if one.name == self.layer)
        return self._outline(self.layer, kind)

    def _outline(self, name: str, kind: str) -> LayerOutline:
        info = pyogrio.read_info(
            self.path,
            layer=name,
            encoding=self.encoding,
            force_feature_count=True,
            force_total_bounds=bool(kind),
            **OPTIONS.get(self.kind, {}),
        )
        bounds = [float(one) for one in (info["total_bounds"] if info["total_bounds"] is not None else ())]
        return LayerOutline(name, kind, int(info["features"]), tuple(bounds) if np.isfinite(bounds).all() else None)

    def batches(self, shape: Shape | None = None) -> Iterator[pa.RecordBatch]:
        before = 0
        try:
            with pyogrio.raw.open_arrow(
                self.path,
                layer=self.layer,
                encoding=self.encoding,
                batch_size=BATCH_ROWS,
                use_pyarrow=True,
                datetime_as_string=True,  # as times, those of a column with several zones, or of FlatGeobuf, lose them
                **OPTIONS.get(self.kind, {}),
            ) as (meta, reader):
                for given in reader:
                    yield self._in_our_form(given, meta["geometry_name"] or "wkb_geometry", before)
                    before += given.num_rows
        except (
            pyogrio.errors.DataSourceError,
            pyogrio.errors.FeatureError,
            RuntimeError,
            ValueError,
            OSError,
        ) as error:
            raise unreadable(self.kind, error) from error

    def _in_our_form(self, given: pa.RecordBatch, geometry_name: str, before: int) -> pa.RecordBatch:
        size = given.num_rows
        fields = [given.column(name) for name in self.names]
        extra = [name for name in given.schema.names if name not in self.names]
        name = geometry_name if geometry_name in extra else (extra[-1] if extra else None)
        wkb = given.column(name).cast(pa.binary()) if name else pa.nulls(size, pa.binary())
        rows = pa.array(np.arange(before + 1, before + size + 1))
        arrays = [*(plain(field) for field in fields), rows, wkb, pa.nulls(size, pa.string())]
        return pa.RecordBatch.from_arrays(arrays, names=[*self.names, ROW, WKB, FAULTS])


def plain(field: pa.Array) -> pa.Array:
    """A column without the extras of a format: dictionaries, extension types, long strings."""
    if isinstance(field, pa.ExtensionArray):
        field = field.storage
    if pa.types.is_dictionary(field.type):
        field = field.dictionary_decode()
    if pa.types.is_large_string(field.type):
        return field.cast(pa.string())
    return field


def unreadable(kind: str, error: Exception) -> FileError:
    return FileError("format-unreadable", driver=kind, reason=str(error)[:REASON])


def chosen(layers: Sequence[LayerOutline], wanted: str | None, name: str) -> str:
    """The layer that is wanted, the only one with boundaries, or the one that has most of them."""
    names = [one.name for one in layers]
    if wanted is None or (len(layers) == 1 and wanted == name):
        return max(layers, key=lambda one: (bool(one.geometry and one.rows), one.rows)).name
    if wanted not in names:
        raise FileError("layer-unknown", layer=wanted, layers=", ".join(names))
    return wanted


def _beside(path: Path, ending: str) -> str | None:
    """What the .cpg beside it says, or a .prj that GDAL does not understand, such as one of newer WKT."""
    beside = path.with_suffix(ending)
    if not beside.is_file():
        return None
    with beside.open("rb") as file:
        return file.read(MOST_BESIDE).decode("ascii", "replace").strip() or None
