"""MapInfo's own files, TAB and MIF: what they are made of, and how their text comes through unchanged.

GDAL turns their text into Unicode by the character set that the head names, which Vietnamese files name wrongly. So the
head of the copy that is read says ISO-8859-1: then the bytes pass as they are, and which text they are is decided by us.
"""

import re
import shutil
from pathlib import Path

HEAD = 65_536
CHARSET = re.compile(rb'(charset\s+"?)([\w.-]+)', re.I)
VERSION = re.compile(rb"(version\s+\d+[^\r\n]*\r?\n)", re.I)
BYTES = b"ISO8859_1"
TAB_PARTS = (".tab", ".dat", ".map", ".id", ".ind")
MIF_PARTS = (".mif", ".mid")
ENCODINGS = {"utf-8": "UTF-8", "windowsvietnamese": "1258", "windowslatin1": "1252"}


def needed(ending: str) -> tuple[str, ...]:
    """The parts without which one of that ending is not whole."""
    return TAB_PARTS[1:4] if ending == ".tab" else MIF_PARTS[1:]


def ending_of(path: Path) -> str:
    with path.open("rb") as file:
        return ".tab" if file.read(64).lstrip().lower().startswith(b"!table") else ".mif"


def copied(path: Path, target: Path) -> Path:
    """A copy of a TAB or MIF that is read with its text as bytes; the encoding that it names stands in a .cpg beside it."""
    with path.open("rb") as file, target.open("wb") as out:
        head = file.read(HEAD)
        said = CHARSET.search(head)
        text = (
            CHARSET.sub(rb"\g<1>" + BYTES, head)
            if said
            else VERSION.sub(rb'\1Charset "' + BYTES + b'"\n', head, count=1)
        )
        out.write(text)
        shutil.copyfileobj(file, out)
    name = ENCODINGS.get(said[2].decode("ascii", "replace").lower()) if said else None
    if name:
        target.with_suffix(".cpg").write_text(name, encoding="ascii")
    return target
