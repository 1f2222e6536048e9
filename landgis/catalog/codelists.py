"""Code lists: code -> label in the reader's language, and the other spellings files use for a code.

An app registers the lists it owns; a national package adds the lists of its law and the crosswalks
from the codes of its offices. A field whose list no country brought takes any text.
"""

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from landgis.lib.text import fold

# A text that is translated when it is shown.
Label = str | Promise

# Lists that a country's package brings: an installation may have none.
OF_A_COUNTRY = ("land-use",)

_labels: dict[str, dict[str, Label]] = {}
_meanings: dict[str, dict[str, Label]] = {}
_crosswalks: dict[str, dict[str, str]] = {}


def register(name: str, labels: Mapping[str, Label]) -> None:
    """Make a list known: code -> label (a lazy translation)."""
    _labels[name] = dict(labels)
    _spellings.cache_clear()


def add_meanings(name: str, meanings: Mapping[str, Label]) -> None:
    """Say what codes of a list allow or forbid, for readers who do not know the law: code -> a sentence or two."""
    _meanings.setdefault(name, {}).update(meanings)


def meaning(name: str | None, code: str | None) -> Label:
    """What a code means in everyday words; empty where nobody said."""
    return _meanings.get(name or "", {}).get(code or "", "")


def add_crosswalk(name: str, codes: Mapping[str, str]) -> None:
    """Add spellings met in files: spelling -> code of the list."""
    _crosswalks.setdefault(name, {}).update(codes)
    _spellings.cache_clear()


def labels(name: str | None) -> dict[str, Label]:
    """Code -> label; empty when no such list is registered."""
    return _labels.get(name or "", {})


def may_be(name: str) -> bool:
    """Whether there is such a list, or could be with a country's package."""
    return name in _labels or name in OF_A_COUNTRY


def code_of(name: str, text: str) -> str | None:
    """The code that a text means: the code itself, its label in any language, or a spelling of a crosswalk.

    None when the list does not know it. Without a list every text stands for itself.
    """
    known = labels(name)
    if not known or text in known:
        return text
    return _spellings(name).get(fold(text))


@cache
def _spellings(name: str) -> dict[str, str]:
    """Folded spelling -> code; what a crosswalk says goes before a label, a label before a code."""
    found = {fold(code): code for code in labels(name)}
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            found |= {fold(str(label)): code for code, label in labels(name).items()}
    return found | {fold(spelling): code for spelling, code in _crosswalks.get(name, {}).items()}
