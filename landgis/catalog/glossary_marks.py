"""Words of the glossary on pages in another language than that of papers and signs: what they are called there, and mean."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language

from landgis.catalog import guides
from landgis.catalog.guides import GlossaryWord


def explained(text: Any) -> Any:
    """The text, in HTML its longest word of the glossary marked with both; untouched where the page is in that language."""
    found = _found(str(text))
    if found is None:
        return text
    match, word = found
    return format_html(
        '{}<abbr class="word" title="{}" data-on-papers="{}">{}</abbr>{}',
        match.string[: match.start()],
        f"{word.on_papers}: {word.meaning}",
        word.on_papers,
        match[0],
        match.string[match.end() :],
    )


def words_in(texts: Iterable[Any]) -> Sequence[GlossaryWord]:
    """Those that are marked in these texts, each once."""
    found = (_found(str(text)) for text in texts)
    return list({one[1].on_papers: one[1] for one in found if one}.values())


def _found(text: str) -> tuple[re.Match[str], GlossaryWord] | None:
    language = get_language()
    if language in (None, settings.LANGUAGE_CODE):
        return None
    words, pattern = _words_of(language, tuple(guides.glossaries()))
    match = pattern.search(text) if words else None
    return (match, words[match[0].casefold()]) if match else None


@lru_cache(maxsize=8)
def _words_of(language: str | None, names: tuple[str, ...]) -> tuple[dict[str, GlossaryWord], re.Pattern[str]]:
    """The words of these glossaries in the language, which is the active one, and what finds the longest of them."""
    words = {str(word.word).casefold(): word for name in names for word in guides.glossaries()[name].words}
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return words, re.compile(rf"\b(?:{'|'.join(longest_first)})\b", re.IGNORECASE)
