"""A ref or code written out in full, of datasets whose rows have no entries: `26506-12-345`, a parcel's code."""

from landgis.search.answers import Reading
from landgis.search.hits import hits_of
from landgis.search.questions import Question
from landgis.search.refs import by_code

MOST_PARTS = 4
LONGEST_WORD = 4  # letters in a row of a code; longer ones are words of a name


def read(question: Question, limit: int) -> Reading | None:
    """The features of that ref or code; None where the text is no code, or of nothing here."""
    if not is_code(question):
        return None
    hits = hits_of(by_code(question.text)[:limit])
    return Reading(hits=hits) if hits else None


def is_code(question: Question) -> bool:
    """Whether a text may be a code: few parts, a digit in it, and no word."""
    parts = question.folded
    return (
        len(parts) <= MOST_PARTS
        and any(letter.isdigit() for part in parts for letter in part)
        and not any(part.isalpha() and len(part) > LONGEST_WORD for part in parts)
    )
