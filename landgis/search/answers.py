"""The answer to a question: readers try it in order, then its words are looked up; a miss is explained.

A reader is a function that understands one kind of question and says nothing to all others. Those of this package
know no country; a national package adds its own with `register_reader`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from landgis.search import misses, places, queries, wordings, words
from landgis.search.hits import Hit, hits_of
from landgis.search.listing import Listed
from landgis.search.queries import SIMILAR
from landgis.search.questions import Question, parse, understood


@dataclass(frozen=True)
class Reading:
    """What a reader made of a question.

    `understood` says it in the reader's language. `notes` are sentences beside what was found, or why nothing was.
    `is_all`: no further reader is asked and no words are looked up. `is_last`: a guess for when nothing else is found.
    `is_loose`: the words of the question stand nowhere side by side. `listed`: where all that has the words is.
    """

    understood: str = ""
    hits: Sequence[Hit] = ()
    notes: Sequence[str] = ()
    is_all: bool = True
    is_cut: bool = False
    is_last: bool = False
    is_loose: bool = False
    listed: Listed | None = None


@dataclass(frozen=True)
class Answer:
    """What is shown for a question, the best first; `is_similar` when nothing has exactly its words.

    `listed` says where the rest is of what `is_cut`.
    """

    hits: Sequence[Hit]
    understood: str = ""
    notes: Sequence[str] = ()
    is_similar: bool = False
    is_cut: bool = False
    listed: Listed | None = None

    @property
    def read_as(self) -> str:
        """What was written and what is shown for it, where the first hit has other words; else empty."""
        asked, shown = self.hits[0].read_as if self.hits else ("", "")
        if not asked:
            return ""
        return _("You wrote “%(asked)s”; shown is “%(shown)s”.") % {"asked": asked, "shown": shown}

    @property
    def unfinished(self) -> str:
        """That nothing has the end of the question whole, and what is shown for it; else empty."""
        asked, shown = self.hits[0].begun if self.hits and not self.is_similar else ("", "")
        if not asked:
            return ""
        told = {"asked": asked, "shown": shown}
        return _("Nothing has just “%(asked)s”. What is shown begins so, such as “%(shown)s”.") % told


Reader = Callable[[Question, int], Reading | None]
_readers: list[tuple[int, Reader]] = []
_guesses: list[Reader] = []


def register_reader(place: int, reader: Reader) -> None:
    """Add a reader; those of a lower place are asked first. Twice is once."""
    if all(known is not reader for _place, known in _readers):
        _readers.append((place, reader))
        _readers.sort(key=lambda entry: entry[0])


def register_guess(reader: Reader) -> None:
    """Add a reader that is asked where nothing has exactly the words of a question."""
    if reader not in _guesses:
        _guesses.append(reader)


def readers() -> list[Reader]:
    return [reader for _place, reader in _readers]


def answer(text: str, *, limit: int) -> Answer:
    """At most `limit` hits for a text. Raises FilterError (`q`) for one that is empty, too long or of signs only."""
    question = parse(text)
    plainer = wordings.plainer(question.text)
    has_other = words.squeezed(plainer) not in ("", question.code)
    sure, readings, by_words = _surely(question, limit, exactly=has_other)
    if sure is None:
        sure = _as_typed(text, question, limit)
    if sure is None and has_other:
        # What stands in no name as it was written may be said in another language, or with words between.
        sure, _readings, _by_words_alone = _surely(parse(plainer), limit, exactly=True)
        sure = replace(sure, understood=sure.understood or plainer) if sure and sure.hits else None
        by_words = None
    return sure or _perhaps(question, readings, by_words or _by_words(question, limit, exactly=False), limit)


def _as_typed(text: str, question: Question, limit: int) -> Answer | None:
    """What has the very letters that were typed, where they were taken for keys of other letters, or for speech."""
    typed = parse(text, as_typed=True)
    if typed.text == question.text:
        return None
    sure, _readings, _by_words_alone = _surely(typed, limit, exactly=True)
    return sure if sure and sure.hits else None


def _surely(question: Question, limit: int, *, exactly: bool) -> tuple[Answer | None, list[Reading], Reading | None]:
    """The answer where a reader is sure or something has the very words, else None; what readers and words made of it.

    `exactly`: what is only similar is not looked for.
    """
    readings: list[Reading] = []
    for reader in readers():
        reading = reader(question, limit)
        if reading is not None:
            readings.append(reading)
            if reading.is_all:
                return _told(readings, limit), readings, None
    # What is only similar is of no use beside what was understood.
    is_understood = any(reading.hits and not reading.is_last for reading in readings)
    by_words = _by_words(question, limit, exactly=exactly or is_understood)
    if any(hit.match != SIMILAR for hit in by_words.hits):
        likely = [reading for reading in readings if by_words.is_loose or not reading.is_last]
        return _told([*likely, by_words], limit), readings, by_words
    return (_told(readings, limit) if is_understood else None), readings, by_words


def _perhaps(question: Question, readings: Sequence[Reading], by_words: Reading, limit: int) -> Answer:
    """What may be meant where nothing has the words, and why nothing has."""
    guessed = [reading for guess in _guesses if (reading := guess(question, limit))]
    likely = [reading for reading in guessed if not (reading.is_last and by_words.hits)]
    firm = [reading for reading in readings if not reading.is_last]
    is_near = bool(by_words.hits) and not by_words.is_loose
    last = [replace(one, understood="") if is_near and one.hits else one for one in readings if one.is_last]
    # What is spelt nearly so side by side is likelier than a guess; what has only some of the words is not.
    behind = [*likely, by_words, *last] if is_near else [*last, *likely, by_words]
    answered = _told([*firm, *behind], limit)
    if answered.notes:
        return answered
    if not answered.hits:
        return replace(answered, notes=misses.of_words(question))
    return replace(answered, notes=misses.of_code(question)) if question.is_code else answered


def _by_words(question: Question, limit: int, *, exactly: bool) -> Reading:
    """The hits of the words alone; for a former place also what it is today."""
    found = queries.search(question, limit=limit, exactly=exactly)
    hits = hits_of(places.with_units_of_today(found)) if found else []
    # Rows that differ in their dates only are one hit, so that fewer hits than asked for may still not be all.
    is_cut = len(hits) > limit or len(found) >= limit + queries.SPARE
    is_loose = not any(one.in_a_row for one in found)
    listed = Listed(question) if is_cut and any(one.match != SIMILAR for one in found) else None
    return Reading(understood(question), places.with_notes(hits), is_cut=is_cut, is_loose=is_loose, listed=listed)


def _told(readings: Sequence[Reading], limit: int) -> Answer:
    hits: dict[str, Hit] = {}
    for reading in readings:
        for hit in reading.hits:
            hits.setdefault(hit.id, hit)
    shown_hits = list(hits.values())
    return Answer(
        hits=shown_hits[:limit],
        understood=next((reading.understood for reading in readings if reading.understood), ""),
        notes=tuple(dict.fromkeys(note for reading in readings for note in reading.notes)),
        is_similar=bool(shown_hits) and shown_hits[0].match == SIMILAR,
        is_cut=len(shown_hits) > limit or any(reading.is_cut for reading in readings),
        listed=next((reading.listed for reading in readings if reading.listed), None),
    )


__all__ = ["Answer", "Hit", "Question", "Reader", "Reading", "answer", "register_reader"]
