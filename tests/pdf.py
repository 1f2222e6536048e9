"""Reads of a PDF what a test asks: its sheet, its letters, its pictures and how large they are on paper."""

import io
import re
import zlib
from dataclasses import dataclass

from PIL import Image

POINT_MM = 25.4 / 72
Matrix = tuple[float, float, float, float, float, float]


@dataclass
class Pdf:
    """`parts` are the objects: number -> (dictionary, unpacked stream)."""

    parts: dict[int, tuple[bytes, bytes]]

    @property
    def sheet_mm(self) -> tuple[float, float]:
        [box] = {found[1] for head, _ in self.parts.values() if (found := re.search(rb"/MediaBox ?\[([^\]]*)\]", head))}
        _left, _bottom, width, height = (float(side) * POINT_MM for side in box.split())
        return width, height

    @property
    def pages(self) -> int:
        return sum(bool(re.search(rb"/Type ?/Page\b", head)) for head, _ in self.parts.values())

    @property
    def letters(self) -> str:
        """The letters in the order in which they are drawn, without spaces."""
        said, current = "", {}
        for content in self._contents():
            for font, shown in re.findall(rb"/([\w-]+) [-\d.]+ Tf|(<[^\]]*?>)(?=[^<\]]*\]? ?TJ?)", content):
                if font:
                    current = self._unicode(font)
                else:
                    codes = "".join(re.findall(r"<([0-9a-fA-F]+)>", shown.decode("latin-1")))
                    said += "".join(current.get(codes[at : at + 4].lower(), "") for at in range(0, len(codes), 4))
        return re.sub(r"\s", "", said)

    @property
    def photographs(self) -> list[tuple[Image.Image, float, float]]:
        """The JPEG pictures, each with its width and height on paper in millimetres."""
        found = []
        for number, (head, stream) in self.parts.items():
            if b"/DCTDecode" in head:
                wide, high = self._drawn_mm(number)
                found.append((Image.open(io.BytesIO(stream)), wide, high))
        return found

    def _contents(self) -> list[bytes]:
        return [stream for _, stream in self.parts.values() if b" Tf" in stream or b" Do" in stream]

    def _names(self, number: int) -> set[bytes]:
        named = re.compile(rb"/([\w-]+) %d 0 R" % number)
        return {name for head, _ in self.parts.values() for name in named.findall(head)}

    def _drawn_mm(self, number: int) -> tuple[float, float]:
        wanted = self._names(number)
        for content in self._contents():
            stack: list[Matrix] = []
            now: Matrix = (1, 0, 0, 1, 0, 0)
            for move, word, name in re.findall(
                rb"((?:[-\d.]+ ){6})cm|(?<=\s)(q|Q)(?=\s)|/([\w-]+) Do", b"\n" + content
            ):
                if move:
                    now = _joined(tuple(float(part) for part in move.split()), now)  # type: ignore[arg-type]
                elif word == b"q":
                    stack.append(now)
                elif word == b"Q":
                    now = stack.pop()
                elif name in wanted:
                    return abs(now[0]) * POINT_MM, abs(now[3]) * POINT_MM
        raise AssertionError(f"picture {number} is not drawn")

    def _unicode(self, font: bytes) -> dict[str, str]:
        for number, (head, _stream) in self.parts.items():
            to = re.search(rb"/ToUnicode (\d+) 0 R", head)
            if to and font in self._names(number):
                lines = self.parts[int(to[1])][1].decode("latin-1")
                pairs = re.findall(r"<([0-9a-fA-F]{4})> ?<([0-9a-fA-F]+)>", lines)
                return {code.lower(): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}
        return {}


def read(pdf: bytes) -> Pdf:
    parts: dict[int, tuple[bytes, bytes]] = {}
    for match in re.finditer(rb"(?<![\d])(\d+) 0 obj\s(.*?)endobj", pdf, re.DOTALL):
        head, _, rest = match[2].partition(b"stream\n")
        stream = rest.rpartition(b"\nendstream")[0]
        parts[int(match[1])] = (head, zlib.decompress(stream) if b"/FlateDecode" in head else stream)
    for head, stream in list(parts.values()):
        if b"/ObjStm" in head:
            first = re.search(rb"/First (\d+)", head)
            assert first
            begin = int(first[1])
            table = [int(word) for word in stream[:begin].split()]
            places = [*table[1::2], len(stream) - begin]
            for number, start, end in zip(table[::2], places, places[1:], strict=False):
                parts[number] = (stream[begin + start : begin + end], b"")
    return Pdf(parts)


def _joined(one: Matrix, other: Matrix) -> Matrix:
    """The matrix that does the one, then the other."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
