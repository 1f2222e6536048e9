"""Code lists: code -> label in the reader's language, and the other spellings files use for a code.

An app registers the lists it owns; a national package adds the lists of its law and the crosswalks
from the codes of its offices. A field whose list no country brought takes any text.
"""

import csv
import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise, lazy

from landgis.lib.text import fold

# A text that is translated when it is shown.
Label = str | Promise

# Lists that a country's package brings: an installation may have none.
OF_A_COUNTRY = ("land-use",)

_labels: dict[str, dict[str, Label]] = {}
_meanings: dict[str, dict[str, Label]] = {}
_kin: dict[str, dict[str, str]] = {}
_earlier: dict[str, dict[str, str]] = {}
_crosswalks: dict[str, dict[str, str]] = {}


def register(name: str, labels: Mapping[str, Label], meanings: Mapping[str, Label] = {}) -> None:
    """Make a list known: code -> label (a lazy translation), and what its codes mean where the label does not say all."""
    _labels[name] = dict(labels)
    add_meanings(name, meanings)
    _spellings.cache_clear()


def add_meanings(name: str, meanings: Mapping[str, Label]) -> None:
    """Say what codes of a list mean, of those of a country's law what they allow or forbid: code -> a sentence or two."""
    _meanings.setdefault(name, {}).update(meanings)


def meaning(name: str | None, code: str | None) -> Label:
    """What a code means in everyday words; empty where nobody said."""
    return _meanings.get(name or "", {}).get(code or "", "")


def register_kin(name: str, groups: Sequence[Sequence[str]]) -> None:
    """Say which codes of a list are the same thing under another name, such as homes in towns and in villages."""
    _kin[name] = {code: group[0] for group in groups for code in group}


def are_kin(name: str, code: str, other: str) -> bool:
    """Whether two codes of a list are the same, or of one kin."""
    kin = _kin.get(name, {})
    return kin.get(code, code) == kin.get(other, other)


def kin_json(name: str) -> str:
    """Code -> the first of its kin, for SQL; the others stand for themselves."""
    return json.dumps(_kin.get(name, {}))


def add_crosswalk(name: str, codes: Mapping[str, str]) -> None:
    """Add spellings met in files: spelling -> code of the list."""
    _crosswalks.setdefault(name, {}).update(codes)
    _spellings.cache_clear()


def register_file(name: str, path: Path) -> None:
    """Make a list known from a CSV file: `code` and a column for each language of the site."""
    register(name, _from_csv(path))


def add_meanings_file(name: str, path: Path) -> None:
    """Add meanings from a CSV file of the same form."""
    add_meanings(name, _from_csv(path))


def add_earlier_file(name: str, path: Path) -> None:
    """Add codes that rules of earlier days had, from a CSV file with `code` and `today`.

    `today` is the code that took its place, and empty where none does for certain.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    _earlier.setdefault(name, {}).update({fold(row["code"]): row["today"] for row in rows})


def earlier(name: str, text: str) -> str:
    """The code of today that a code of earlier days means for certain; empty for one of today, and for any other text."""
    return _earlier.get(name, {}).get(fold(text), "") if labels(name) and code_of(name, text) is None else ""


def read_code(name: str, text: str) -> str | None:
    """The code of today that a text means, also one of earlier days with a certain successor."""
    return code_of(name, text) or earlier(name, text) or None


def add_crosswalk_file(path: Path) -> None:
    """Add the spellings of a TOML file: a table for each list."""
    for name, codes in tomllib.loads(path.read_text(encoding="utf-8")).items():
        add_crosswalk(name, codes)


def _from_csv(path: Path) -> dict[str, Label]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: label_of(row) for row in csv.DictReader(file)}


def label_of(row: Mapping[str, str]) -> Label:
    """The text in the reader's language, chosen when it is shown; that of the site where there is none."""
    return lazy(lambda: row.get(translation.get_language() or "") or row[settings.LANGUAGE_CODE], str)()


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
