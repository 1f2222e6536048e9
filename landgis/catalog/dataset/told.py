"""What a dataset tells of a feature beside its fields: a title and facts that are worked out, and days for calendars."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from landgis.catalog.codelists import Label


@dataclass(frozen=True)
class MadeTitle:
    """What readers of another language than the office's call a feature: `words` make it of the values of `fields`.

    The values come as they are or as text. Where they do not suffice the words are empty, and the office's own stand.
    """

    fields: Sequence[str] = ()
    words: Callable[[Mapping[str, Any]], str] | None = None

    def of(self, values: Mapping[str, Any]) -> str:
        is_needed = get_language() not in (None, settings.LANGUAGE_CODE)
        return self.words(values) if self.words and is_needed else ""


@dataclass(frozen=True)
class Fact:
    """A fact that a dataset works out for the page of a feature, beside those of its fields.

    `text` is as the reader reads it, empty where the office has given nothing. `source` says where it comes from and
    of when it is, where that is another than the feature's own. One that `is_as_given` is in the office's language.
    `name` is that of the column, whose meaning the page then tells. One without a text could have been given, or does
    not apply here.
    """

    group: Label
    label: Label
    text: str
    unit: Label = ""
    description: Label = ""
    url: str | None = None
    source: str = ""
    is_as_given: bool = False
    name: str = ""
    applies: bool = True


@dataclass(frozen=True)
class Contradiction:
    """What two facts of the office say against each other, as a sentence; the other one may have a page.

    The `name` of that page is in the office's language.
    """

    text: Label
    name: str = ""
    url: str | None = None


@dataclass(frozen=True)
class Moment:
    """A day or a time for a reader's own calendar. `key` names it for ever; of a deadline the calendar warns.

    One that `is_called_off` will not take place; `sequence` is higher whenever something was changed.
    """

    key: str
    title: str
    begin: datetime.date | datetime.datetime
    end: datetime.date | datetime.datetime
    place: str = ""
    about: str = ""
    url: str | None = None
    is_deadline: bool = False
    is_called_off: bool = False
    sequence: int = 0
