"""What somebody says of how a column is written: "comma", "month-first", "times:0.001", or two of it, "comma,as-written"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from landgis.lib import days

MARKS = {"point": ".", "comma": ","}  # what is said of numbers, and the mark that then divides off decimals
ORDERS = (days.DAY_FIRST, days.MONTH_FIRST)  # what is said of days
AS_WRITTEN = "as-written"  # what is said of the size of numbers that are right
TIMES = re.compile(r"times:(?P<factor>0\.0*1|10*)")
BOTH = ","


@dataclass(frozen=True)
class ColumnAnswer:
    """`way` is one of MARKS or of ORDERS, `size` is AS_WRITTEN or a factor; what is not said is empty."""

    way: str = ""
    size: str = ""

    def __str__(self) -> str:
        return BOTH.join(filter(None, (self.way, self.size)))

    @property
    def mark(self) -> str:
        """The mark that divides off decimals."""
        return MARKS.get(self.way, "")

    @property
    def order(self) -> str:
        return self.way if self.way in ORDERS else ""

    @property
    def factor(self) -> Decimal:
        """By what the numbers are multiplied."""
        found = TIMES.fullmatch(self.size)
        return Decimal(found["factor"]) if found else Decimal(1)

    def others(self) -> Iterator["ColumnAnswer"]:
        """What may be said instead, this first."""
        yield self
        ways = [""] if not self.way else list(MARKS) if self.way in MARKS else list(ORDERS)
        sizes = dict.fromkeys((self.size, AS_WRITTEN)) if self.size else [""]
        yield from (one for way in ways for size in sizes if (one := ColumnAnswer(way, size)) != self)


def read(said: str) -> ColumnAnswer:
    """Raises ValueError for what nobody may say."""
    way, size = "", ""
    for part in said.split(BOTH) if said else []:
        if not way and part in (*MARKS, *ORDERS):
            way = part
        elif not size and (part == AS_WRITTEN or TIMES.fullmatch(part)):
            size = part
        else:
            raise ValueError(said)
    if way in ORDERS and size:
        raise ValueError(said)
    return ColumnAnswer(way, size)
