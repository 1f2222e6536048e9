"""What a sheet of a workbook says beside its values: merged cells, hidden rows, formulas that keep no result.

A reader that streams rows does not tell these; they are looked for in the text of the sheet, a piece at a time.
"""

import re
from collections.abc import Collection, Iterator, Sized
from dataclasses import dataclass, field
from typing import IO

from landgis.ingest.formats import ReadingFault, sheet_forms

MAX_MARKS = 200_000  # of each kind
CHUNK, LONGEST = 2**20, 2**16  # bytes read at once, and of the longest piece that is looked for
_X = rb"(?:\w+:)?"
_MERGED = re.compile(rb"<" + _X + rb'mergeCell\s[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_HIDDEN = re.compile(rb"<" + _X + rb'row\b(?=[^>]*\shidden="(?:1|true)")[^>]*?\sr="(\d{1,7})"')
_EMPTY = re.compile(
    rb"<" + _X + rb'c\b(?![^>]*\st="str")[^>]*?\sr="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*'
    rb"<" + _X + rb"f\b(?:[^>]*/>|[^>]*>[^<]*</" + _X + rb"f>)\s*"
    rb"(?:<" + _X + rb"v\s*/>|<" + _X + rb"v></" + _X + rb"v>)?\s*</" + _X + rb"c>"
)


@dataclass
class SheetMarks:
    """`merged` cells, the numbers of `hidden` rows, and the formulas without a result as (row, cell)."""

    merged: list[sheet_forms.Merge] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    empty: list[tuple[int, str]] = field(default_factory=list)

    def see(self, text: bytes, before: int) -> None:
        """Look through a piece; what ends before that place was seen with the piece before."""
        for left, top, right, bottom in _new(_MERGED, text, before, self.merged):
            self.merged.append((int(top), _column(left), int(bottom), _column(right)))
        self.hidden += [int(row) for (row,) in _new(_HIDDEN, text, before, self.hidden)]
        self.empty += [(int(row), (column + row).decode()) for column, row in _new(_EMPTY, text, before, self.empty)]

    def faults(self, heading: int, passed: Collection[int]) -> Iterator[ReadingFault]:
        """What is to be told of the rows below the headings that are features."""
        hidden = dict.fromkeys((row for row in self.hidden if row > heading and row not in passed), "hidden")
        empty = [cell for row, cell in self.empty if row > heading and row not in passed]
        if empty:
            yield "formulas-empty", {"count": len(empty), "cell": empty[0]}
        if hidden:
            yield "rows-hidden", {"numbers": sheet_forms.in_words(hidden)["hidden"]}


def read(file: IO[bytes]) -> SheetMarks:
    """Look through the XML of a sheet."""
    found, kept = SheetMarks(), b""
    while chunk := file.read(CHUNK):
        text = kept + chunk
        found.see(text, len(kept))
        kept = text[-LONGEST:]
    return found


def _new(pattern: re.Pattern[bytes], text: bytes, before: int, found: Sized) -> Iterator[tuple[bytes, ...]]:
    for match in pattern.finditer(text):
        if match.end() > before and len(found) < MAX_MARKS:
            yield match.groups()


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
