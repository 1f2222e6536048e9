"""One word of a declaration, and what may be wrong with it (see `rules`)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.functional import Promise

from landgis.catalog import codelists, geometry_kinds
from landgis.catalog.dataset import PUBLIC, REF, Dataset, Field, Meaning, Part, rules
from landgis.catalog.dataset.rules import Rule
from landgis.catalog.filters import from_query, parameters
from landgis.lib.filters import FilterError

FARTHEST, NEAREST = 0, 22  # zooms of web maps


@dataclass(frozen=True)
class Word:
    """One word of an attribute; `owner` is what the attribute belongs to, `path` and `rule` are its row in the table."""

    dataset: Dataset
    others: Mapping[str, Dataset]
    path: str
    rule: Rule
    owner: Any
    text: Any

    @property
    def of(self) -> Any:
        """What stands at the path that the rule names."""
        start = self.owner if self.rule.of.startswith(".") else self.dataset
        return next(iter(values_at(start, self.rule.of.removeprefix(".").split("."), start)), (None, None))[1]

    def fault(self, wrong: str) -> str:
        attribute = ".".join(step for step in self.path.split(".") if not re.fullmatch(r"\*|\d|keys|values", step))
        whose = f" of {self.owner.name}" if isinstance(self.owner, Field | Part) and attribute != "fields.name" else ""
        return f"{self.dataset.name}: {attribute}{whose} {wrong}"


@dataclass(frozen=True)
class NoList:
    """Stands where a list belongs, such as a text in brackets without a comma."""

    found: Any


def values_at(value: Any, steps: Sequence[str], owner: Any) -> Iterator[tuple[Any, Any]]:
    """What the attribute at the end of the path belongs to, and what it says."""
    if not steps:
        yield owner, value
    elif steps[0] == "*" and (isinstance(value, str) or not isinstance(value, Sequence)):
        yield owner, NoList(value)
    elif steps[0] == "*":
        for one in value or ([None] if steps == ["*"] else []):
            yield from values_at(one, steps[1:], owner)
    elif value is None:
        return
    elif steps[0].isdecimal():
        yield from values_at(value[int(steps[0])] if len(value) > int(steps[0]) else None, steps[1:], owner)
    elif isinstance(value, Mapping):
        for one in getattr(value, steps[0])():
            yield owner, one
    else:
        yield from values_at(getattr(value, steps[0], None), steps[1:], value)


def _field(word: Word) -> str:
    known = (*word.dataset.fields, *word.dataset.derived_fields)
    declared = next((field for field in known if field.name == word.text), None)
    return "which is no field of it" if declared is None else _of_field(word, declared)


def _of_field(word: Word, field: Field) -> str:
    """Whether the field is what the rule wants."""
    if word.rule.public and field.visibility != PUBLIC:
        return f"but {field.name} is not public"
    if word.rule.type and not TYPES[word.rule.type](field, column(word.dataset.model_of(field.name), field.name)):
        return f"but {field.name} is not {word.rule.type}"
    if word.rule.in_tiles:
        [(_owner, zoom)] = values_at(word.dataset, word.rule.in_tiles.split("."), word.dataset)
        if not travels(field, zoom):
            return f"but {field.name} does not travel in tiles from {word.rule.in_tiles} on, which is {zoom}"
    return ""


def travels(field: Field, zoom: int) -> bool:
    return field.tile_from is not None and field.tile_from <= zoom


# From the declared field and that of the model (None where there is none).
TYPES: Mapping[str, Callable[[Field, models.Field | None], bool]] = {
    rules.NUMBER: lambda field, column: isinstance(
        column, models.DecimalField | models.FloatField | models.IntegerField
    ),
    rules.WORDS: lambda field, column: isinstance(column, models.CharField | models.TextField),
    rules.CODED: lambda field, column: bool(field.codes),
    rules.YES_NO: lambda field, column: isinstance(column, models.BooleanField),
    rules.ONE_VALUE: lambda field, column: not isinstance(column, models.JSONField),
    rules.LIST: lambda field, column: isinstance(column, models.JSONField),
    rules.DAY: lambda field, column: isinstance(column, models.DateField),
}


def column(model: Any, name: Any) -> models.Field | None:
    try:
        found = model._meta.get_field(name)
    except (FieldDoesNotExist, AttributeError):
        return None
    return found if isinstance(found, models.Field) else None


def _has_column(word: Word) -> str:
    for model in (word.dataset.in_force, word.dataset.proposed):
        if column(model, word.text) is None:
            return f"which is no column of {model.__name__}"
    if isinstance(word.owner, Field):
        is_twice = [field.name for field in word.dataset.fields].count(word.text) > 1
        return "which is declared twice" if is_twice else ""
    return _of_field(word, Field(word.text))


def _flag(word: Word) -> str:
    if not isinstance(word.text, bool):
        return "which is neither True nor False"
    return _of_field(word, word.owner) if word.text and isinstance(word.owner, Field) else ""


def _geometry(word: Word) -> str:
    for model in (word.dataset.in_force, word.dataset.proposed):
        missing = [name for name in word.text.columns if column(model, name) is None]
        if missing:
            return f"but {model.__name__} has no column {missing[0]}"
    return ""


def _style(word: Word) -> str:
    every = (geometry_kinds.AREA, geometry_kinds.LINE, geometry_kinds.POINT)
    styles = word.dataset.geometry_kind.styles or [style for kind in every for style in kind.styles]
    return "" if word.text in styles else f"which is none of {', '.join(styles)}"


def _heading(word: Word) -> str:
    siblings: Sequence[Field | Part] = word.dataset.fields
    if isinstance(word.owner, Part):
        siblings = next(field.parts for field in word.dataset.fields if word.owner in field.parts)
    for one in siblings:
        headings = {str(heading).casefold() for heading in (one.name, *one.source_names)}
        if one is not word.owner and str(word.text).casefold() in headings:
            return f"which is a heading of {one.name} too"
    return "" if isinstance(word.text, str) else "which is no text"


def _key(word: Word) -> str:
    field = next(field for field in word.dataset.fields if word.owner in field.parts)
    is_twice = [part.name for part in field.parts].count(word.text) > 1
    return "which is declared twice" if is_twice else _of_field(word, field)


def _parameter(word: Word) -> str:
    taken = [lookup.name for lookup in word.dataset.lists.lookups if lookup is not word.owner]
    taken += [f"{field.name}{end}" for field in word.dataset.fields for end in ("", "_min", "_max")]
    return "which is another filter too" if word.text in taken else ""


def _filter(word: Word) -> str:
    known = [one.name for one in parameters(word.dataset)]
    return "" if word.text in known else "which is no filter of it"


def _zoom(word: Word) -> str:
    if type(word.text) is not int or not FARTHEST <= word.text <= NEAREST:
        return f"which is no zoom from {FARTHEST} to {NEAREST}"
    if not isinstance(word.owner, Field):
        return ""
    last = word.dataset.map.tiles.maxzoom
    return "which is nearer than map.tiles.maxzoom" if word.text > last else _of_field(word, word.owner)


def _value(word: Word) -> str:
    if not word.owner.filters:
        return "but the field is no filter"
    try:
        from_query(word.dataset, {})
    except FilterError as error:
        return f"which the filter does not take: {error}" if error.parameter.startswith(word.owner.name) else ""
    return ""


def _code(word: Word) -> str:
    field = next((field for field in word.dataset.fields if field.name == word.of), None)
    if field is None:
        return f"but {word.rule.of} names no field that has codes"
    known = codelists.labels(field.codes)
    return f"which is no code of {field.codes}" if known and word.text not in known else ""


def _group(word: Word) -> str:
    groups = [str(group) for group in word.dataset.parts.fact_groups]
    return "which is none of parts.fact_groups" if groups and str(word.text) not in groups else ""


def _dataset(word: Word) -> str:
    if word.text not in word.others:
        return "which is no dataset here"
    kind = word.others[word.text].geometry_kind
    if word.path == "withheld_by":
        return "" if kind.covers else "which has no areas"
    return "" if kind.column else "which has no places on a map"


def _their_field(word: Word) -> str:
    theirs = word.others[word.of].fields if word.of in word.others else ()
    field = next((field for field in theirs if field.name == word.text), None)
    if field is None:
        return f"which is no field of {word.of}"
    return "" if field.filters and field.visibility == PUBLIC else f"which is no public filter of {word.of}"


def _template(word: Word) -> str:
    try:
        get_template(word.text)
    except (TemplateDoesNotExist, TypeError, AttributeError):
        return "which is no template"
    return ""


def _free(attribute: str) -> Callable[[Word], str]:
    """A check that the word can stand in an address and that no other dataset has it in this attribute."""

    def check(word: Word) -> str:
        if not isinstance(word.text, str) or not REF.fullmatch(word.text):
            return "which is not made of letters, digits and hyphens"
        owners = [one.name for one in word.others.values() if one is not word.dataset]
        taken = [name for name in owners if getattr(word.others[name], attribute) == word.text]
        return f"which {taken[0]} has already" if taken else ""

    return check


def _meaning(word: Word) -> str:
    if not isinstance(word.text, Meaning):
        return "which is no Meaning"
    wrong = [text for text in vars(word.text).values() if not isinstance(text, str | Promise)]
    return f"in which {wrong[0]!r} is no text" if wrong else ""


# What is wrong with a word, by what its attribute names; empty where nothing is.
CHECKS: Mapping[str, Callable[[Word], str]] = {
    rules.NAME: _free("name"),
    rules.PATH: _free("path"),
    rules.TEXT: lambda word: "" if isinstance(word.text, str | Promise) else "which is no text",
    rules.FLAG: _flag,
    rules.HEADING: _heading,
    rules.CALLABLE: lambda word: "" if callable(word.text) else "which cannot be called",
    rules.MODEL: lambda word: "" if isinstance(word.text, models.base.ModelBase) else "which is no model",
    rules.FIELD: _field,
    rules.COLUMN: _has_column,
    rules.PARAMETER: _parameter,
    rules.VALUE: _value,
    rules.FILTER: _filter,
    rules.COLOUR: lambda word: "" if re.fullmatch("#[0-9a-fA-F]{6}", str(word.text)) else "which is no colour: #rrggbb",
    rules.ZOOM: _zoom,
    rules.CHOICE: lambda word: "" if word.text in word.rule.among else f"which is none of {', '.join(word.rule.among)}",
    rules.GEOMETRY: _geometry,
    rules.MEANING: _meaning,
    rules.STYLE: _style,
    rules.GROUP: _group,
    rules.KEYED: _key,
    rules.DATASET: _dataset,
    rules.THEIR_FIELD: _their_field,
    rules.CODE_LIST: lambda word: "" if codelists.may_be(word.text) else "which is no code list",
    rules.CODE: _code,
    rules.TEMPLATE: _template,
}
