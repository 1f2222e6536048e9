"""The first values of the columns of a file, as they are shown beside what is proposed for them."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any

MOST = 3
LONGEST = 60  # characters


def shown(values: Mapping[str, Sequence[Any]], withheld: Collection[str]) -> dict[str, list[str]]:
    """Heading -> a few different values as text; none of the columns that are withheld."""
    return {heading: [] if heading in withheld else _first(column) for heading, column in values.items()}


def _first(column: Sequence[Any]) -> list[str]:
    found: dict[str, None] = {}
    for value in column:
        text = _text(value)
        if text:
            found[text] = None
        if len(found) == MOST:
            break
    return list(found)


def _text(value: Any) -> str:
    if value is None or isinstance(value, bytes):
        return ""
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
