"""Coordinates that stand as text in two columns: numbers in any notation, or angles.

"429.500" may be 429.5 or 429500. What the two columns say without doubt tells which, or else their size: as decimals
they are degrees of a place, or no place at all.
"""

from collections.abc import Iterator, Sequence

from landgis.ingest.formats import Shape
from landgis.lib import angles, numerals
from landgis.lib.numerals import HELD_AS_NUMBER, WrittenNumber

IN_DOUBT = "?"  # both ways of writing stand in the column: its numbers with two readings are not read
METRE = "m"
MOST_DEGREES = 180


def point(texts: Sequence[str], shape: Shape) -> list[float]:
    """The two coordinates of a point. Raises ValueError."""
    return [number(text, shape, place) for place, text in enumerate(texts)]


def number(text: str, shape: Shape, place: int) -> float:
    """One coordinate: metres, degrees, or what the unit of the file is. Raises ValueError."""
    group, text = shape.groups[place], _decoded(text)
    try:
        written = numerals.read(text)
        factor = written.factor(METRE)
    except ValueError:
        return angles.read(text.rstrip(HELD_AS_NUMBER), {letter: (axis, sign) for letter, axis, sign in shape.letters})[
            0
        ]
    if written.grouped is not None and group == IN_DOUBT:
        raise ValueError(text)
    is_grouped = written.grouped is not None and written.mark == group
    return float((written.grouped if is_grouped else written.number) * factor)  # type: ignore[operator]


def groups_of(first: Sequence[str], second: Sequence[str]) -> tuple[str, str]:
    """Of each of two columns the mark that divides thousands where a number alone leaves that open; "" where none does."""
    columns = [list(_written(first)), list(_written(second))]
    said = [_said(column) for column in columns]
    as_decimals = [one.number for column in columns for one in column]
    are_degrees = bool(as_decimals) and max(map(abs, as_decimals)) <= MOST_DEGREES
    return tuple(  # type: ignore[return-value]
        _group(column, mine or other, are_degrees=are_degrees)
        for column, mine, other in zip(columns, said, said[::-1], strict=True)
    )


def _written(column: Sequence[str]) -> Iterator[WrittenNumber]:
    for text in column:
        try:
            yield numerals.read(_decoded(text))
        except ValueError:
            continue


def _said(column: Sequence[WrittenNumber]) -> dict[str, set[str]]:
    """What each mark does in the numbers that leave no doubt."""
    said: dict[str, set[str]] = {}
    for one in column:
        for marks, role in ((one.decimals, "decimals"), (one.groups, "groups")):
            for mark in marks:
                said.setdefault(mark, set()).add(role)
    return said


def _group(column: Sequence[WrittenNumber], said: dict[str, set[str]], *, are_degrees: bool) -> str:
    mark = next((one.mark for one in column if one.mark), "")
    if not mark:
        return ""
    roles = said.get(mark, set())
    if len(roles) == 2:
        return IN_DOUBT
    if roles:
        return mark if "groups" in roles else ""
    if any("decimals" in others for other, others in said.items() if other != mark):
        return mark
    return "" if are_degrees else mark


def _decoded(text: str) -> str:
    """The text where it is UTF-8 that passes as bytes, as in a CSV: degree signs and hard blanks are none of ASCII."""
    if text.isascii():
        return text
    try:
        return text.encode("iso-8859-1").decode()
    except UnicodeError:
        return text
