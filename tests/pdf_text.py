"""Reads the text out of a PDF as a reader's program does: by the fonts' own tables from glyphs to letters.

Enough for the files that WeasyPrint writes: streams packed by zlib, fonts with a ToUnicode table.
"""

import re
import zlib

OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
SHOWN = re.compile(rb"/(\S+) [\d.]+ Tf|<([0-9a-fA-F]+)>|\b(T[dDm*]|TJ|Tj|ET)\b")


def objects(pdf: bytes) -> dict[int, bytes]:
    """Number -> content, streams unpacked; those inside object streams included."""
    found = {int(number): _unpacked(content) for number, content in OBJECT.findall(pdf)}
    for content in list(found.values()):
        if b"/ObjStm" in content:
            found |= _of_stream(content)
    return found


def _unpacked(content: bytes) -> bytes:
    head, mark, stream = content.partition(b"stream\n")
    stream = stream.rpartition(b"\nendstream")[0]
    if not mark or b"FlateDecode" not in head:
        return content
    return head + mark + zlib.decompress(stream)


def _of_stream(content: bytes) -> dict[int, bytes]:
    head, _mark, body = content.partition(b"stream\n")
    first = int(re.search(rb"/First (\d+)", head)[1])
    numbers = [int(number) for number in body[:first].split()]
    starts = [*numbers[1::2], len(body) - first]
    return {
        number: body[first + start : first + end]
        for number, start, end in zip(numbers[::2], starts, starts[1:], strict=False)
    }


def pages(pdf: bytes) -> list[str]:
    """The text of each page; pieces that are set apart are separated by blanks."""
    found = objects(pdf)
    tree = next(content for content in found.values() if b"/Type /Pages" in content)
    kids = re.search(rb"/Kids \[(.*?)\]", tree)[1]
    return [_page(found[int(number)], found) for number in re.findall(rb"(\d+) 0 R", kids)]


def _page(page: bytes, found: dict[int, bytes]) -> str:
    resources = found[int(re.search(rb"/Resources (\d+) 0 R", page)[1])]
    fonts = dict(re.findall(rb"/(\S+) (\d+) 0 R", _inner(resources, rb"/Font", found)))
    letters = {name: _letters(found[int(number)], found) for name, number in fonts.items()}
    content = found[int(re.search(rb"/Contents (\d+) 0 R", page)[1])]
    return re.sub(r"\s+", " ", "".join(_shown(content, letters)))


def _inner(content: bytes, name: bytes, found: dict[int, bytes]) -> bytes:
    reference = re.search(name + rb" (\d+) 0 R", content)
    if reference:
        return found[int(reference[1])]
    inline = re.search(name + rb" ?<<(.*?)>>", content, re.DOTALL)
    return inline[1] if inline else b""


def _letters(font: bytes, found: dict[int, bytes]) -> dict[int, str]:
    """Glyph -> letters."""
    reference = re.search(rb"/ToUnicode (\d+) 0 R", font)
    if not reference:
        return {}
    table = found[int(reference[1])]
    pairs = re.findall(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", table)
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def _shown(content: bytes, letters: dict[bytes, dict[int, str]]):
    font: dict[int, str] = {}
    for name, glyphs, operator in SHOWN.findall(content):
        if name:
            font = letters.get(name, {})
        elif glyphs:
            codes = [int(glyphs[at : at + 4], 16) for at in range(0, len(glyphs) - 3, 4)]
            yield "".join(font.get(code, "\ufffd") for code in codes)
        elif operator != b"TJ":
            yield " "
