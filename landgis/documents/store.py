"""The files of documents: kept under their checksum in the file store, written once and never changed.

Rows name a file by its SHA-256 and the ending of its kind, `<64 hexadecimal digits>.pdf`, and nothing else of it.
"""

import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from landgis.documents.kinds import MEDIA_TYPES, kind_of
from landgis.lib import files
from landgis.lib.files import HandedFile

FOLDER = "documents"
MOST_BYTES = 20 * 10**6
NAME = re.compile(rf"[0-9a-f]{{64}}\.(?:{'|'.join(MEDIA_TYPES)})")


class Refused(Exception):
    """The file is none that is kept as a document; the text says why and what to do, in the language that is active."""


def path_of(name: str) -> Path:
    """Where the file of that name is kept, if it is."""
    return Path(settings.MEDIA_ROOT) / FOLDER / name[:2] / name


def is_kept(name: str) -> bool:
    return NAME.fullmatch(name) is not None and path_of(name).is_file()


def keep(path: Path) -> str:
    """Keep a file of this machine; the name by which rows name it. Raises Refused."""
    with path.open("rb") as file:
        return _kept(path.name, iter(lambda: file.read(2**20), b""))


def keep_handed(file: HandedFile) -> str:
    """Keep what a browser sent; the same."""
    return _kept(Path(str(file.name)).name, file.chunks())


def kind_of_handed(file: HandedFile) -> str | None:
    """The kind of what a browser sent, by its content, as `kinds.kind_of`."""
    with tempfile.NamedTemporaryFile() as part:
        for chunk in file.chunks():
            part.write(chunk)
        part.flush()
        return kind_of(Path(part.name))


def told(name: str) -> str:
    """Kind and size of a file that is kept, such as "PDF, 120 KB"; empty of one that is not."""
    path = path_of(name)
    if not is_kept(name):
        return ""
    return f"{path.suffix[1:].upper()}, {filesizeformat(path.stat().st_size)}"


def _kept(called: str, chunks: Iterable[bytes]) -> str:
    root = Path(settings.MEDIA_ROOT) / FOLDER
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix="part-") as folder:
        part = Path(folder) / "file"
        written = 0
        with part.open("wb") as file:
            for chunk in chunks:
                written += len(chunk)
                if written > MOST_BYTES:
                    raise Refused(_too_large(called))
                file.write(chunk)
        kind = kind_of(part)
        if kind is None:
            raise Refused(_no_document(called))
        name = f"{files.sha256_of(part)}.{kind}"
        files.put(part, path_of(name))
    return name


def _too_large(called: str) -> str:
    said = {"file": called, "most": MOST_BYTES // 10**6}
    return _("“%(file)s” is larger than %(most)s MB. Scan it in grey or in a lower resolution, or divide it.") % said


def _no_document(called: str) -> str:
    return _(
        "“%(file)s” cannot be kept as a document. Hand in a PDF, a picture (PNG, JPEG, WebP, TIFF), or a text or table without "
        "macros (DOCX, XLSX, ODT)."
    ) % {"file": called}
