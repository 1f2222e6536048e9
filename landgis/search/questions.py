"""What a reader asks, taken apart into words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from landgis.lib.filters import FilterError
from landgis.lib.text import one_spelling
from landgis.search import marks, wordings, words
from landgis.search.terms import all_of, any_of

LONGEST = 1000  # characters of a question: a pasted link, or what a scanned code holds
MOST_WORDS = 16
MOST_PARTS = 4  # of a code
LONGEST_PART = 4  # letters in a row of a code; longer ones are words of a name


@dataclass(frozen=True)
class Question:
    """What was asked: as it would be printed, as words with their marks, as folded words; `written` is as it came.

    The last word may be unfinished, or an abbreviation of the words in `ending`.
    """

    written: str
    text: str
    accented: list[str]
    folded: list[str]  # each a `WrittenWord`, which knows its marks
    ending: list[str]

    @property
    def key(self) -> str:
        return " ".join(self.folded)

    @property
    def whole(self) -> tuple[str, ...]:
        """The folded words, the last one written out if it is an abbreviation."""
        return (*self.folded[:-1], *(self.ending or self.folded[-1:]))

    @property
    def full_key(self) -> str:
        """The key if the last word is an abbreviation."""
        return " ".join(self.whole)

    @property
    def longer_endings(self) -> list[tuple[str, tuple[str, ...]]]:
        """At the end of a number such as 182/QĐ-UB: abbreviations that begin like the last one, with their further words."""
        if not any(letter.isdigit() for letter in self.text.split()[-1]):
            return []
        return [(short, marks.of(rest)) for short, rest in words.longer(self.accented[-1])]

    def completed(self, word: str) -> tuple[str, str]:
        """The last piece of the question as it was written, and the same with a word that it is only the beginning of."""
        piece, length = self.text.split()[-1], len(self.accented[-1])
        begun = piece[-length:]
        if begun.lower() != self.accented[-1]:
            return self.accented[-1], word
        whole = word.upper() if length > 1 and begun.isupper() else begun[0] + word[1:]
        return piece, piece[:-length] + whole

    @property
    def code(self) -> str:
        return words.squeezed(self.text)[:64]

    @property
    def is_code(self) -> bool:
        """Whether the text may be a code: few parts, a digit in it, and no word."""
        return (
            len(self.folded) <= MOST_PARTS
            and any(letter.isdigit() for part in self.folded for letter in part)
            and not any(part.isalpha() and len(part) > LONGEST_PART for part in self.folded)
        )

    @property
    def terms(self) -> list[str]:
        """A term of a tsquery for each word."""
        last = f"'{self.folded[-1]}':*"
        if self.ending:
            last = any_of([last, all_of(f"'{word}'" for word in self.ending)])
        return [*(f"'{word}'" for word in self.folded[:-1]), last]

    @property
    def patterns(self) -> list[str]:
        """A regular expression for each of the words that has marks, among words as they are written."""
        found = [marks.pattern(word) for word in self.folded[:-1]]
        found += [] if self.ending else [marks.pattern(self.folded[-1], is_unfinished=True)]
        return list(filter(None, found))


def parse(text: str, *, as_typed: bool = False) -> Question:
    """The question in a text, or in its letters `as_typed`. FilterError (`q`) for one that is empty, too long or has no letter
    or digit.
    """
    if "\x00" in text:
        raise FilterError("q", _("The value holds a character that no text can hold."))
    if len(text) > LONGEST:
        raise FilterError("q", _("Write at most %(most)s characters.") % {"most": LONGEST})
    printed = one_spelling(text) if as_typed else wordings.printed(one_spelling(text))
    accented = words.split(printed, unfinished=True)[:MOST_WORDS]
    folded = list(marks.of(accented))
    if not folded:
        raise FilterError("q", _("Write letters or digits: a name, an address, a code."))
    ending = list(marks.of(words.written_out(accented[-1])))
    return Question(text.strip(), printed.strip(), accented, folded, ending)


def understood(question: Question) -> str:
    """The words as they were read where that differs from what was written, abbreviations for example; else empty."""
    read = " ".join(question.accented)
    return read if words.squeezed(read) != words.squeezed(question.written) else ""
