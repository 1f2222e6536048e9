"""Reading one value of a file as the type its field declares."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from landgis.catalog import codelists
from landgis.catalog.dataset import REF, Dataset, Field, Part
from landgis.changes.issues import Finding
from landgis.ingest import dates, numbers
from landgis.ingest.dates import DayInDoubt
from landgis.ingest.numbers import AS_IT_IS, InDoubt, Notation, shown
from landgis.lib.numerals import HELD_AS_NUMBER, OtherUnit
from landgis.lib.text import fold, one_spelling

YES = {"1", "true", "yes", "y", "t", "x"}  # beside the words of the site's languages
NO = {"0", "false", "no", "n", "f"}

EXPECTED = {
    "date": _("a date such as 31/12/2026"),
    "time": _("a date and time such as 31/12/2026 08:00"),
    "list": _("a JSON list of objects with the keys %(keys)s, or in short the first two: A:1; B:2"),
    "number": _("a number such as 1250.5"),
    "whole": _("a whole number"),
    "boolean": _("yes or no"),
}


def reader(
    dataset: Dataset, field: Field, notation: Notation = AS_IT_IS
) -> Callable[[Any], tuple[Any, Finding | None]]:
    """A function that reads one value: (value or None, finding or None).

    Empty text is None. What looks alike is one text.
    """
    model_field = dataset.model_field(field.name)
    parse, expected = _parser(model_field, field, notation)
    only_now = dataset.state.unreported if field.name == dataset.state.field else ()
    form = dataset.form_of(field.name)

    def read(value: Any) -> tuple[Any, Finding | None]:
        if isinstance(value, str):
            value = one_spelling(value)
        if value is None or value == "":
            return None, None
        try:
            parsed = parse(value)
        except (InDoubt, OtherUnit) as error:
            return None, numbers.finding(error, value, field, notation)
        except DayInDoubt:
            return None, Finding("day-doubtful", field=field.name, params={"value": shown(value), **notation.both})
        except (ValueError, TypeError, InvalidOperation, OverflowError):
            params = {"value": shown(value), "expected": expected}
            code = "code-unknown" if field.codes else "value-unreadable"
            return None, Finding(code, field=field.name, params=params)
        if parsed in only_now:  # nobody reports what the clock says
            return None, Finding("code-unknown", field=field.name, params={"value": shown(value), "expected": expected})
        if field.unit and isinstance(parsed, int | float | Decimal) and parsed < 0:  # a size, an amount or a share
            return None, Finding("value-negative", field=field.name, params={"value": shown(value)})
        if form and isinstance(parsed, str) and not re.fullmatch(form, parsed):
            return None, Finding("value-form", field=field.name, params={"value": shown(value)})
        limit = getattr(model_field, "max_length", None)
        if limit and isinstance(parsed, str) and len(parsed) > limit:
            counted = {"length": len(parsed), "limit": limit}
            return None, Finding("value-too-long", field=field.name, params=counted)
        return parsed, None

    return read


def read_column(
    column: Sequence[Any], name: str, dataset: Dataset, notation: Notation = AS_IT_IS
) -> tuple[list[Any], list[tuple[int, Finding]]]:
    """The values of a field, None where one cannot be read, and what was found, by position."""
    read = reader(dataset, dataset.field(name), notation)
    # Most columns say the same few things again and again: each is read once. 1, 1.0 and True are equal but not the same.
    known: dict[tuple[type, Any], tuple[Any, Finding | None]] = {}
    parsed, found = [], []
    for index, value in enumerate(column):
        key = (type(value), value)
        try:
            result, finding = known[key]
        except KeyError:
            result, finding = known[key] = read(value)
        except TypeError:  # a list has no hash
            result, finding = read(value)
        if finding:
            found.append((index, finding))
        parsed.append(result)
    return parsed, found


def undecodable(column: Sequence[Any], name: str, encoding: str | None) -> Iterator[tuple[int, Finding]]:
    """The texts of a field with bytes that were no text of the encoding, by position."""
    for index, value in enumerate(column):
        if isinstance(value, str) and "\ufffd" in value:
            params = {"value": value[:80], "encoding": encoding or "UTF-8"}
            yield index, Finding("text-undecodable", field=name, params=params)


def refs(dataset: Dataset, read: Mapping[str, Sequence[Any]]) -> list[str]:
    """The ref of each row from the values of the identity; empty where none can be made."""
    named = [name for name in (*dataset.identity, *dataset.optional_identity) if name in read]
    identity = zip(*(read[name] for name in named), strict=True)
    made = [dataset.ref(dict(zip(named, parts, strict=True))) for parts in identity]
    return [ref if REF.fullmatch(ref) else "" for ref in made]


def _parser(model_field: models.Field, field: Field, notation: Notation) -> tuple[Callable[[Any], Any], str]:
    if field.parts:
        keys = ", ".join(part.name for part in field.parts)
        return lambda value: _list(value, field.parts), str(EXPECTED["list"]) % {"keys": keys}
    if field.codes:
        return lambda value: _code(str(field.codes), value, notation.codes), ""
    if isinstance(model_field, models.DecimalField):
        return lambda value: numbers.decimal(numbers.number(value, field, notation), model_field), str(
            EXPECTED["number"]
        )
    if isinstance(model_field, models.FloatField):
        return lambda value: float(numbers.number(value, field, notation)), str(EXPECTED["number"])
    if isinstance(model_field, models.IntegerField):
        return lambda value: numbers.whole(numbers.number(value, field, notation)), str(EXPECTED["whole"])
    if isinstance(model_field, models.DateTimeField):
        return lambda value: dates.moment(value, notation), str(EXPECTED["time"])
    if isinstance(model_field, models.DateField):
        return lambda value: dates.day(value, notation), str(EXPECTED["date"])
    if isinstance(model_field, models.BooleanField):
        return _boolean, str(EXPECTED["boolean"])
    return _text, ""


def _code(name: str, value: Any, by_hand: Mapping[str, str] = {}) -> str:
    text = _text(value)
    code = by_hand.get(text) or codelists.read_code(name, text)
    if code is None:
        raise ValueError(value)
    return code


def _text(value: Any) -> str:
    """Text of what a file holds; 12.0 read from a column of numbers is 12."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).rstrip(HELD_AS_NUMBER)


def _list(value: Any, parts: Sequence[Part]) -> str:
    """A list of objects as JSON text, with the keys, codes, dates and numbers as they are declared.

    A file writes JSON, or in short the first two keys of each: "ODT:100; CLN:250.5".
    """
    found = value
    if isinstance(value, str):
        found = json.loads(value) if value.lstrip().startswith("[") else _short_list(value, parts)
    known = {spelling: part for part in parts for spelling in (part.name, *part.source_names)}
    if not isinstance(found, list) or not all(isinstance(one, dict) and one.keys() <= known.keys() for one in found):
        raise ValueError(value)
    read = [{known[key].name: _part(known[key], text) for key, text in one.items()} for one in found]
    return json.dumps(read, ensure_ascii=False)


def _short_list(text: str, parts: Sequence[Part]) -> list[dict[str, str]]:
    found = []
    for one in re.split(r"[;+]", text):
        first, _colon, second = one.partition(":")
        found.append({parts[0].name: first.strip()} | ({parts[1].name: second.strip()} if second.strip() else {}))
    return found


def _part(part: Part, value: Any) -> str | float | None:
    if value is None or value == "":
        return None
    if part.codes:
        return _code(part.codes, one_spelling(_text(value)))
    if part.is_number:
        return float(numbers.number(value, Field(part.name), AS_IT_IS))
    return dates.day(value, AS_IT_IS).isoformat() if part.is_date else one_spelling(_text(value))


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text, (yes, no) = _text(value).lower(), _yes_and_no()
    if text not in yes | no:
        raise ValueError(value)
    return text in yes


@cache
def _yes_and_no() -> tuple[set[str], set[str]]:
    """What means yes and what no, in the languages of the site with their diacritics or without."""
    yes, no = set(YES), set(NO)
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            yes |= {gettext("yes"), fold(gettext("yes"))}
            no |= {gettext("no"), fold(gettext("no"))}
    return yes, no
