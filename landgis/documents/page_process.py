"""The process that draws the pages of a document: no settings, no database, no network, and limits on all that it uses.

It is told on its standard input, in a line of JSON, what to draw. On its standard output it says how many pages there
are, and of each page that it draws width, height and bytes of a WebP, then these; or why it draws none.
"""

import io
import json
import math
import os
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image, ImageChops, ImageOps, ImageStat

from landgis.lib import walls

WIDTH, MOST_HEIGHT = 1000, 2000  # pixels; the letters of a page of A4 are read at this width
MOST_SCANNED = 200_000_000  # pixels; of A4 at 1,200 dots an inch, or of A0 at 300
COLOURS, ALIKE = 24, 2.5  # printed text has few: 24 of them look like the page within that many of 255 steps
QUALITY = 45
LOCKED, UNREADABLE, TOO_MUCH = "locked", "unreadable", "too-much"
PASSWORD_ERROR = 4  # of PDFium: FPDF_ERR_PASSWORD

Pages = tuple[int, Iterator[Image.Image]]


class Locked(Exception):
    """The file is opened by a password only."""


def main() -> None:
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    request = json.loads(sys.stdin.readline())
    walls.limit(**request["limits"])
    try:
        _answer(request, out)
    except Locked:
        _say(out, fault=LOCKED)
    except (MemoryError, Image.DecompressionBombError):
        _say(out, fault=TOO_MUCH)
    except Exception:  # whatever a library meets in a broken file
        _say(out, fault=UNREADABLE)


def _answer(request: dict[str, Any], out: BinaryIO) -> None:
    count, pages = OPENERS.get(request["kind"], _of_picture)(Path(request["path"]))
    _say(out, pages=count)
    for page in islice(pages, request["most"]):
        drawn = encoded(page)
        _say(out, width=page.width, height=page.height, bytes=len(drawn))
        out.write(drawn)


def _say(out: BinaryIO, **said: Any) -> None:
    out.write(json.dumps(said).encode() + b"\n")
    out.flush()


def _of_pdf(path: Path) -> Pages:
    import pypdfium2

    try:
        opened = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Locked if error.err_code == PASSWORD_ERROR else error from error
    opened.init_forms()  # stamps of signatures and what was filled in are parts of forms

    def pages() -> Iterator[Image.Image]:
        for at in range(len(opened)):
            page = opened[at]
            for shown in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
                if math.prod(shown.get_px_size()) > MOST_SCANNED:
                    raise MemoryError  # PDFium would leave it out of the page, and say nothing
            width, height = page.get_size()
            drawn = page.render(scale=min(WIDTH / width, MOST_HEIGHT / height), rev_byteorder=True)
            yield drawn.to_pil().convert("RGB").copy()
            page.close()

    return len(opened), pages()


def _of_picture(path: Path) -> Pages:
    Image.MAX_IMAGE_PIXELS = MOST_SCANNED // 2  # beyond twice that Pillow refuses
    opened = Image.open(path, formats=("PNG", "JPEG", "WEBP", "TIFF"))
    count = getattr(opened, "n_frames", 1) if opened.format == "TIFF" else 1

    def pages() -> Iterator[Image.Image]:
        for at in range(count):
            opened.seek(at)
            yield _in_size(opened)

    return count, pages()


def _in_size(scan: Image.Image) -> Image.Image:
    """A scan as it is to be looked at: upright, on white, no larger than a page."""
    scan.draft("RGB", (WIDTH, MOST_HEIGHT))  # of a JPEG no more is unpacked than is shown
    upright = ImageOps.exif_transpose(scan)
    if upright.mode.startswith("I;16"):
        upright = upright.point(lambda value: value / 256).convert("L")
    has_holes = "transparency" in upright.info or upright.mode in ("RGBA", "LA", "PA")
    plain = upright.convert("RGBA" if has_holes else "L" if upright.mode in ("1", "L") else "RGB")
    plain.thumbnail((WIDTH, MOST_HEIGHT), reducing_gap=2)
    if has_holes:
        plain = Image.alpha_composite(Image.new("RGBA", plain.size, "white"), plain)
    return plain.convert("RGB")


def encoded(page: Image.Image) -> bytes:
    """A page as WebP: text of few colours without loss, in a quarter of the bytes, and whatever has more as a photograph."""
    few = page.quantize(COLOURS).convert("RGB")
    out = io.BytesIO()
    if max(ImageStat.Stat(ImageChops.difference(page, few)).rms) <= ALIKE:
        few.save(out, "WEBP", lossless=True, method=3)
    else:
        page.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


OPENERS: dict[str, Callable[[Path], Pages]] = {"pdf": _of_pdf}

if __name__ == "__main__":
    main()
