"""What is known and not read here is called by its name, with the remedy."""

import io
import zipfile
from pathlib import Path

import pytest

from landgis.ingest.errors import FileError
from landgis.ingest.formats import archives, kinds

OLE = b"\xd0\xcf\x11\xe0" + b"\x00" * 600


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


FILES = {
    "nothing": (b"", "file-empty"),
    "blanks": (b"\xef\xbb\xbf\r\n  \n", "file-empty"),
    "wide blanks": ("\ufeff\r\n".encode("utf-16-le"), "file-empty"),
    "zeros": (b"\x00" * 4096, "file-empty"),
    "rar": (b"Rar!\x1a\x07\x01\x00", "format-archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "format-archive"),
    "gz": (b"\x1f\x8b\x08\x00", "format-archive"),
    "tar": (b"a.shp".ljust(257, b"\x00") + b"ustar\x0000", "format-archive"),
    "dwg": (b"AC1032\x00\x00", "format-dwg"),
    "pdf": (b"%PDF-1.7\n", "format-pdf"),
    "png": (b"\x89PNG\r\n\x1a\n", "format-image"),
    "jpeg": (b"\xff\xd8\xff\xe0", "format-image"),
    "tiff": (b"II*\x00\x08\x00", "format-image"),
    "rtf": (b"{\\rtf1 text", "format-document"),
    "mdb": (b"\x00\x01\x00\x00Standard Jet DB\x00", "format-database"),
    "html": (b"<!DOCTYPE html><html><body>Login</body></html>", "format-html"),
    "xls of html": (b"<html><table><tr>", "format-html"),
    "xls": (OLE + "Workbook".encode("utf-16-le"), "format-spreadsheet"),
    "doc": (OLE + "WordDocument".encode("utf-16-le"), "format-document"),
    "locked xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), "workbook-locked"),
    "dgn 8": (OLE + "Dgn~H".encode("utf-16-le"), "format-old"),
}
ZIPS = {
    "docx": ({"word/document.xml": b"<w/>"}, "format-document"),
    "ods": ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "format-spreadsheet"),
    "odt": ({"mimetype": b"application/vnd.oasis.opendocument.text"}, "format-document"),
    "xlsb": ({"xl/workbook.bin": b"x"}, "format-spreadsheet"),
    "qgz": ({"khu.qgs": b"<qgis/>"}, "format-project"),
    "drawings": ({"a.dwg": b"AC1032", "b.dwg": b"AC1027"}, "format-dwg"),
    "a zip": ({"a.zip": packed({"a.csv": b"a,b"})}, "zip-nested"),
    "this and that": ({"a.dwg": b"AC1032", "b.pdf": b"%PDF"}, "zip-nothing"),
    "nothing": ({}, "zip-nothing"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_foreign_file_is_known(tmp_path: Path, name: str) -> None:
    content, code = FILES[name]
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(FileError) as refused:
        kinds.kind_of(tmp_path / "a")
    assert refused.value.code == code


@pytest.mark.parametrize("name", ZIPS)
def test_a_foreign_zip_is_known(tmp_path: Path, name: str) -> None:
    members, code = ZIPS[name]
    (tmp_path / "a").write_bytes(packed(members))
    assert kinds.kind_of(tmp_path / "a") == kinds.ZIP
    with pytest.raises(FileError) as refused:
        archives.unpack(tmp_path / "a", tmp_path, "a")
    assert refused.value.code == code
