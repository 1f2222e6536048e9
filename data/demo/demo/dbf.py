"""dBASE III tables byte by byte: what an old program wrote, with the text in whatever encoding it had."""

import struct
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas
import pandas
import pyogrio


def write_dbf(path: Path, columns: dict[str, tuple[str, int]], table: pandas.DataFrame, encode: Callable[[str], bytes]):
    """Write `columns` of `table`: name -> (type, width), type C text, N number with one decimal, D date.

    The header has no language byte (0): nothing in the file tells the encoding.
    Raises ValueError where a value does not fit its column.
    """
    fields = b"".join(
        struct.pack("<11sc4xBB14x", name.encode("ascii"), kind.encode(), width, 1 if kind == "N" else 0)
        for name, (kind, width) in columns.items()
    )
    length = 1 + sum(width for _, width in columns.values())
    head = struct.pack("<4BIHH20x", 3, 121, 10, 15, len(table), 32 + len(fields) + 1, length)
    cells = [[_cell(name, *columns[name], value, encode) for value in table[name]] for name in columns]
    rows = b"".join(b" " + b"".join(row) for row in zip(*cells, strict=True))
    path.write_bytes(head + fields + b"\r" + rows + b"\x1a")


def write_shapefile(
    path: Path, layer: str, table: geopandas.GeoDataFrame, columns: dict[str, tuple[str, int]], encode
) -> None:
    """A table as a zipped Shapefile without .prj and .cpg; the same table gives the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        shape = Path(folder) / f"{layer}.shp"
        pyogrio.write_dataframe(geopandas.GeoDataFrame(geometry=table.geometry.values), shape)
        write_dbf(shape.with_suffix(".dbf"), columns, table, encode)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for suffix in (".shp", ".shx", ".dbf"):
                entry = zipfile.ZipInfo(layer + suffix, (2021, 10, 15, 8, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, shape.with_suffix(suffix).read_bytes())


def _cell(name: str, kind: str, width: int, value, encode) -> bytes:
    if kind == "D":
        return value.strftime("%Y%m%d").encode() if isinstance(value, date) else b" " * 8
    raw = f"{value:.1f}".encode().rjust(width) if kind == "N" else encode(value).ljust(width)
    if len(raw) > width:
        raise ValueError(f"{name}: {value!r} does not fit in {width} bytes")
    return raw
