"""What the values of one column say together of how its numbers or days are written, each by the first of them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from landgis.catalog import codelists
from landgis.changes.issues import Finding
from landgis.ingest import dates
from landgis.ingest.numbers import shown, whole_text
from landgis.lib import days, numerals
from landgis.lib.numerals import HELD_AS_NUMBER
from landgis.lib.text import one_spelling

MOST_CODES = 50  # values of a column that are asked for
OTHER = {".": ",", ",": "."}
DECIMALS, GROUPS = "decimals", "groups"  # what a mark of a number does

Place = tuple[int, str]  # row and text


@dataclass
class WrittenNumbers:
    """A column of numbers.

    `certain` holds those that leave no doubt, by the mark that then divides off decimals, whether or not they have any;
    `decimals` the marks that do so in one of them; `doubts` the others, by their only mark.
    """

    certain: dict[str, Place] = field(default_factory=dict)
    decimals: set[str] = field(default_factory=set)
    doubts: dict[str, Place] = field(default_factory=dict)
    are_scaled: bool = False

    def see(self, rows: Sequence[int], values: Sequence[Any]) -> None:
        for row, text in zip(rows, values, strict=True):
            if not isinstance(text, str) or text.isdecimal() or text.endswith(HELD_AS_NUMBER):
                continue
            try:
                written = numerals.read(text)
            except ValueError:
                continue
            for mark in (*written.decimals, *(OTHER[group] for group in written.groups)):
                self.certain.setdefault(mark, (row, text))
            self.decimals |= written.decimals
            if written.mark:
                self.doubts.setdefault(written.mark, (row, text))
                self.are_scaled |= written.is_scaled

    def role(self, mark: str, *, is_whole: bool) -> str:
        """What a mark in doubt does; empty where the column does not tell."""
        if is_whole and not self.are_scaled and mark not in self.decimals:
            return GROUPS
        if len(self.certain) != 1:
            return ""
        return DECIMALS if mark in self.certain else GROUPS

    @property
    def both(self) -> dict[str, Any]:
        """Two values that leave no doubt, each written in its own way; empty where all are alike."""
        if len(self.certain) < 2:
            return {}
        (row, value), (other_row, other) = self.certain.values()
        return {"one_row": row, "one": value, "other_row": other_row, "other": other}


@dataclass
class WrittenDays:
    """A column of days: one that can only be written month first, one with a short year, one as spreadsheets count."""

    month_first: Place | None = None
    short: str = ""
    serial: Any = None

    def see(self, rows: Sequence[int], values: Sequence[Any]) -> None:
        for row, value in zip(rows, values, strict=True):
            if self.serial is None and dates.is_serial(value):
                self.serial = value
            if not isinstance(value, str) or (self.month_first and self.short):
                continue
            if self.month_first is None and days.is_month_first(value):
                self.month_first = row, value
            elif not self.short and _is_short(value):
                self.short = value

    @property
    def order(self) -> str:
        """The order of day and month; empty where the column leaves it in doubt."""
        return "" if self.month_first else days.DAY_FIRST

    @property
    def both(self) -> dict[str, Any]:
        return {"other_row": self.month_first[0], "other": self.month_first[1]} if self.month_first else {}

    def told(self, name: str, order: str) -> Iterator[Finding]:
        """How values were read that do not say the whole day themselves."""
        if self.short and order:
            read = days.read(self.short, order).day
            yield Finding("day-told", field=name, params={"value": self.short, "day": read.isoformat()})
        if self.serial is not None:
            read = days.of_serial(float(shown(self.serial)))
            yield Finding("day-told", field=name, params={"value": shown(self.serial), "day": read.isoformat()})


@dataclass
class WrittenCodes:
    """A column of codes: how often each value stands there that the list does not know, and each of earlier days."""

    codes: str
    by_hand: Mapping[str, str]
    unknown: dict[str, int] = field(default_factory=dict)
    earlier: dict[str, int] = field(default_factory=dict)

    def see(self, rows: Sequence[int], values: Sequence[Any]) -> None:
        counted = Counter(one_spelling(whole_text(value)) for value in values if value not in (None, ""))
        for text, count in counted.items():
            if not text or text in self.by_hand or codelists.code_of(self.codes, text) is not None:
                continue
            seen = self.earlier if codelists.earlier(self.codes, text) else self.unknown
            if text in seen or len(seen) < MOST_CODES:
                seen[text] = seen.get(text, 0) + count

    def told(self, name: str) -> Iterator[Finding]:
        """How codes of earlier days were read."""
        for text, count in self.earlier.items():
            params = {"value": shown(text), "today": codelists.earlier(self.codes, text), "count": count}
            yield Finding("code-translated", field=name, params=params)


def _is_short(text: str) -> bool:
    try:
        return days.read(text).is_short
    except ValueError:
        return False
