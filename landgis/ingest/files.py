"""What a file is, told by its content, and its rows as Arrow batches (see `formats` for their form).

GDAL decodes, we interpret. A file is opened only when its first bytes say that it is what it claims:
the text of a redirecting format renamed to .shp never reaches GDAL.
"""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
from django.utils.translation import gettext_noop as _
from pyproj import CRS
from pyproj.exceptions import CRSError

from landgis.ingest.errors import FileError
from landgis.ingest.formats import BATCH_ROWS, FAULTS, ROW, WKB, Shape, tables
from landgis.lib import text

MAX_UNPACKED_BYTES = 8 * 2**30
MAX_RATIO = 200  # a Shapefile packs to a tenth at the best; more than this is a bomb
SAMPLE_ROWS = 2000


@dataclass(frozen=True)
class Source:
    """An opened file: where GDAL finds it, and what it says of itself."""

    path: Path
    gdal_path: str
    driver: str
    layer: str
    field_names: tuple[str, ...]
    geometry_kind: str | None
    features: int
    srid: int | None
    crs_text: str
    sha256: str
    table: tables.Table | None = None
    sample: pa.RecordBatch | None = None
    raw_names: tuple[str, ...] = ()
    said_encoding: str | None = None

    @property
    def text_is_bytes(self) -> bool:
        """Whether the format leaves the encoding of its text open, as .dbf and CSV do."""
        return self.table.text_is_bytes if self.table else self.driver == "ESRI Shapefile"

    def in_encoding(self, encoding: str) -> "Source":
        """The same with its headings as text of that encoding; one that is none stays as it is."""
        if not self.text_is_bytes:
            return self
        return replace(self, field_names=tuple(_heading(name, encoding) for name in self.raw_names))


def open_file(path: Path, layer: str | None = None) -> Source:
    """Look at a GeoPackage, GeoJSON, FlatGeobuf, zipped Shapefile or CSV. Raises FileError."""
    if not path.is_file():
        raise FileError(_("There is no file %(path)s."), path=path)
    gdal_path, driver = _recognise(path)
    if driver == "CSV":
        return _open_table(path)
    try:
        layers = [str(name) for name in pyogrio.list_layers(gdal_path)[:, 0]]
        if layer is None and len(layers) > 1:
            raise FileError(
                _("The file has several layers; say which with --layer: %(layers)s."), layers=", ".join(layers)
            )
        if layer is not None and layer not in layers:
            raise FileError(
                _("There is no layer “%(layer)s”; the file has: %(layers)s."), layer=layer, layers=", ".join(layers)
            )
        info = pyogrio.read_info(
            gdal_path, layer=layer or layers[0], encoding="ISO-8859-1" if driver == "ESRI Shapefile" else None
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, IndexError) as error:
        raise FileError(_("The file cannot be read as %(driver)s: %(reason)s"), driver=driver, reason=error) from error
    if info["driver"] != driver:
        raise FileError(_("The file is not what its first bytes say (%(driver)s)."), driver=info["driver"])
    source = Source(
        path=path,
        gdal_path=gdal_path,
        driver=driver,
        layer=layer or layers[0],
        field_names=tuple(str(name) for name in info["fields"]),
        raw_names=tuple(str(name) for name in info["fields"]),
        geometry_kind=info["geometry_type"],
        features=info["features"],
        srid=_srid(info["crs"]),
        crs_text=info["crs"] or "",
        sha256=_sha256(path),
        said_encoding=_said_encoding(path, gdal_path) if driver == "ESRI Shapefile" else None,
    )
    return replace(source, sample=_sample(source))


@contextmanager
def batches(source: Source, shape: Shape | None = None) -> Iterator[Iterator[pa.RecordBatch]]:
    """The rows in Arrow batches; `shape` says where the geometry of a table is."""
    if source.table is not None:
        yield tables.batches(source.field_names, tables.rows(source.table), shape)
        return
    with pyogrio.raw.open_arrow(
        source.gdal_path,
        layer=source.layer,
        # The bytes of a .dbf pass unchanged: which text they are is decided by us.
        encoding="ISO-8859-1" if source.text_is_bytes else None,
        batch_size=BATCH_ROWS,
        use_pyarrow=True,
    ) as (_meta, reader):
        yield _in_our_form(source, reader)


def _in_our_form(source: Source, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    before = 0
    for given in reader:
        size = given.num_rows
        fields = [given.column(name) for name in source.raw_names]
        extra = [name for name in given.schema.names if name not in source.raw_names]
        wkb = given.column(extra[-1]) if extra else pa.nulls(size, pa.binary())
        rows = pa.array(np.arange(before + 1, before + size + 1))
        arrays = [*fields, rows, wkb, pa.nulls(size, pa.string())]
        yield pa.RecordBatch.from_arrays(arrays, names=[*source.field_names, ROW, WKB, FAULTS])
        before += size


def _open_table(path: Path) -> Source:
    table = tables.open_table(path)
    source = Source(
        path=path,
        gdal_path="",
        driver="CSV",
        layer=path.stem,
        field_names=table.headings,
        raw_names=table.headings,
        geometry_kind=None,
        features=tables.count(table),
        srid=None,
        crs_text="",
        sha256=_sha256(path),
        table=table,
    )
    return replace(source, sample=_sample(source))


def _sample(source: Source) -> pa.RecordBatch | None:
    with batches(source) as stream:
        first = next(stream, None)
    return None if first is None else first.slice(0, SAMPLE_ROWS)


def _recognise(path: Path) -> tuple[str, str]:
    """(path for GDAL, name of its driver) by the first bytes."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"SQLite format 3\x00"):
        return str(path), "GPKG"
    if start.startswith(b"fgb\x03"):
        return str(path), "FlatGeobuf"
    if zipfile.is_zipfile(path):
        return _shapefile_in(path), "ESRI Shapefile"
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return str(path), "GeoJSON"
    if tables.looks_like_text_rows(start):
        return str(path), "CSV"
    raise FileError(
        _(
            "This is no GeoPackage, GeoJSON, FlatGeobuf, zipped Shapefile or CSV. "
            "Export it from your program as one of these."
        )
    )


def _shapefile_in(path: Path) -> str:
    """The GDAL path of the one Shapefile in a zip, after a look at what the zip holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            packed = sum(member.compress_size for member in members)
            shapes = [member for member in members if member.filename.lower().endswith(".shp")]
            names = {member.filename.lower() for member in members}
            if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * max(packed, 1):
                raise FileError(_("The zip would unpack to an unreasonable size."))
            if len(shapes) != 1:
                raise FileError(_("The zip must hold exactly one .shp file; it holds %(count)s."), count=len(shapes))
            stem = shapes[0].filename[:-4]
            missing = [part for part in (".shx", ".dbf") if stem.lower() + part not in names]
            if missing:
                raise FileError(_("The Shapefile in the zip lacks: %(parts)s."), parts=", ".join(missing))
            if ".." in stem or stem.startswith(("/", "\\")):
                raise FileError(_("The zip holds names that lead out of it."))
            with archive.open(shapes[0]) as shape:
                if shape.read(4) != b"\x00\x00\x27\x0a":
                    raise FileError(_("The .shp in the zip is no Shapefile."))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise FileError(_("The zip is damaged or locked: %(reason)s"), reason=error) from error
    return f"/vsizip/{{{path.absolute()}}}/{shapes[0].filename}"


def _said_encoding(path: Path, gdal_path: str) -> str | None:
    """What the .cpg beside the Shapefile in a zip says."""
    stem = gdal_path.rpartition("}/")[2][:-4].lower()
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.filename.lower() == stem + ".cpg":
                with archive.open(member) as file:
                    return file.read(64).decode("ascii", "replace").strip() or None
    return None


def _heading(raw: str, encoding: str) -> str:
    try:
        return text.decode(raw.encode("iso-8859-1"), encoding)
    except UnicodeError:
        return raw


def _srid(crs: str | None) -> int | None:
    """The EPSG number of what a file says, or None when it says nothing that EPSG knows."""
    if not crs:
        return None
    try:
        return CRS.from_user_input(crs).to_epsg(min_confidence=70)
    except CRSError:
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
