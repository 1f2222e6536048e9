"""What the state of a feature is now: what was reported of it, and what the clock makes of that (see docs/decisions/0022).

A report says that a stage was reached; the clock only moves on from there. The tables below are read by
`catalog.published.states`, which makes one expression of SQL of them, and by nobody else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from landgis.catalog.dataset.meanings import REPORTED, Meaning


@dataclass(frozen=True)
class Turn:
    """From when on a feature is in a state that nobody had to report.

    `code` is that state, `reported` are the codes of what was reported of a feature that it turns, `theirs` those of
    the related feature; any where there are none. It turns at the time in the field `at`, with the day in it, or of a
    last day (`is_last_day`) with the next, by the clocks here; without a field it turns at once.
    """

    code: str
    reported: Sequence[str]
    at: str = ""
    theirs: Sequence[str] = ()
    is_last_day: bool = False


@dataclass(frozen=True)
class StateByClock:
    """The public coded field `field` holds what was reported; what it says now, its `turns` say, a later one before an earlier.

    Where `beside` names a dataset and the field with the refs of its features, `Turn.at` are fields of that feature and
    `Turn.theirs` what was reported of its own state. `unreported` are the codes that only the clock gives.
    """

    field: str = ""
    turns: Sequence[Turn] = ()
    beside: tuple[str, str] | None = None
    unreported: Sequence[str] = ()

    @property
    def reported_field(self) -> str:
        """The column with what was reported; empty where the clock changes nothing."""
        return f"reported_{self.field}" if self.field else ""

    @property
    def meanings(self) -> Mapping[str, Meaning]:
        return {self.reported_field: REPORTED} if self.field else {}

    def reportable(self, field: str, codes: Iterable[str]) -> list[str]:
        """Those of the codes of a field that may be reported: all but those that only the clock gives."""
        return [code for code in codes if field != self.field or code not in self.unreported]
