"""Texts in files that people open with a spreadsheet program."""

import unicodedata
from typing import Any

BOM = "\ufeff"  # without it Excel does not see that a file is UTF-8
FORMULA_STARTS = "=+-@\t\r\n"


def is_formula(value: Any) -> bool:
    """Whether a spreadsheet would take it for a formula; the wide signs of East Asian keyboards are the same to it."""
    return isinstance(value, str) and value != "" and unicodedata.normalize("NFKC", value[0]) in FORMULA_STARTS


def as_text(value: Any) -> Any:
    """The same, but that a text is kept from being a formula: by an apostrophe, which `without_guard` takes off."""
    return "'" + value if _is_guarded(value) else value


def without_guard(value: Any) -> Any:
    """The value of which `as_text` gave this one."""
    return value[1:] if isinstance(value, str) and value.startswith("'") and _is_guarded(value) else value


def _is_guarded(value: Any) -> bool:
    """One that begins with apostrophes before a formula has another, so that it is taken off and not its own."""
    return isinstance(value, str) and is_formula(value.lstrip("'"))
