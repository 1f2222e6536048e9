"""What a declaration says of the list of its features: filters that are no columns, columns of others, and orders."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from landgis.catalog.codelists import Label


@dataclass(frozen=True)
class Lookup:
    """A filter that is no column: `read` makes a filter of what the address says, or raises FilterError.

    It takes the text and the revision as of which it is asked (None: now). `kind` is "text" or "date" (ISO): what its control in the form takes. Of several days none
    means more than one; of several texts any may fit. Where a stretch of days is written, a date is its first day, or `is_last`.
    """

    name: str
    label: Label
    read: Callable[[str, int | None], Any]
    kind: str = "text"
    is_last: bool = False

    @property
    def is_many(self) -> bool:
        return self.kind == "text"


@dataclass(frozen=True)
class Beside:
    """Columns that the list takes of another dataset: of that feature whose ref each row has in its field `by`.

    They are public filters there, and the list can be sorted by them.
    """

    dataset: str
    by: str
    fields: Sequence[str]


@dataclass(frozen=True)
class Heading:
    """What stands over the rows that have one of the codes, which stand in the order of these."""

    label: Label
    codes: Sequence[str] = ()


@dataclass(frozen=True)
class Headed:
    """The headings under which rows stand by what they have in the public coded field `by`; `rest` is that of all others."""

    by: str
    headings: Sequence[Heading]
    rest: Heading

    @property
    def in_order(self) -> Sequence[Heading]:
        return (*self.headings, self.rest)

    @property
    def codes(self) -> Sequence[str]:
        """All codes that are named, in the order of the rows."""
        return [str(code) for heading in self.in_order for code in heading.codes]

    def over(self, code: str | None) -> Heading:
        return next((heading for heading in self.headings if code in heading.codes), self.rest)


@dataclass(frozen=True)
class Spoken:
    """How people ask for rows of the list in a sentence, beside amounts, sizes, places and the names of codes."""

    # What they call the rows, phrases separated by "|", which a translation has its own of.
    called: Label = ""
    # The parameters of the first and the last day that is meant by "next week".
    days: Sequence[str] = ()
    # Phrases as above, each with the parameter and the value that it stands for.
    phrases: Sequence[tuple[Label, str, str]] = ()
    # What the box of the list shows as an example.
    example: Label = ""


@dataclass(frozen=True)
class Lists:
    """What the list of the features has beyond the columns and filters of its fields."""

    # What the rows stand under, and by what they stand first, where nobody asks for another order.
    headed: Headed | None = None
    # Filters that are no columns.
    lookups: Sequence[Lookup] = ()
    # Columns of a feature that each row names.
    beside: Beside | None = None
    # The public fields by which readers may sort; those of `beside`, and how far rows lie from a place, too.
    sorts: Sequence[str] = ()
    # Whether each row is shown with a small picture of its ground.
    has_pictures: bool = False
    # Makes the list understand sentences.
    spoken: Spoken | None = None
