"""Cadastral drawings as the tests need them: lines and texts on levels, as DXF and as DGN of version 7."""

import struct
from collections.abc import Sequence
from pathlib import Path

Line = tuple[int, Sequence[tuple[float, float]]]
Text = tuple[int, tuple[float, float], str]
UNITS = 1000  # of a DGN in a metre


def dxf(path: Path, lines: Sequence[Line], texts: Sequence[Text], encoding: str = "cp1252") -> Path:
    """An R12 drawing: each line as a POLYLINE, each text as a TEXT, on layers named by their level."""
    groups: list[tuple[int, object]] = [(0, "SECTION"), (2, "ENTITIES")]
    for level, points in lines:
        groups += [(0, "POLYLINE"), (8, f"Level {level}"), (66, 1), (70, 0)]
        for x, y in points:
            groups += [(0, "VERTEX"), (8, f"Level {level}"), (10, x), (20, y), (30, 0.0)]
        groups += [(0, "SEQEND")]
    for level, (x, y), text in texts:
        groups += [(0, "TEXT"), (8, f"Level {level}"), (10, x), (20, y), (30, 0.0), (40, 2.0), (1, text)]
    groups += [(0, "ENDSEC"), (0, "EOF")]
    path.write_bytes("".join(f"{code:>3}\n{value}\n" for code, value in groups).encode(encoding))
    return path


def dgn(path: Path, lines: Sequence[Line], texts: Sequence[Text], encoding: str = "tcvn3") -> Path:
    """A 2D design file: its settings, line strings and texts; coordinates are whole millimetres."""
    from landgis.lib.text import encode

    elements = [_settings()]
    for level, points in lines:
        body = struct.pack("<H", len(points)) + b"".join(
            _int(round(part * UNITS)) for point in points for part in point
        )
        elements.append(_element(level, 4, body))
    for level, point, text in texts:
        raw = encode(text, encoding)
        size = _int(6 * 2000 // 6 * 1000)
        place = b"".join(_int(round(part * UNITS)) for part in point)
        body = b"\x01\x0c" + size + size + _int(0) + place + bytes([len(raw), 0]) + raw
        elements.append(_element(level, 17, body))
    path.write_bytes(b"".join(elements) + b"\xff\xff")
    return path


def _settings() -> bytes:
    """The first element: 1 m is 1 sub-unit of 1000 positions; the origin is zero."""
    tcb = bytearray(1536)
    tcb[0:4] = struct.pack("<BBH", 8, 9, 1536 // 2 - 2)
    tcb[1112:1116], tcb[1116:1120] = _int(1), _int(UNITS)
    tcb[1120:1124] = b"m m "
    return bytes(tcb)


def _element(level: int, kind: int, body: bytes) -> bytes:
    body += b"\x00" * (len(body) % 2)
    size = 36 + len(body)
    return struct.pack("<BBH", level, kind, size // 2 - 2) + b"\x00" * 32 + body


def _int(number: int) -> bytes:
    """32 bits with the high word first, as the machines of that time had them."""
    raw = struct.pack("<i", number)
    return raw[2:4] + raw[0:2]
