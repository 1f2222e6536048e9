"""Zip files: looked through before anything is unpacked, unpacked under names of our own, within limits."""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from landgis.ingest.errors import FileError
from landgis.ingest.formats import kinds

MAX_UNPACKED_BYTES = 2 * 2**30
MAX_RATIO = 200  # a Shapefile packs to a tenth at the best; more than this is a bomb
MAX_MEMBERS = 2000
CHUNK = 2**20
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
SINGLE = (".kml", ".gml", ".xml", ".geojson", ".json", ".gpkg", ".fgb", ".csv", ".dxf", ".dgn", ".parquet", ".geojsonl")
GDB_FILE = re.compile(
    r"(?:a[0-9a-f]{8}\.(?:gdbtable|gdbtablx|gdbindexes|spx|atx|freelist)|[\w]{1,40}\.atx|gdb|timestamps)"
)


def unpack(path: Path, folder: Path) -> tuple[Path, str, str]:
    """(file or folder in `folder`, its kind, its name in the zip) of the one thing a zip holds. Raises FileError."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _look_through(members)
            names = {member.filename.lower(): member for member in members}
            if "[content_types].xml" in names and any(name.startswith("xl/") for name in names):
                return path, kinds.XLSX, path.stem
            if any(".gdb/" in name for name in names):
                return _filegdb(archive, members, folder), kinds.FILEGDB, path.stem
            return _one_of(archive, members, folder)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise FileError("zip-damaged", reason=error) from error


def _look_through(members: Sequence[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_MEMBERS:
        raise FileError("zip-too-many", count=len(members), limit=MAX_MEMBERS)
    if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * max(packed, 1) + CHUNK:
        raise FileError("zip-too-large")
    if any(_leads_out(member.filename) for member in members):
        raise FileError("zip-leads-out")
    if any(member.flag_bits & 1 for member in members):
        raise FileError("zip-locked")
    names = [member.filename.lower() for member in members]
    if len(set(names)) < len(names):
        raise FileError("zip-name-twice")


def _leads_out(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return ".." in parts or name.startswith(("/", "\\")) or ":" in name or "\x00" in name


def _one_of(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], folder: Path) -> tuple[Path, str, str]:
    """The one Shapefile of a zip, or the one file of another kind."""
    shapes = [member for member in members if member.filename.lower().endswith(".shp") and not _is_hidden(member)]
    if shapes:
        if len(shapes) != 1:
            raise FileError("zip-shapefiles", count=len(shapes))
        return _shapefile(archive, members, shapes[0], folder)
    single = [one for one in members if one.filename.lower().endswith(SINGLE) and not _is_hidden(one)]
    # A KMZ may bring more; its first document is the one that counts.
    documents = [one for one in single if one.filename.lower().endswith(".kml")]
    single = documents[:1] or single
    if len(single) != 1:
        raise FileError("zip-shapefiles", count=0)
    inside = PurePosixPath(single[0].filename)
    target = folder / f"data{inside.suffix.lower()}"
    _extract(archive, single[0], target)
    kind = kinds.kind_of(target)
    if kind == kinds.ZIP:
        raise FileError("zip-nested")
    return target, kind, inside.stem


def _shapefile(
    archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], shape: zipfile.ZipInfo, folder: Path
) -> tuple[Path, str, str]:
    stem = shape.filename[:-4].lower()
    parts = {
        member.filename.lower()[len(stem) :]: member
        for member in members
        if member.filename.lower().startswith(stem + ".")
    }
    must_be_whole(parts)
    for ending in PARTS:
        if ending in parts:
            _extract(archive, parts[ending], folder / f"data{ending}")
    if kinds.kind_of(folder / "data.shp") != kinds.SHAPEFILE:
        raise FileError("shapefile-false")
    return folder / "data.shp", kinds.SHAPEFILE, PurePosixPath(shape.filename).stem


def must_be_whole(parts: Sequence[str] | dict[str, zipfile.ZipInfo]) -> None:
    missing = [part for part in (".shx", ".dbf") if part not in parts]
    if missing:
        raise FileError("shapefile-parts", parts=", ".join(missing))


def _filegdb(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], folder: Path) -> Path:
    tops = {
        member.filename[: member.filename.lower().index(".gdb/") + 4]
        for member in members
        if ".gdb/" in member.filename.lower()
    }
    if len(tops) != 1:
        raise FileError("zip-geodatabases", count=len(tops))
    top = tops.pop() + "/"
    target = folder / "data.gdb"
    target.mkdir()
    for member in members:
        name = member.filename.removeprefix(top)
        if member.filename.startswith(top) and GDB_FILE.fullmatch(name):
            _extract(archive, member, target / name)
    return target


def _is_hidden(member: zipfile.ZipInfo) -> bool:
    """What macOS puts beside every file."""
    name = PurePosixPath(member.filename)
    return "__MACOSX" in name.parts or name.name.startswith("._")


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Unpack one member, however large it says it is, up to the limit."""
    written = 0
    with archive.open(member) as packed, target.open("wb") as file:
        while chunk := packed.read(CHUNK):
            written += len(chunk)
            if written > min(MAX_UNPACKED_BYTES, member.file_size + CHUNK):
                raise FileError("zip-too-large")
            file.write(chunk)
