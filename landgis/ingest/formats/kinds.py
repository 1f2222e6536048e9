"""What a file is, by its first bytes; never by its name."""

import re
import zipfile
from pathlib import Path

from landgis.ingest.errors import FileError
from landgis.ingest.formats import foreign, tables

HEAD = 65_536
GPKG, FLATGEOBUF, SHAPEFILE, FILEGDB = "GPKG", "FlatGeobuf", "ESRI Shapefile", "OpenFileGDB"
GEOJSON, GEOJSON_LINES, ESRI_JSON, KML, GML = "GeoJSON", "GeoJSONSeq", "ESRIJSON", "LIBKML", "GML"
DXF, DGN = "DXF", "DGN"
MAPINFO = "MapInfo File"  # both its forms: TAB, and MIF for the exchange
CSV, XLSX, PARQUET, ZIP = "CSV", "XLSX", "Parquet", "ZIP"
VECTOR = {GPKG, FLATGEOBUF, SHAPEFILE, FILEGDB, GEOJSON, GEOJSON_LINES, ESRI_JSON, KML, GML, MAPINFO}
DRAWINGS = {DXF, DGN}

MAGIC = (
    (b"SQLite format 3\x00", GPKG),
    (b"fgb\x03", FLATGEOBUF),
    (b"\x00\x00\x27\x0a", SHAPEFILE),
    (b"PAR1", PARQUET),
    (b"AutoCAD Binary DXF", DXF),
)
DXF_START = re.compile(rb"(?:\s*999[^\r\n]*\r?\n[^\n]*\n)*\s*0\s*\r?\n\s*SECTION")
DGN_START = re.compile(rb"[\x08\xc8][\x05\x09]\xfe\x02", re.S)
ROOT = re.compile(rb"<(?!\?|!)\s*(?:([\w.-]+):)?([\w.-]+)")
TAB_START = re.compile(rb"\s*!table\b", re.I)
MIF_START = re.compile(rb"\s*version\s+\d+\s*\r?\n(?:.*\r?\n){0,20}?\s*columns\s+\d+", re.I)


def kind_of(path: Path) -> str:
    """The kind of a file; a zip is ZIP, and what is in it is told when it has been unpacked. Raises FileError."""
    with path.open("rb") as file:
        start = file.read(HEAD)
    if not start.removeprefix(tables.UTF8_BOM).strip(b"\x00\xff\xfe\r\n\t \x1a"):
        raise FileError("file-empty")
    for magic, kind in MAGIC:
        if start.startswith(magic):
            return kind
    if DGN_START.match(start):
        return DGN
    if code := foreign.code_of(start, path):
        raise FileError(code)
    if start.startswith(b"PK") or zipfile.is_zipfile(path):
        return ZIP
    text = start.removeprefix(tables.UTF8_BOM).lstrip()
    if text.startswith((b"{", b"\x1e{")):
        return _json(text)
    if text.startswith(b"<"):
        return _xml(text)
    if DXF_START.match(text):
        return DXF
    if TAB_START.match(text) or MIF_START.match(text):
        return MAPINFO
    if tables.looks_like_text_rows(start[:4096]):
        return CSV
    raise FileError("format-unknown")


def _json(text: bytes) -> str:
    if text.startswith(b"\x1e"):
        return GEOJSON_LINES
    if re.search(rb'"(geometryType"\s*:\s*"esri|rings"\s*:|spatialReference"\s*:)', text):
        return ESRI_JSON
    first, newline, rest = text.partition(b"\n")
    is_whole = first.rstrip().endswith(b"}") and first.count(b"{") == first.count(b"}")
    return GEOJSON_LINES if newline and is_whole and rest.lstrip().startswith(b"{") else GEOJSON


def _xml(text: bytes) -> str:
    """KML or GML by the root element. Nothing that brings its own entities is opened."""
    root = ROOT.search(text)
    name = root[2].lower() if root else b""
    if code := foreign.OF_XML.get(name.decode("ascii")):
        raise FileError(code)
    if re.search(rb"<!(DOCTYPE|ENTITY)", text, re.I):
        raise FileError("xml-entities")
    if name == b"kml":
        return KML
    if name == b"featurecollection" or b"opengis.net/gml" in text or b"www.opengis.net/wfs" in text:
        return GML
    raise FileError("xml-unknown")
