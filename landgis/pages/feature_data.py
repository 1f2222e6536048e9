"""The page of a feature as data: what it says beside the values of the columns, member by member as the page has it."""

import dataclasses
import html
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

PAGE = "page"  # no column is named so (a test)
# Of the context of the page what tells facts; the rest are controls and addresses of other forms.
MEMBERS = {
    "title": "title",
    "groups": "facts",
    "source": "source",
    "history": "history",
    "corners": "corners",
    "pictures": "pictures",
    "around": "surroundings",
    "uses": "uses",
}
PARTS = ("head_parts", "parts", "more_parts")


def content(row: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """The row as it is, and under `page` what its page says, in the reader's words; `is_whole` unless a part is missing."""
    told = {name: _plain(context[member]) for member, name in MEMBERS.items() if context.get(member)}
    parts = {_name(part["template"]): _plain(part["context"]) for name in PARTS for part in context[name]}
    is_whole = not (context["has_cut"] or context["has_failed"])
    return {**row, PAGE: {**told, "parts": parts, "is_whole": is_whole}}


def _name(template: str) -> str:
    """Of a part: auctions/_lot.html is "lot"."""
    return PurePath(template).stem.lstrip("_")


def _plain(value: Any) -> Any:
    """What a template was given as what JSON can hold: no markup, no objects."""
    if isinstance(value, SafeString):
        return html.unescape(strip_tags(value))
    if isinstance(value, Promise):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value
