"""Tables as people fill in forms: what stands in them beside headings and features, told by how it looks.

Titles, headings in several rows, a row that numbers the columns, subtitles of groups, totals and signatures. What is told
so is passed over and said in the report; what could as well be a feature stays one.
"""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from landgis.ingest.formats import Conventions
from landgis.lib import numerals
from landgis.lib.text import fold

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column, from 1
MOST_HEADING_ROWS = 3
WHOLE = 0.8  # of the columns: as wide as a title is merged
LOOKED_THROUGH = 30  # rows in which the headings must stand

_NUMBERED = re.compile(r"[(\[]\s*(?:\d{1,2}|[A-Za-z])\s*[)\]](?:\s*[=+*x:/-].*)?")
_ORDINAL = re.compile(r"(?:[IVXLC]+|[A-Z])(?:\.\d+)*\s*[.)\-/:]?")
_SUBTITLE = re.compile(r"(?:[IVXLC]+|[A-Z]|\d+(?:\.\d+)*)(?:[.)]\s*|\s+[-–]\s+)[^\W\d]{2}.*|.*:")


@dataclass
class FormBody:
    """The rows under the headings that are no features, by what they are; how many others there are, and how often those
    fill the columns beside the headings.
    """

    passed: dict[int, str] = field(default_factory=dict)
    features: int = 0
    filled: dict[int, int] = field(default_factory=dict)

    def count(self, cells: Sequence[str], width: int) -> None:
        """One row more that is a feature."""
        self.features += 1
        for column in range(width, len(cells)):
            if cells[column]:
                self.filled[column] = self.filled.get(column, 0) + 1


def heading_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The first of the rows with the most different texts: titles above it fill one or two cells."""
    different = [len({cell for cell in row if cell and not is_number(cell)}) for row in rows]
    most = max(different, default=0)
    return next((at for at, count in enumerate(different) if count >= max(2, WHOLE * most)), None)


def heading_rows(rows: Sequence[Sequence[str]], at: int, merged: Sequence[Merge]) -> range:
    """The rows, counted from 0, over which the headings go that stand in the row `at`."""
    first, last, width = at, at, len(_trimmed(rows[at]))
    while last - first + 1 < MOST_HEADING_ROWS and first and _goes_on(rows, first - 1, width, merged):
        first -= 1
    while last - first + 1 < MOST_HEADING_ROWS and last + 1 < len(rows) and _goes_on(rows, last, width, merged):
        last += 1
    return range(first, last + 1)


def _goes_on(rows: Sequence[Sequence[str]], upper: int, width: int, merged: Sequence[Merge]) -> bool:
    """Whether the headings of a row go on in the row below: a heading of it stands over several, or reaches down."""
    if any(is_number(cell) for cell in (*rows[upper], *rows[upper + 1])):
        return False
    below = {column for column, cell in enumerate(rows[upper + 1], 1) if cell}
    for top, left, bottom, right in merged:
        if top <= upper + 1 < bottom and right - left < WHOLE * width:
            return bool(below)
        if (
            top == bottom == upper + 1
            and 1 < right - left + 1 <= WHOLE * width
            and not (left == 1 and len(_filled(rows[upper])) == 1)  # a title over the first columns
            and len(below & {*range(left, right + 1)}) > 1
        ):
            return True
    if merged:
        return False
    given = {column for column, cell in enumerate(rows[upper], 1) if cell}
    return (
        len(given) > len(below) > 1 and bool(below - given) and bool(given - below) and min(given) < min(below - given)
    )


def _filled(row: Sequence[str]) -> list[str]:
    return [cell for cell in row if cell]


def headings(rows: Sequence[Sequence[str]], block: range, merged: Sequence[Merge]) -> list[str]:
    """The heading of each column: what stands over it in all the rows, from above."""
    width = max(len(_trimmed(rows[at])) for at in block)
    found: list[list[str]] = [[] for _column in range(width)]
    for at in block:
        for column in range(width):
            text = _over(rows, at, column, block, merged)
            if text and text not in found[column]:
                found[column].append(text)
    return [" ".join(texts) for texts in found]


def _over(rows: Sequence[Sequence[str]], at: int, column: int, block: range, merged: Sequence[Merge]) -> str:
    """The text of a cell, or of the cells that it is merged with."""
    if text := _cell(rows[at], column):
        return text
    for top, left, bottom, right in merged:
        if top <= at + 1 <= bottom and left <= column + 1 <= right and top - 1 in block:
            return _cell(rows[top - 1], left - 1)
    if merged or at + 1 not in block or not _cell(rows[at + 1], column):
        return ""
    before = next((one for one in range(column, -1, -1) if _cell(rows[at], one)), None)
    return _cell(rows[at], before) if before is not None and _cell(rows[at + 1], before) else ""


def is_numbering(cells: Sequence[str], width: int) -> bool:
    """(1) (2) (3), or A B 1 2 3: the columns numbered under their headings."""
    given = [cell for cell in cells if cell]
    if len(given) >= 3 and all(_NUMBERED.fullmatch(cell) for cell in given):
        return True
    counted = [int(cell) for cell in given if cell.isdecimal()]
    letters = given[: len(given) - len(counted)]
    in_order = counted == list(range(1, len(counted) + 1)) and all(re.fullmatch("[A-Z]", cell) for cell in letters)
    return in_order and len(counted) >= 3 and len(given) >= WHOLE * width


def body(
    rows: Iterator[tuple[int, Sequence[str]]],
    width: int,
    words: Conventions,
    *,
    merged_rows: Collection[int] = (),
    repeated: Sequence[str] = (),
) -> FormBody:
    """What the rows under the headings are. `merged_rows` have cells merged over columns; `repeated` are the headings.

    Signatures are the last rows of little text, from where a word tells them, or several after a gap or a total.
    """
    found, tail, before = FormBody(), list[int](), 0
    is_signed = may_end = False
    first = list(itertools.islice(rows, LOOKED_THROUGH))
    counts = any(is_number(_cell(cells, 0)) for _number, cells in first)
    for number, cells in itertools.chain(first, rows):
        given = [cell for cell in cells if cell]
        may_end |= 0 < before < number - 1
        before = number
        kind = _kind(
            cells, given, width, words, number in merged_rows, repeated, first=not found.features, counts=counts
        )
        if kind:
            found.passed[number] = kind
        if kind and kind != "subtitles":
            tail, may_end, is_signed = [], kind == "totals", False
            continue
        is_word = _begins(given, words.signatures)
        if _is_little(given, width) and (tail or may_end or is_word):
            tail.append(number)
            is_signed |= is_word
        else:
            tail, may_end, is_signed = [], False, False
        if not kind:
            found.count(cells, width)
    if is_signed or len(tail) > 1:
        found.features -= sum(number not in found.passed for number in tail)
        found.passed |= dict.fromkeys(tail, "signatures")
    return found


def _is_little(given: Sequence[str], width: int) -> bool:
    return len(given) <= max(2, width // 3) and not any(map(is_number, given))


def _kind(
    cells: Sequence[str],
    given: Sequence[str],
    width: int,
    words: Conventions,
    is_merged: bool,
    repeated: Sequence[str],
    *,
    first: bool,
    counts: bool,
) -> str:
    """What a row is, if it tells by itself that it is no feature. `counts`: the first column numbers the features."""
    if (first or given[0][0] in "([") and is_numbering(cells, width):
        return "numbering"
    if len(given) > 1 and given[0] == repeated[0] and [cell for cell in repeated if cell] == given:
        return "headings"
    if is_total(given, words):
        return "totals"
    texts = _texts(given)
    if width >= 3 and len(texts) == len(given) == 1 and (is_merged or _SUBTITLE.fullmatch(given[0])):
        return "subtitles"
    is_counted = counts and bool(_cell(cells, 0)) and _ORDINAL.fullmatch(_cell(cells, 0)) is not None
    return "subtitles" if width >= 4 and is_counted and len(texts) == 2 else ""


def is_total(given: Sequence[str], words: Conventions) -> bool:
    """A word for a total, and beside it numbers only."""
    texts = _texts(given)
    if len(texts) != 1:
        return False
    said = fold(texts[0]).strip(" .:*")
    return any(
        said == word or re.match(rf"{re.escape(word)}\s*[:(\d]" if " " not in word else rf"{re.escape(word)}\b", said)
        for word in words.totals
    )


def _texts(given: Sequence[str]) -> list[str]:
    """The first cells that are no numbers: more than three are as good as three."""
    return list(itertools.islice((cell for cell in given if not is_number(cell)), 3))


def _begins(given: Sequence[str], words: Sequence[str]) -> bool:
    return any(fold(cell).lstrip(" (").startswith(tuple(words)) for cell in given) if words else False


def in_words(passed: Mapping[int, str]) -> dict[str, str]:
    """What was passed over by what it is, the rows as people write them: 3, 5–7."""
    found: dict[str, list[int]] = {}
    for number, kind in sorted(passed.items()):
        found.setdefault(kind, []).append(number)
    return {kind: _spans(numbers) for kind, numbers in found.items()}


def _spans(numbers: Sequence[int]) -> str:
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in spans]
    return ", ".join(shown[:20]) + (", …" if len(shown) > 20 else "")


def is_number(cell: str) -> bool:
    try:
        return not numerals.read(cell).unit
    except ValueError:
        return False


def _cell(row: Sequence[str], at: int) -> str:
    return row[at] if at < len(row) else ""


def _trimmed(row: Sequence[str]) -> Sequence[str]:
    filled = [at for at, cell in enumerate(row) if cell]
    return row[: filled[-1] + 1] if filled else ()
