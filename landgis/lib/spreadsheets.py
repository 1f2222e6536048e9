"""Texts in files that people open with a spreadsheet program."""

import unicodedata
from typing import Any

BOM = "\ufeff"  # without it Excel does not see that a file is UTF-8
FORMULA_STARTS = "=+-@\t\r\n"


def is_formula(value: Any) -> bool:
    """Whether a spreadsheet would take it for a formula; the wide signs of East Asian keyboards are the same to it."""
    return isinstance(value, str) and value != "" and unicodedata.normalize("NFKC", value[0]) in FORMULA_STARTS


def as_text(value: Any) -> Any:
    """The same, but that a text is kept from being a formula."""
    return "'" + value if is_formula(value) else value
