"""Files of documents: good ones of any number of pages, and those that somebody means ill with."""

import io
import zlib
from collections.abc import Callable

from PIL import Image


def pdf(
    pages: int = 1, *, size: tuple[float, float] = (595, 842), drawn: bytes = b"0 0 1 rg 72 700 200 50 re f"
) -> bytes:
    """A PDF whose pages all show the same: a blue field near their upper left corner, if not said otherwise."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b" ".join(b"%d 0 R" % (4 + at) for at in range(pages))),
        _stream(drawn),
        *(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %g %g]/Contents 3 0 R>>" % size for _at in range(pages)),
    ]
    return _written(parts)


def pdf_with(picture: bytes, **said: int) -> bytes:
    """A PDF of one page that shows a picture, which unpacks to more than it weighs."""
    head = b"".join(b"/%s %d" % (name.encode(), value) for name, value in said.items())
    return _written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[4 0 R]>>",
            _stream(b"500 0 0 700 0 0 cm /P Do"),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<</XObject<</P 5 0 R>>>>>>",
            _stream(picture, b"/Type/XObject/Subtype/Image/ColorSpace/DeviceRGB/Filter/FlateDecode" + head),
        ]
    )


def locked() -> bytes:
    """A PDF that a password opens."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pdf())))
    writer.encrypt("mật khẩu", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind: str, size: tuple[int, int] = (60, 90), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **more)
    return out.getvalue()


def scans(count: int) -> bytes:
    """A TIFF of several pages, in black and white as a fax."""
    pages = [Image.new("1", (1240, 1754), 1) for _at in range(count)]
    return _saved(pages[0], save_all=True, append_images=pages[1:], compression="group4")


def _saved(image: Image.Image, **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, "TIFF", **more)
    return out.getvalue()


def _stream(content: bytes, head: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), head, content)


def _written(parts: list[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, part)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, at)
    return bytes(out)


# Why nothing, or not all, is shown of each.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "locked.pdf": locked,
    "cut.pdf": lambda: pdf()[:300],
    "head only.pdf": lambda: b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "bomb.pdf": lambda: pdf_with(zlib.compress(bytes(2**20)), Width=32_000, Height=32_000, BitsPerComponent=8),
    "endless.pdf": lambda: pdf(drawn=b"q 0 0 m 9 9 l S Q " * 400_000),
    "bomb.png": lambda: (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00\x00\xff\xff" * 2 + b"\x08\x02\x00\x00\x00" + bytes(4)
    ),
    "cut.jpg": lambda: picture("JPEG")[:200],
}
