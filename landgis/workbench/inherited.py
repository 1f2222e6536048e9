"""What a feature of a split or merge has from those before it: facts that name where their value stands.

`of` of such a fact are the refs of those, each with the revision in which it says so. A geometry that was computed is
kept as it is, in `wkb`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from landgis.catalog.dataset import Dataset, Field
from landgis.workbench import change_sets, edit_fields
from landgis.workbench.edit_fields import Fact

Rows = dict[tuple[str, int], Any]  # by ref and revision


def passed_on(dataset: Dataset) -> list[Field]:
    """The fields that pass on to who follows: neither what names a feature nor what belongs to it alone."""
    own = {*dataset.identity, *dataset.optional_identity, dataset.legal_area}
    return [field for field in dataset.fields if field.passes_on and field.name not in own]


def kept(dataset: Dataset) -> list[Field]:
    """The fields that stay with a feature that gets another number: all but those that name it, and the area, which is typed."""
    named = {*dataset.identity, *dataset.optional_identity, dataset.legal_area}
    return [field for field in dataset.fields if field.name not in named]


def whole_of(row: Any) -> Fact:
    """A value of one before, with the amounts of its lists."""
    return fact_of([row]) | {"whole": True}


def fact_of(rows: Iterable[Any]) -> Fact:
    return {"of": {row.ref: row.from_revision for row in rows}}


def value(dataset: Dataset, name: str, fact: Fact, known: Rows | None = None) -> Any:
    """What the fact says: the value of the one before; of several all rows of their lists.

    An amount in a list is a share of the whole, and nobody's who gets a part of it. Rows that are `known` are not read
    again, and those that are read are known then.
    """
    known = {} if known is None else known
    for key in fact["of"].items():
        if key not in known:
            known[key] = change_sets.row_of(dataset, *key)
    rows = [known[key] for key in fact["of"].items()]
    values = [getattr(row, name, None) for row in rows]
    parts = dataset.field(name).parts
    if not parts or fact.get("whole"):
        return values[0]
    amounts = {part.name for part in parts if part.is_number}
    lines = [line for one in values for line in one or []]
    if len(rows) > 1:
        return _together(lines, amounts)
    return [{key: told for key, told in line.items() if key not in amounts} for line in lines] or None


def _together(lines: Sequence[dict[str, Any]], amounts: set[str]) -> list[dict[str, Any]] | None:
    """Lines that differ in nothing but their amounts are one, with the sum of these."""
    found: dict[tuple[tuple[str, str], ...], dict[str, Any]] = {}
    for line in lines:
        key = tuple(sorted((name, str(told)) for name, told in line.items() if name not in amounts))
        if key not in found:
            found[key] = dict(line)
            continue
        for name in amounts:
            one, other = found[key].get(name), line.get(name)
            found[key][name] = None if one is None or other is None else one + other
    return [{name: told for name, told in line.items() if told is not None} for line in found.values()] or None


def stored(dataset: Dataset, name: str, fact: Fact, known: Rows) -> Any:
    """The same as `stage` takes it."""
    return edit_fields.stored(value(dataset, name, fact, known))
