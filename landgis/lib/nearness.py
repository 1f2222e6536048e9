"""Which of the words that there are somebody may have meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher

from landgis.lib.text import fold

ALIKE = 0.6  # of two words that may be meant for each other: a letter too many, two that changed places


def nearest(word: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The known words most like the given one, the nearest first; capitals and marks make no difference.

    One that goes on where the given one ends counts as near.
    """
    wanted = fold(word)
    if not wanted or len(wanted) > 100:
        return ()
    found = []
    for one in known:
        other = fold(one)
        begins = min(len(wanted), len(other)) >= 3 and (other.startswith(wanted) or wanted.startswith(other))
        alike = SequenceMatcher(None, wanted, other).ratio() + (0.2 if begins else 0)
        if alike >= ALIKE or begins:
            found.append((-alike, one))
    return tuple(one for _alike, one in sorted(found)[:most])
