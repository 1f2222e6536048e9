"""Files that offices send and that are not read here, by what is in them: each has an error with its own remedy."""

import re
from collections.abc import Iterable
from pathlib import Path

OLE = b"\xd0\xcf\x11\xe0"
MOST_OF_OLE = 64 * 2**20
_BY_START = (
    (rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x1f\x8b|BZh[1-9]|\xfd7zXZ\x00|\x28\xb5\x2f\xfd|.{257}ustar", "format-archive"),
    (rb"AC10\d\d|AC1\.\d|AC2\.\d", "format-dwg"),
    (rb"\s*%PDF|%!PS", "format-pdf"),
    (
        rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{12}[\x0c\x28\x40\x6c\x7c]\x00|RIFF.{4}WEBP|.{4}ftyp(?:heic|mif1|avif)",
        "format-image",
    ),
    (rb"II[\x2a\x2b]\x00|MM\x00[\x2a\x2b]|\xff\x4f\xff\x51|\x00\x00\x00\x0cjP", "format-image"),
    (rb"\x00\x01\x00\x00Standard (?:Jet|ACE) DB", "format-database"),
    (rb"\{\\rtf", "format-document"),
)
BY_START = tuple((re.compile(form, re.S), code) for form, code in _BY_START)
# What Microsoft's older container holds, by the names of its streams; without any it is a DGN of version 8.
BY_STREAM = {
    "EncryptedPackage": "workbook-locked",
    "WordDocument": "format-document",
    "PowerPoint Document": "format-document",
    "Workbook": "format-spreadsheet",
    "Book": "format-spreadsheet",
}
OF_XML = {
    "html": "format-html",
    "workbook": "format-spreadsheet",
    "qgis": "format-project",
    "svg": "format-image",
    "worddocument": "format-document",
}
# What is a zip itself, by the names in it.
BY_MEMBER = (
    (re.compile(r"word/document\d*\.xml|ppt/presentation\.xml"), "format-document"),
    (re.compile(r"xl/workbook\.bin"), "format-spreadsheet"),
    (re.compile(r"[^/]+\.qgs"), "format-project"),
)
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."


def code_of(start: bytes, path: Path | None = None) -> str | None:
    """The error of a file that begins so; None where it may be one that is read."""
    if start.startswith(OLE):
        return _of_ole(path) if path else "format-old"
    return next((code for form, code in BY_START if form.match(start)), None)


def code_of_zip(names: Iterable[str], mimetype: bytes) -> str | None:
    """The error of a zip that is a document itself; None of one that only packs files."""
    if mimetype.startswith(OPEN_DOCUMENT):
        is_sheet = mimetype.startswith(OPEN_DOCUMENT + b"spreadsheet")
        return "format-spreadsheet" if is_sheet else "format-document"
    return next((code for name in names for form, code in BY_MEMBER if form.fullmatch(name)), None)


def _of_ole(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(MOST_OF_OLE)
    return next((code for name, code in BY_STREAM.items() if name.encode("utf-16-le") in content), "format-old")
