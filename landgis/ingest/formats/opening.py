"""The one door to all formats: a path to the reader of what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from landgis.ingest.formats import (
    Conventions,
    LayerOutline,
    Opened,
    archives,
    drawings,
    kinds,
    mapinfo,
    parquet,
    spreadsheets,
    tables,
    vectors,
)

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
    parts: Mapping[str, Path], name: str, layer: str | None, folder: Path, conventions: Conventions
) -> Opened:
    """Open a file, known to people as `name`; what has to be unpacked goes to `folder`. Raises FileError.

    `parts` has the file under "", and the other parts of a Shapefile or of MapInfo by their endings.
    """
    path = parts[""]
    kind = kinds.kind_of(path)
    if kind == kinds.ZIP:
        found = archives.unpack(path, folder, name)
        return (
            _opened(found[0], layer, folder, conventions)
            if len(found) == 1
            else _one_of(found, layer, folder, conventions)
        )
    if kind in (kinds.SHAPEFILE, kinds.MAPINFO):
        path = _whole(path, ".shp" if kind == kinds.SHAPEFILE else mapinfo.ending_of(path), parts, name, folder)
    return _opened(archives.UnpackedFile(path, kind, name), layer, folder, conventions)


def _whole(path: Path, ending: str, parts: Mapping[str, Path], name: str, folder: Path) -> Path:
    """A file of several parts with the others beside it."""
    archives.must_be_whole(ending, parts, name)
    for other in archives.PARTS_OF[ending][1:]:
        if other in parts:
            _linked(parts[other], folder / f"data{other}")
    target = folder / f"data{ending}"
    return _linked(path, target) if ending == ".shp" else mapinfo.copied(path, target)


def _one_of(
    found: Sequence[archives.UnpackedFile], layer: str | None, folder: Path, conventions: Conventions
) -> Opened:
    """Of several maps and tables in a zip the one that is wanted, or the likeliest; each is a layer to choose from."""
    readers = {one.name: _opened(one, None, folder, conventions) for one in found}
    layers = tuple(replace(_outline(reader), name=name) for name, reader in readers.items())
    name = vectors.chosen(layers, layer, "")
    reader = readers[name]
    reader.content = replace(reader.content, layer=name, layers=layers)
    return reader


def _outline(reader: Opened) -> LayerOutline:
    if isinstance(reader, vectors.Vector):
        return reader.outline()
    return LayerOutline("", "Polygon" if isinstance(reader, drawings.Drawing) else "", reader.content.features)


def _opened(found: archives.UnpackedFile, layer: str | None, folder: Path, conventions: Conventions) -> Opened:
    path, kind = found.path, found.kind
    if kind in ENDINGS and not path.is_relative_to(folder):
        path = _linked(path, folder / f"data{ENDINGS[kind]}")
    if kind in kinds.DRAWINGS:
        return drawings.Drawing(path, kind, found.name, layer, conventions.legend)
    if kind == kinds.CSV:
        return tables.TextTable(path, kind, found.name, layer, conventions)
    if kind == kinds.XLSX:
        return spreadsheets.Spreadsheet(path, kind, found.name, layer, conventions)
    if kind == kinds.PARQUET:
        return parquet.GeoParquet(path, kind, found.name, layer)
    return vectors.Vector(path, kind, found.name, layer)


def _linked(path: Path, name: Path) -> Path:
    """The file under a name of our own."""
    if not name.exists():
        name.symlink_to(path.absolute())
    return name
