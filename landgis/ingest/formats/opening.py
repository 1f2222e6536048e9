"""The one door to all formats: a path to the reader of what it is."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from landgis.ingest.formats import Opened, archives, drawings, parquet, recognise, spreadsheets, tables, vectors

# GDAL and openpyxl look at the ending too.
ENDINGS = {
    recognise.GPKG: ".gpkg",
    recognise.FLATGEOBUF: ".fgb",
    recognise.SHAPEFILE: ".shp",
    recognise.GEOJSON: ".geojson",
    recognise.GEOJSON_LINES: ".geojsonl",
    recognise.ESRI_JSON: ".json",
    recognise.KML: ".kml",
    recognise.GML: ".gml",
    recognise.DXF: ".dxf",
    recognise.DGN: ".dgn",
    recognise.XLSX: ".xlsx",
}


def open_content(
    parts: Mapping[str, Path], name: str, layer: str | None, folder: Path, levels: Mapping[str, Sequence[int]]
) -> Opened:
    """Open a file, known to people as `name`; what has to be unpacked goes to `folder`. Raises FileError.

    `parts` has the file under "", and the other parts of a Shapefile by their endings. `levels` says what the levels
    of a drawing hold; see `drawings`.
    """
    path = parts[""]
    kind = recognise.recognise(path)
    if kind == recognise.ZIP:
        path, kind, name = archives.unpack(path, folder)
    if kind in ENDINGS and path.parent != folder:
        path = _linked(path, folder / f"data{ENDINGS[kind]}")
    if kind == recognise.SHAPEFILE and path.parent == folder:
        others = {ending: other for ending, other in parts.items() if ending in archives.PARTS[1:]}
        for ending, other in others.items():
            _linked(other, folder / f"data{ending}")
        archives.must_be_whole([part.suffix for part in folder.iterdir()])
    if kind in recognise.DRAWINGS:
        return drawings.Drawing(path, kind, name, layer, levels)
    readers: dict[str, Any] = {
        recognise.CSV: tables.TextTable,
        recognise.XLSX: spreadsheets.Spreadsheet,
        recognise.PARQUET: parquet.GeoParquet,
    }
    return readers.get(kind, vectors.Vector)(path, kind, name, layer)


def _linked(path: Path, name: Path) -> Path:
    """The file under a name of our own."""
    if not name.exists():
        name.symlink_to(path.absolute())
    return name
