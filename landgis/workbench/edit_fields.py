"""The fields of a dataset as the form of one feature has them: as texts, and as what these are read as.

A fact is what an `Edit` keeps of one field. Numbers, days and codes are read by the reader of files; what has two
readings is asked.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils import formats, timezone, translation

from landgis.catalog import codelists, money
from landgis.catalog.dataset import Dataset, Field, Part
from landgis.changes import issues
from landgis.changes.issues import Finding
from landgis.documents import store
from landgis.ingest import values
from landgis.ingest.numbers import Notation
from landgis.lib import numerals
from landgis.workbench.choices import written

Fact = dict[str, Any]
MARKS = frozenset({".", ","})
NOTATIONS = {"decimal": Notation(decimals=MARKS), "group": Notation(groups=MARKS), "": Notation()}
MOST_ROWS, SPARE_ROWS = 200, 2
# Findings whose remedy can be followed in a form; the others speak of columns and files.
REMEDIED = ("value-unreadable", "value-too-long", "unit-other", "code-unknown")


@dataclass(frozen=True)
class Read:
    """What a fact is read as; `error` says why it cannot be, and `readings` are the numbers between which to choose."""

    value: Any = None
    error: str = ""
    readings: Sequence[tuple[str, str]] = ()


def editable(dataset: Dataset, *, is_new: bool) -> list[Field]:
    """The fields that a form has. What names a feature stays as it is; whether it is public is a step of its own."""
    named = () if is_new else (*dataset.identity, *dataset.optional_identity)
    return [
        field for field in dataset.fields if field.name not in (*named, dataset.public_when) and _is_one(dataset, field)
    ]


def _is_one(dataset: Dataset, field: Field) -> bool:
    return bool(field.parts) or not isinstance(dataset.model_field(field.name), models.JSONField)


def text_of(dataset: Dataset, name: str, value: Any) -> Any:
    """A value as it stands in the form, so that it is read as itself again; of a list a list of rows."""
    field = dataset.field(name)
    if field.parts:
        return [[_cell(part, one.get(part.name)) for part in field.parts] for one in value or []]
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _number(value, is_money=field.unit is money.UNIT)
    if isinstance(value, datetime.date):
        return _moment(value)
    return "\n".join(str(value).splitlines())


def _number(value: float | Decimal, *, is_money: bool) -> str:
    """Without a doubt how it is read: thousands stand apart by blanks, and only in amounts of money."""
    whole = Decimal(str(value))
    text = numerals.for_address(whole.normalize() if whole else Decimal(0))
    before, point, after = text.partition(".")
    if is_money and not after:
        before = f"{int(before):,}".replace(",", " ")
    return before + (("," if translation.get_language() == "vi" else point) + after if after else "")


def _moment(value: datetime.date) -> str:
    if not isinstance(value, datetime.datetime):
        return value.strftime("%d/%m/%Y")
    return timezone.localtime(value).strftime("%d/%m/%Y %H:%M:%S").removesuffix(":00")


def _cell(part: Part, value: Any) -> str:
    if value is None:
        return ""
    if part.is_number:
        return _number(value, is_money=False)
    return datetime.date.fromisoformat(value).strftime("%d/%m/%Y") if part.is_date else str(value)


def is_brought(field: Field, said: QueryDict) -> bool:
    """Whether a form had the field; what it did not bring is not touched."""
    names = [f"{field.name}-0-{part.name}" for part in field.parts] or [field.name]
    return any(name in said for name in (*names, f"empty-{field.name}"))


def typed(field: Field, said: QueryDict) -> Any:
    """What was typed for a field, in the form of `text_of`."""
    if not field.parts:
        return "\n".join(written(said.get(field.name, "")).splitlines())
    rows = []
    for at in range(MOST_ROWS):
        cells = [said.get(f"{field.name}-{at}-{part.name}") for part in field.parts]
        if all(cell is None for cell in cells):
            break
        row = [written(cell or "") for cell in cells]
        if any(row):
            rows.append(row)
    return rows


def read(dataset: Dataset, name: str, fact: Fact) -> Read:
    """What a fact with a text is read as."""
    field = dataset.field(name)
    given = fact["text"]
    if field.parts:
        pairs = [zip((part.name for part in field.parts), row, strict=False) for row in given]
        given = [{key: text for key, text in one if text} for one in pairs] or None
    value, finding = values.reader(dataset, field, NOTATIONS[fact.get("mark", "")])(given)
    if finding is None and value is None and field.required:
        finding = Finding("value-missing", field=name)
    return Read(value) if finding is None else _doubtful(dataset, finding)


def _doubtful(dataset: Dataset, finding: Finding) -> Read:
    message, remedy = issues.text(dataset, finding.code, finding.field, finding.params, on_page=True)
    if finding.code == "number-doubtful":
        found = {"decimal": finding.params["number"], "group": finding.params["grouped"]}
        field = dataset.field(str(finding.field))
        readings = [
            (mark, f"{_localized(Decimal(number))} {unit_text(field)}".strip()) for mark, number in found.items()
        ]
        return Read(error=message.partition(":")[0] + ".", readings=readings)
    return Read(error=f"{message} {remedy}" if finding.code in REMEDIED else message)


def stored(value: Any) -> Any:
    """A value of a row in force as `stage` takes it."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value.hexewkb.decode() if hasattr(value, "hexewkb") else value


def shown(dataset: Dataset, name: str, value: Any) -> str:
    """A value as people read it, with its unit; whether it may be read is asked elsewhere."""
    field = dataset.field(name)
    if value in (None, "", []):
        return "–"
    if field.parts:
        rows = json.loads(value) if isinstance(value, str) else value
        return "; ".join(
            ", ".join(filter(None, (_cell_shown(part, one.get(part.name)) for part in field.parts))) for one in rows
        )
    if isinstance(value, str):
        return str(dataset.choices(name).get(value, value))
    if isinstance(value, bool):
        return str(dataset.choices(name)["true" if value else "false"])
    if isinstance(value, datetime.datetime):
        return str(formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT"))
    if isinstance(value, datetime.date):
        return str(formats.date_format(value, "SHORT_DATE_FORMAT"))
    return f"{_localized(value)} {unit_text(field)}".strip()


def square_metres(area_m2: float) -> str:
    rounded = round(area_m2, 1) + 0.0  # never -0.0
    return f"{formats.number_format(rounded, 1, force_grouping=True)} m²"


def _localized(value: float | Decimal) -> str:
    exact = Decimal(str(value))
    return str(formats.number_format(exact.normalize() if exact else 0, force_grouping=True))


def unit_text(field: Field) -> str:
    """The unit that stands with values of a field."""
    unit = money.symbol() if field.unit is money.UNIT else field.unit
    return f"{unit}/{field.per}" if field.per else str(unit)


def _cell_shown(part: Part, value: Any) -> str:
    if value in (None, ""):
        return ""
    if part.is_number:
        return _localized(value)
    if part.is_date:
        return str(formats.date_format(datetime.date.fromisoformat(value), "SHORT_DATE_FORMAT"))
    if part.is_file:
        return store.told(value) or str(value)
    return str(codelists.labels(part.codes).get(value, value))


def labels_of(dataset: Dataset, field: Field) -> Mapping[str, Any]:
    """Code -> label of what may be chosen; empty where anything may be typed."""
    found = dataset.choices(field.name)
    return {code: found[code] for code in dataset.state.reportable(field.name, found)}
