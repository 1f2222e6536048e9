"""Arcs drawn as short straight pieces, by GDAL: nothing behind the readers knows true curves.

How short is set for the whole process (`sandbox`): half a degree of the arc, which leaves a circle of 7 km radius by 7 cm.
"""

import re
import struct
import tempfile
from collections.abc import Sequence
from pathlib import Path

import shapely

ARC_DEGREES = "0.5"
CURVED = range(8, 15)  # kinds of WKB from the circular string to the surface of curves
CURVED_TEXT = re.compile(r"\b(CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|MULTICURVE|MULTISURFACE)\b", re.I)
COLLECTION = 7
QUOTE = '"'
LARGEST_LINE = str(2**30)


def kind_of(wkb: bytes) -> int:
    """The kind of geometry that WKB, ISO or extended, says at its beginning; -1 where it says nothing."""
    if len(wkb) < 5:
        return -1
    return int((struct.unpack("<I" if wkb[0] else ">I", wkb[1:5])[0] & 0x0FFFFFFF) % 1000)


def is_curved(wkb: bytes) -> bool:
    """Whether it is, or holds, something that shapely does not know."""
    kind = kind_of(wkb)
    if kind != COLLECTION:
        return kind in CURVED
    try:
        shapely.get_parts(shapely.from_wkb(wkb, on_invalid="ignore"))
    except NotImplementedError:
        return True
    return False


def is_curved_text(text: str) -> bool:
    """The same of WKT or hexadecimal WKB."""
    if text[:2] in ("00", "01"):
        try:
            return is_curved(bytes.fromhex(text))
        except ValueError:
            return False
    return CURVED_TEXT.search(text) is not None


def straight(texts: Sequence[str]) -> list[bytes | None]:
    """WKB without arcs of WKT or hexadecimal WKB; None where a text is neither, or a mixture with arcs in it."""
    import pyogrio  # as in sandbox

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "curves.csv"
        lines = [f'{row},"{text.replace(QUOTE, "")}"' for row, text in enumerate(texts)]
        path.write_text("\n".join(["row,geom", *lines]), "ascii", "replace")
        _meta, _fids, wkb, _fields = pyogrio.raw.read(path, columns=[], GEOM_POSSIBLE_NAMES="geom")
    return [None if one is None or is_curved(one) else one for one in wkb]
