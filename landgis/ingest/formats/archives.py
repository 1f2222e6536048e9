"""Zip files: looked through before anything is unpacked, unpacked under names of our own, within limits."""

import re
import zipfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from landgis.ingest.errors import FileError
from landgis.ingest.formats import foreign, kinds, mapinfo

MAX_UNPACKED_BYTES = 2 * 2**30
MAX_RATIO = 200  # a Shapefile packs to a tenth at the best; more than this is a bomb
MAX_MEMBERS = 2000
CHUNK = 2**20
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
PARTS_OF = {".shp": SHAPEFILE_PARTS, ".tab": mapinfo.TAB_PARTS, ".mif": mapinfo.MIF_PARTS}
SINGLE = (".kml", ".gml", ".geojson", ".gpkg", ".fgb", ".dxf", ".dgn", ".parquet", ".geojsonl", ".xlsx")
DOUBTFUL = (".csv", ".json", ".xml", ".txt")  # beside a map they only describe it
MOST_LOOKED_AT = 20
GDB_FILE = re.compile(
    r"(?:a[0-9a-f]{8}\.(?:gdbtable|gdbtablx|gdbindexes|spx|atx|freelist)|[\w]{1,40}\.atx|gdb|timestamps)"
)


@dataclass(frozen=True)
class UnpackedFile:
    """One of the things that a zip holds, unpacked: the file or folder, its kind, and its name in the zip."""

    path: Path
    kind: str
    name: str


@dataclass(frozen=True)
class _Thing:
    """Members of a zip that make one thing, by their endings; `ending` is that of the one which counts."""

    name: str
    ending: str
    members: Mapping[str, zipfile.ZipInfo]


def unpack(path: Path, folder: Path, name: str) -> list[UnpackedFile]:
    """Everything readable that a zip holds, which people know as `name`; each goes to a folder of its own in `folder`.

    Raises FileError, also when it holds nothing that is read here.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _look_through(members)
            if _is_workbook(members):
                return [UnpackedFile(path, kinds.XLSX, name)]
            if code := foreign.code_of_zip(archive.namelist(), _mimetype(archive, members)):
                raise FileError(code)
            if any(".gdb/" in member.filename.lower() for member in members):
                return [UnpackedFile(_filegdb(archive, members, folder), kinds.FILEGDB, name)]
            things = _things([member for member in members if not _is_hidden(member)])
            if not things:
                raise FileError(_nothing(archive, members))
            return [_unpacked(archive, thing, folder, number) for number, thing in enumerate(things)]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise FileError("zip-damaged", reason=error) from error


def _is_workbook(members: Sequence[zipfile.ZipInfo]) -> bool:
    names = {member.filename.lower() for member in members}
    return "[content_types].xml" in names and "xl/workbook.xml" in names


def _mimetype(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]) -> bytes:
    return (
        archive.read("mimetype") if any(one.filename == "mimetype" and one.file_size < 200 for one in members) else b""
    )


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


def _things(members: Sequence[zipfile.ZipInfo]) -> list[_Thing]:
    """What the members make together: those of several parts first, then single files; a name that is there twice is
    the path in the zip.
    """
    by_stem: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for member in members:
        stem, dot, ending = member.filename.rpartition(".")
        by_stem.setdefault(stem.lower(), {})[(dot + ending).lower()] = member
    found = [(ending, parts) for parts in by_stem.values() for ending in (*PARTS_OF, *SINGLE) if ending in parts]
    if any(PurePosixPath(parts[ending].filename).name.lower() == "doc.kml" for ending, parts in found):
        found = [one for one in found if PurePosixPath(one[1][one[0]].filename).name.lower() == "doc.kml"][:1]
    found = found or [(ending, parts) for parts in by_stem.values() for ending in DOUBTFUL if ending in parts]
    names = Counter(PurePosixPath(parts[ending].filename).stem for ending, parts in found)
    return [_Thing(_name(parts[ending].filename, names), ending, parts) for ending, parts in found]


def _name(path: str, names: Mapping[str, int]) -> str:
    stem = PurePosixPath(path).stem
    return stem if names[stem] == 1 else path


def _unpacked(archive: zipfile.ZipFile, thing: _Thing, folder: Path, number: int) -> UnpackedFile:
    place = folder / f"part-{number}"
    place.mkdir()
    target = place / f"data{thing.ending}"
    wanted = PARTS_OF.get(thing.ending, (thing.ending,))
    if thing.ending in PARTS_OF:
        must_be_whole(thing.ending, list(thing.members), thing.name)
    for ending in wanted:
        if ending in thing.members:
            _extract(archive, thing.members[ending], place / f"data{ending}")
    kind = kinds.kind_of(target)
    if thing.ending == ".shp" and kind != kinds.SHAPEFILE:
        raise FileError("shapefile-false")
    if kind == kinds.ZIP:
        with zipfile.ZipFile(target) as inner:
            _look_through(inner.infolist())
            if not _is_workbook(inner.infolist()):
                raise FileError("zip-nested")
        kind = kinds.XLSX
    if kind == kinds.MAPINFO:
        raw = target.rename(place / "head")
        mapinfo.copied(raw, target)
    return UnpackedFile(target, kind, thing.name)


def must_be_whole(ending: str, given: Collection[str], name: str = "") -> None:
    """Raises FileError unless all the parts are there without which one of that ending cannot be read."""
    needed = (".shx", ".dbf") if ending == ".shp" else mapinfo.needed(ending)
    if missing := [part for part in needed if part not in given]:
        raise FileError("shapefile-parts", name=name + ending, parts=", ".join(missing))


def _nothing(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]) -> str:
    """The error of a zip without anything that is read: what its files are, where they are all known as one thing."""
    starts = [archive.open(member).read(600) for member in members[:MOST_LOOKED_AT] if not _is_hidden(member)]
    codes = {"zip-nested" if start.startswith(b"PK") else foreign.code_of(start) for start in starts}
    known = codes - {None}
    return str(known.pop()) if len(known) == 1 else "zip-nothing"


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
