"""What kinds of files documents may be: told by their content, whatever they are called."""

import zipfile
from pathlib import Path

PDF, PNG, JPEG, WEBP, TIFF, DOCX, XLSX, ODT = "pdf", "png", "jpg", "webp", "tif", "docx", "xlsx", "odt"
MEDIA_TYPES = {
    PDF: "application/pdf",
    PNG: "image/png",
    JPEG: "image/jpeg",
    WEBP: "image/webp",
    TIFF: "image/tiff",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ODT: "application/vnd.oasis.opendocument.text",
}
OF_OFFICE = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
HEAD = 1024  # bytes; readers look for the sign of a PDF that far


def kind_of(path: Path) -> str | None:
    """The ending of the kind; None of a file that is none of these, is damaged, or holds programs."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if b"%PDF-" in head:
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith((b"II*\0", b"MM\0*")):
        return TIFF
    return _packed(path) if head.startswith(b"PK") else None


def _packed(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if any(
                name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names
            ):
                return None
            if (
                names[:1] == ["mimetype"]
                and archive.read("mimetype")[:60].decode("ascii", "replace") == MEDIA_TYPES[ODT]
            ):
                return ODT
            return next((kind for name, kind in OF_OFFICE.items() if name in names), None)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return None
