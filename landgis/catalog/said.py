"""A sentence that asks for rows as filters of their list: "lots under 1 billion in Phú Mỹ still taking dossiers".

By rules only, each piece of the sentence by itself: an amount with its unit behind a word such as "under", days, a place,
the name of a code, what the declaration says (`Lists.spoken`). What no rule takes, or two, is handed back as it was written.
"""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict

from landgis.catalog import clock, said_phrases, said_values, said_words, unit_filters
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import parameters
from landgis.catalog.said_phrases import Pairs
from landgis.catalog.said_words import Phrase
from landgis.lib import number_words
from landgis.lib.text import fold, one_spelling

LONGEST_AMOUNT, LONGEST_PLACE, MOST_WORDS = 5, 5, 60
_PIECE = re.compile(r"[,;?](?=\s|$)|\S+?(?=[,;?.](?:\s|$)|\s|$)")
UNREAD = "unread"  # the parameter of a list for what of a sentence was not understood
Taken = tuple[int, Pairs]  # how many words a rule takes, and what they mean


@dataclass
class Said:
    """What a sentence says of the rows of a dataset: the filters, the words that say them, and those that nobody understood.

    `is_named` by what its rows are called. `is_asking` when it says an amount or a state, or days of what it names.
    `maybe` is what words say that may as well be others: "đất ở Phú Mỹ" is land in Phú Mỹ, or homes there.
    """

    pairs: Pairs = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    maybe: list[str] = field(default_factory=list)
    is_named: bool = False
    is_asking: bool = False

    def query(self, known: QueryDict | None = None) -> QueryDict:
        """The query of an address with these filters beside those that are on, and what is left of the sentence."""
        found = known.copy() if known is not None else QueryDict(mutable=True)
        for name in dict(self.pairs):
            found.setlist(name, sorted({text for other, text in self.pairs if other == name}))
        if unread := [*self.left, *self.maybe]:
            found[UNREAD] = "; ".join(unread)
        return found


def understood(dataset: Dataset, text: str, *, with_places: bool = True) -> Said:
    """What a sentence asks of the dataset; without places nobody is asked for the names of units."""
    written_words = said_words.apart(_PIECE.findall(one_spelling(text)))[:MOST_WORDS]
    folded = tuple(fold(word) for word in written_words)
    rules = _Rules(dataset, written_words, folded, with_places=with_places)
    said, at, free_from, unknown = Said(), 0, 0, list[str]()
    while at < len(folded):
        if taken := rules.of_another(at, free_from):
            unknown += written_words[at : at + taken]
            at += taken
            continue
        for rule, is_asking in rules.each:
            taken, pairs = rule(at)
            if taken:
                piece = " ".join(written_words[at : at + taken])
                said.pairs += pairs
                said.pieces += [piece] if pairs else []
                said.is_asking |= is_asking and bool(pairs) and any(letter.isalpha() for letter in piece)
                break
        else:
            taken = rules.turned(at)
            unknown += written_words[at : at + taken]
            at += taken
            continue
        said.left += [" ".join(unknown)] if unknown else []
        unknown, at = [], at + taken
        free_from = at if pairs else free_from
    said.left += [" ".join(unknown)] if unknown else []
    said.is_named, said.maybe = rules.is_named, [*rules.maybe]
    said.is_asking |= said.is_named and not {*rules.days_of}.isdisjoint(dict(said.pairs))
    return said


def ways(dataset: Dataset, text: str) -> list[Pairs]:
    """What words that were handed back may mean by themselves."""
    found = understood(dataset, text)
    if found.pairs and not found.left:
        return [found.pairs]
    readings = said_values.readings(text) if dataset.lists.spoken else []
    return [said_values.of_days(dataset, one) for one in readings]


class _Rules:
    """The rules of one sentence; each takes where it begins, and gives how many words it takes (0: none)."""

    def __init__(self, dataset: Dataset, words: Sequence[str], folded: Phrase, *, with_places: bool):
        self.dataset, self.words, self.folded = dataset, words, folded
        self.known = {one.name for one in parameters(dataset)}
        self.phrases, self.codes = said_phrases.of_declaration(dataset), said_phrases.of_codes(dataset)
        self.called = said_phrases.called(dataset)
        self.is_named, self.maybe, self.with_places = False, dict[str, None](), with_places
        self.refused = dict[int, int]()  # where a range begins that is none -> its words
        self.each: tuple[tuple[Callable[[int], Taken], bool], ...] = (
            (self.bounded, True),
            (self.phrase, True),
            (self.named, False),
            (self.days, False),
            (self.place, False),
            (self.code, False),
            (self.filler, False),
        )

    def of_another(self, at: int, free_from: int) -> int:
        """How many words are an amount or days of what no filter is of: "deposit under 200 million", "20 million per m2".

        Words up to `free_from` say something already, and no amount is of them; days may be.
        """
        taken, pairs = self.bounded(at)
        if not pairs:
            taken, pairs = self.days(at)
        if not pairs:
            return 0
        is_days = pairs[0][0] in self.days_of
        behind = said_words.length_of(said_words.OTHER, self.folded, at + taken)
        return taken + behind if behind or self._is_of_other(0 if is_days else free_from, at) else 0

    def _is_of_other(self, begin: int, end: int) -> bool:
        while end > begin and not said_words.ends_with(said_words.OTHER, self.folded[begin:end]):
            if not any(
                self.folded[end - 1 : end] in said_words.phrases(kind) for kind in (said_words.FILLER, said_words.TO)
            ):
                return False
            end -= 1
        return end > begin

    def bounded(self, at: int) -> Taken:
        """ "Under 1 billion", "from 1 to 2 ha", "2 billion or less", "before 4/12", "from Monday to Friday"."""
        for kind, is_last in (
            (said_words.BELOW, True),
            (said_words.BEFORE, True),
            (said_words.ABOVE, False),
            (said_words.AFTER, False),
            (said_words.UNTIL, True),
            (said_words.THROUGH, True),
        ):
            length = said_words.length_of(kind, self.folded, at)
            if kind == said_words.ABOVE and length and (ends := self._range(at + length, said_words.TO)):
                return (length + ends[0], ends[1]) if ends[1] else ends
            step = {said_words.BEFORE: -1, said_words.AFTER: 1}.get(kind, 0)
            found = self._end(at + length, is_last=is_last, step=step) if length else None
            is_sure = kind not in said_words.DAYS or self._is_up_to(at + length, found, kind == said_words.THROUGH)
            if found and is_sure:
                return length + found[0], found[1]
        if ends := self._range(at, said_words.DASH):
            return (0, []) if self._is_numbered(at) else ends
        if found := self._amount(at, is_last=True):
            for kind, is_last in ((said_words.BELOW_BEHIND, True), (said_words.ABOVE_BEHIND, False)):
                if behind := said_words.length_of(kind, self.folded, at + found[0]):
                    amount = self._amount(at, is_last=is_last)
                    return (amount[0] + behind, amount[1]) if amount else (0, [])
        return 0, []

    def _range(self, at: int, joint: str) -> Taken | None:
        """Both ends, of one thing: "from 1 to 2 billion", "4/12 - 10/12". It takes none of one that ends before it begins."""
        for length in range(1, LONGEST_AMOUNT + 1):
            to = at + length + said_words.length_of(joint, self.folded, at + length)
            if to == at + length or not (end := self._end(to, is_last=True, step=0)):
                continue
            low, high = " ".join(self.words[at : at + length]), " ".join(self.words[to : to + end[0]])
            begin = (length, said_values.amount(self.dataset, low, is_last=False, like=high))
            if not begin[1] and self.days_of and (day := said_values.first_day(low, high)):
                begin = (length, [(self.days_of[0], day.isoformat())])
            if not begin[1]:
                begin = self._end(at, is_last=False, step=0) or (0, [])
            if begin[0] == length:
                if self._is_range(*begin[1], *end[1]):
                    return to + end[0] - at, begin[1] + end[1]
                self.refused[at] = to + end[0] - at
                return 0, []
        return None

    def _is_up_to(self, at: int, found: Taken | None, to_the_end: bool) -> bool:
        """Whether a last day is sure: "until December" may be without it, and nobody applies until 100 m²."""
        spans = said_values.days(self.words[at : at + found[0]])[1] if found else []
        return len(spans) == 1 and (to_the_end or spans[0].first == spans[0].last)

    def turned(self, at: int) -> int:
        """How many words from one that no rule takes say something else together: "not in Phú Mỹ", "end of December", "from 2 to 1"."""
        length = max(said_words.length_of(kind, self.folded, at) for kind in said_words.TURNING)
        to = at + length
        if to in self.refused:
            return length + self.refused[to]
        while length and to < len(self.folded) and (skipped := self.filler(to)[0]):
            to += skipped
        taken = max((taken for rule, _is in self.each if (taken := rule(to)[0])), default=0) if length else 0
        for some in [text for text in self.maybe if taken and text in " ".join(self.words[to : to + taken])]:
            del self.maybe[some]
        return to + taken - at if taken else 1

    def _is_range(self, low: tuple[str, str], high: tuple[str, str]) -> bool:
        """Whether two filters are the ends of one thing, and in order."""
        if (low[0], high[0]) == tuple(self.days_of):
            return low[1] <= high[1]
        is_one = low[0].removesuffix("_min") == high[0].removesuffix("_max")
        return is_one and Decimal(low[1]) <= Decimal(high[1])

    def _is_numbered(self, at: int) -> bool:
        """Whether a bare number from here may be that of a thing: "lot 1 - 2 billion"."""
        before = self.folded[at - 1 : at]
        return self.words[at].isdecimal() and bool(before) and before not in said_words.phrases(said_words.FILLER)

    def _end(self, at: int, *, is_last: bool, step: int) -> Taken | None:
        if not step and (found := self._amount(at, is_last=is_last)):
            return found
        taken, found_days = said_values.days(self.words[at:])
        if len(found_days) != 1 or not self.days_of:
            return None
        span = found_days[0]
        day = span.last if is_last and not step else span.first if is_last or not step else span.last
        return taken, [(self.days_of[is_last], (day + datetime.timedelta(days=step)).isoformat())]

    def _amount(self, at: int, *, is_last: bool) -> Taken | None:
        """An amount with its unit, from here; None where there is none, or another figure behind leaves it open."""
        for length in range(min(LONGEST_AMOUNT, len(self.words) - at), 0, -1):
            text = " ".join(self.words[at : at + length])
            if said_values.field_of(self.dataset, text) is None:
                continue
            behind = self.folded[at + length] if at + length < len(self.folded) else ""
            if behind[:1].isdigit() or (
                number_words.certain(behind) is not None and not said_values.days(self.words[at + length :])[0]
            ):
                return None
            meant = said_values.amount(self.dataset, text, is_last=is_last)
            return (length, meant) if meant else None
        return None

    @property
    def days_of(self) -> Sequence[str]:
        return self.dataset.lists.spoken.days if self.dataset.lists.spoken else ()

    def days(self, at: int) -> Taken:
        """ "Next week", "in December", "upcoming"."""
        if not self.days_of:
            return 0, []
        if length := said_words.length_of(said_words.AHEAD, self.folded, at):
            return length, [(self.days_of[0], clock.today().isoformat())]
        lead = said_words.length_of(said_words.PLACE, self.folded, at)
        for skipped in dict.fromkeys((0, lead)):
            taken, found = said_values.days(self.words[at + skipped :])
            if len(found) > 1:
                self.maybe[" ".join(self.words[at + skipped : at + skipped + taken])] = None
            if found:
                return skipped + taken, said_values.of_days(self.dataset, found[0]) if len(found) == 1 else []
        return 0, []

    def phrase(self, at: int) -> Taken:
        """What the declaration says, and the names of codes of the state."""
        return self._longest(at, self.phrases)

    def _longest(self, at: int, known: Mapping[Phrase, Pairs]) -> Taken:
        for length in range(min(said_words.MOST_WORDS, len(self.folded) - at), 0, -1):
            if found := known.get(self.folded[at : at + length]):
                return length, found
        return 0, []

    def named(self, at: int) -> Taken:
        for length in range(min(said_words.MOST_WORDS, len(self.folded) - at), 0, -1):
            if self.folded[at : at + length] in self.called:
                self.is_named = True
                return length, []
        return 0, []

    def code(self, at: int) -> Taken:
        """The name of a code. Where its last word says where as well, it may be either: the place alone is sure."""
        length, pairs = self._longest(at, self.codes)
        last = at + length - 1
        if length > 1 and said_words.length_of(said_words.PLACE, self.folded, last) and self.place(last)[0] > 1:
            self.maybe[" ".join(self.words[at : at + length])] = None
            return length - 1, []
        return length, pairs

    def place(self, at: int) -> Taken:
        """A unit by its name, behind a word such as "in" or without one; behind "near" that from which distances count."""
        if not self.with_places:
            return 0, []
        near = said_words.length_of(said_words.NEAR, self.folded, at)
        lead = near or said_words.length_of(said_words.PLACE, self.folded, at)
        parameter = "near" if near else said_phrases.place_parameter(self.dataset, self.known)
        for length in range(min(LONGEST_PLACE, len(self.words) - at - lead), 0 if lead else 1, -1):
            text = " ".join(self.words[at + lead : at + lead + length])
            if parameter and unit_filters.is_called(text):
                return lead + length, [(parameter, text)]
        return 0, []

    def filler(self, at: int) -> Taken:
        return said_words.length_of(said_words.FILLER, self.folded, at), []
