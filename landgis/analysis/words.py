"""A table in the words of its readers: labels for headings, meanings for codes, numbers as they are written."""

import datetime
from typing import Any

import pandas as pd

# language -> (decimal mark, thousands mark, yes, no, form of a date)
_WRITING = {
    "vi": (",", ".", "có", "không", "%d/%m/%Y"),
    "en": (".", ",", "yes", "no", "%d %b %Y"),
}


def labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with labels and units as headings ("giá khởi điểm (đ)") and codes by their meaning; for reading only."""
    table = frame.copy()
    for name, codes in frame.attrs["codes"].items():
        if name in table and isinstance(table[name].dtype, pd.CategoricalDtype):
            table[name] = table[name].cat.rename_categories(codes)
    return table.rename(columns={name: heading(frame, name) for name in table.columns})


def describe(frame: pd.DataFrame) -> pd.DataFrame:
    """What the columns mean, a row for each: label, unit, description, source, accuracy and legal basis, in the table's language."""
    about = frame.attrs
    told = ("labels", "units", "descriptions", "sources", "accuracies", "legal_bases")
    names = [frame.index.name, *(name for name in frame.columns if name in about["labels"])]
    headings = ["label", "unit", "description", "source", "accuracy", "legal_basis"]
    lines = [[about[part].get(name, "") for part in told] for name in names]
    return pd.DataFrame(lines, index=pd.Index(names, name="column"), columns=headings)


def heading(frame: pd.DataFrame, name: str) -> str:
    """Label and unit of a column; its name where the declaration does not know it."""
    label = frame.attrs["labels"].get(name, name)
    unit = frame.attrs["units"].get(name)
    return f"{label} ({unit})" if unit else label


def value_text(frame: pd.DataFrame, name: str, value: Any) -> str:
    """A value of a column as text with its unit; empty for none."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    meaning = frame.attrs["codes"].get(name, {}).get(str(value))
    if meaning:
        return str(meaning)
    if hasattr(value, "item"):
        value = value.item()  # numpy's own
    unit = frame.attrs["units"].get(name)
    return _text(value, frame.attrs["language"]) + (f" {unit}" if unit else "")


def _text(value: Any, language: str) -> str:
    decimal_mark, thousands_mark, yes, no, day = _WRITING[language]
    if isinstance(value, bool):
        return yes if value else no
    if isinstance(value, datetime.date):
        return value.strftime(day)
    if isinstance(value, int | float):
        text = f"{value:,.1f}".removesuffix(".0") if isinstance(value, float) else f"{value:,}"
        return text.translate(str.maketrans(",.", thousands_mark + decimal_mark))
    return str(value)
