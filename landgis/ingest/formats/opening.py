"""The one door to all formats: a path to the reader of what it is."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from landgis.ingest.formats import Opened, archives, drawings, kinds, parquet, spreadsheets, tables, vectors

# GDAL and openpyxl look at the ending too.
ENDINGS = {
    kinds.GPKG: ".gpkg",
    kinds.FLATGEOBUF: ".fgb",
    kinds.SHAPEFILE: ".shp",
    kinds.GEOJSON: ".geojson",
    kinds.GEOJSON_LINES: ".geojsonl",
    kinds.ESRI_JSON: ".json",
    kinds.KML: ".kml",
    kinds.GML: ".gml",
    kinds.DXF: ".dxf",
    kinds.DGN: ".dgn",
    kinds.XLSX: ".xlsx",
}


def open_content(
    parts: Mapping[str, Path], name: str, layer: str | None, folder: Path, levels: Mapping[str, Sequence[int]]
) -> Opened:
    """Open a file, known to people as `name`; what has to be unpacked goes to `folder`. Raises FileError.

    `parts` has the file under "", and the other parts of a Shapefile by their endings. `levels` says what the levels
    of a drawing hold; see `drawings`.
    """
    path = parts[""]
    kind = kinds.kind_of(path)
    if kind == kinds.ZIP:
        path, kind, name = archives.unpack(path, folder)
    if kind in ENDINGS and path.parent != folder:
        path = _linked(path, folder / f"data{ENDINGS[kind]}")
    if kind == kinds.SHAPEFILE and path.parent == folder:
        others = {ending: other for ending, other in parts.items() if ending in archives.PARTS[1:]}
        for ending, other in others.items():
            _linked(other, folder / f"data{ending}")
        archives.must_be_whole([part.suffix for part in folder.iterdir()])
    if kind in kinds.DRAWINGS:
        return drawings.Drawing(path, kind, name, layer, levels)
    readers: dict[str, Any] = {
        kinds.CSV: tables.TextTable,
        kinds.XLSX: spreadsheets.Spreadsheet,
        kinds.PARQUET: parquet.GeoParquet,
    }
    return readers.get(kind, vectors.Vector)(path, kind, name, layer)


def _linked(path: Path, name: Path) -> Path:
    """The file under a name of our own."""
    if not name.exists():
        name.symlink_to(path.absolute())
    return name
