"""How the numbers and days of each column are written: told by all its values together, and by what is known already.

"12.106" alone may be twelve or twelve thousand. It is read where something tells which of the two it is: what the
operator says, a value of the column that leaves no doubt, a field of whole numbers, the area of the boundary, what is in
force. What nothing tells, or what two of these tell differently, is left to the operator. So are the days of a column
with one that can only be written month first.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
from django.db import models

from landgis.catalog import codelists
from landgis.catalog.dataset import NUMBERS, Dataset, Field
from landgis.changes.issues import Finding
from landgis.ingest import column_answers, files, leaps, numbers
from landgis.ingest.column_answers import MARKS, ORDERS, ColumnAnswer
from landgis.ingest.errors import FileError
from landgis.ingest.files import batches
from landgis.ingest.formats import ROW
from landgis.ingest.instructions import Instructions
from landgis.ingest.magnitudes import Magnitudes
from landgis.ingest.numbers import Notation
from landgis.ingest.plans import ReadingPlan
from landgis.ingest.questions import FileQuestion
from landgis.ingest.written_columns import DECIMALS, GROUPS, WrittenCodes, WrittenDays, WrittenNumbers
from landgis.lib import numerals
from landgis.lib.numerals import OtherUnit

WrittenColumn = WrittenNumbers | WrittenDays | WrittenCodes


def told(plan: ReadingPlan, dataset: Dataset, instructions: Instructions) -> ReadingPlan:
    """The plan with the notation of its columns of numbers and days, and what is to be said of it. Raises FileError."""
    answers = _answers(plan, instructions.notations)
    _must_be_codes(dataset, instructions.codes)
    known = Magnitudes(plan, dataset)
    notations, findings, asked = {}, list(plan.findings), list(plan.questions)
    for heading, column in _columns(plan, dataset, instructions).items():
        name, said = plan.columns[heading], answers.get(heading, ColumnAnswer())
        if isinstance(column, WrittenCodes):
            notations[name] = Notation(heading, codes=column.by_hand)
            findings += column.told(name)
            asked += _codes_asked(column, dataset, name)
        elif isinstance(column, WrittenDays):
            order = said.order or column.order
            notations[name] = Notation(heading, days=order, both=column.both)
            findings += column.told(name, order)
            asked += [] if order else [_question(dataset, name, heading, ORDERS, str(column.both["other"]))]
        else:
            notation, found, open_ones = _numbers(column, known, dataset, heading, said)
            notations[name] = replace(notation, scale=notation.scale * said.factor)
            findings += found
            asked += open_ones
    return replace(plan, notations=notations, findings=tuple(findings), questions=tuple(asked))


def _question(dataset: Dataset, name: str, heading: str, choices: Iterable[str], value: str) -> FileQuestion:
    """How a column is written; the example of a hidden field is not shown."""
    params = {"of": name, "column": heading, "value": "…" if dataset.is_hidden(name) else value}
    return FileQuestion("notation", params, tuple({"name": one} for one in choices), blocks=False)


def _numbers(
    column: WrittenNumbers, known: Magnitudes, dataset: Dataset, heading: str, said: ColumnAnswer
) -> tuple[Notation, list[Finding], list[FileQuestion]]:
    """How a column of numbers is written, what is to be said of it, and the one question that it leaves open."""
    notation, found = _of_numbers(column, known, dataset, heading, said.mark)
    doubtful = sorted(column.doubts.keys() - notation.decimals - notation.groups)
    if doubtful:
        choices = _both(column, known, dataset, heading, said)
        value = column.doubts[doubtful[0]][1]
        return notation, found, [_question(dataset, known.plan.columns[heading], heading, choices, value)]
    sized = replace(notation, scale=notation.scale * said.factor)
    leap, asked = leaps.told(known, heading, sized, said)
    return notation, [*found, *leap], asked


def _both(
    column: WrittenNumbers, known: Magnitudes, dataset: Dataset, heading: str, said: ColumnAnswer
) -> Iterator[str]:
    """How a column of numbers may be written; where it then leaps, each with what its numbers are multiplied by."""
    for way in MARKS:
        one = replace(said, way=way)
        notation, _found = _of_numbers(column, known, dataset, heading, one.mark)
        yield from map(str, leaps.answers(known, heading, notation, one))


def _codes_asked(column: WrittenCodes, dataset: Dataset, name: str) -> Iterator[FileQuestion]:
    """Which code each unknown value means, once for all rows; values of hidden fields are not shown."""
    if dataset.is_hidden(name):
        return
    choices = tuple(
        {"name": code, "of": name} for code in dataset.state.reportable(name, codelists.labels(column.codes))
    )
    for text, count in column.unknown.items():
        yield FileQuestion(
            "code", {"of": name, "value": numbers.shown(text), "whole": text, "count": count}, choices, blocks=False
        )


def _must_be_codes(dataset: Dataset, said: Mapping[str, Mapping[str, str]]) -> None:
    declared = {field.name for field in dataset.fields}
    for name, codes in said.items():
        if name not in declared or not set(codes.values()) <= set(
            dataset.state.reportable(name, dataset.choices(name))
        ):
            raise FileError("code-form")


def _answers(plan: ReadingPlan, said: Mapping[str, str]) -> dict[str, ColumnAnswer]:
    """What is said of each column. Raises FileError for what cannot be said, or of a column that there is not."""
    try:
        found = {heading: column_answers.read(text) for heading, text in said.items()}
    except ValueError:
        raise FileError("notation-form") from None
    for heading in found:
        if heading not in plan.source.field_names:  # of a column that is not read it says nothing
            raise FileError("column-unknown", heading=heading, columns=", ".join(plan.source.field_names))
    return found


def _columns(plan: ReadingPlan, dataset: Dataset, instructions: Instructions) -> dict[str, WrittenColumn]:
    """The columns of numbers, days and codes that the file holds as text: these are looked through whole.

    Days that are numbers of a spreadsheet may be typed: the first rows show them.
    """
    first = files.sample(plan.source)  # with its headings as text
    columns: dict[str, WrittenColumn] = {}
    for heading, name in plan.columns.items() if first is not None else ():
        found, codes = dataset.model_field(name), dataset.field(name).codes
        if codes and codelists.labels(codes):
            columns[heading] = WrittenCodes(codes, instructions.codes.get(name, {}))
        elif isinstance(found, NUMBERS):
            columns[heading] = WrittenNumbers()
        elif isinstance(found, models.DateField):
            columns[heading] = WrittenDays()
    texts = [heading for heading in columns if first and pa.types.is_string(first.schema.field(heading).type)]
    for batch in batches(plan.source) if texts else filter(None, [first]):
        rows = batch.column(ROW).to_pylist()
        for heading, column in columns.items():
            column.see(rows, plan.texts_of(heading, batch.column(heading).to_pylist()))
    return columns


def _of_numbers(
    column: WrittenNumbers, known: Magnitudes, dataset: Dataset, heading: str, said: str
) -> tuple[Notation, list[Finding]]:
    """What the marks of a column do, and what is to be said of it."""
    name = known.plan.columns[heading]
    findings = [Finding("notation-both", field=name, params=column.both)] if column.both else []
    scale, of_unit = _scale(heading, dataset.field(name))
    findings += of_unit
    roles: dict[str, set[str]] = {DECIMALS: set(), GROUPS: set(), "": set()}
    for mark, (_row, text) in column.doubts.items():
        role = (DECIMALS if mark == said else GROUPS) if said else column.role(mark, is_whole=_is_whole(dataset, name))
        witness, why = ("", "") if said else known.of(heading, mark, scale)
        if witness and role and witness != role:
            role = ""
        elif witness and not role:
            role = witness
            read = numerals.read(text).grouped if role == GROUPS else numerals.read(text).number
            findings.append(
                Finding("notation-told", field=name, params={"value": text, "read": str(read), "cause": why})
            )
        roles[role].add(mark)
    decimals, groups = frozenset(roles[DECIMALS]), frozenset(roles[GROUPS])
    return Notation(heading, decimals, groups, both=column.both, scale=scale), findings


def _scale(heading: str, field: Field) -> tuple[Decimal, list[Finding]]:
    """What leads from the unit of a heading to that of the field, and what is to be said of it."""
    expected = numbers.unit_text(field)
    try:
        unit = numbers.unit_of(heading, field)
    except OtherUnit as error:
        params = {"value": heading, "unit": error.unit, "expected": expected}
        return Decimal(1), [Finding("unit-other", field=field.name, params=params)]
    if unit is None or unit.scale == 1:
        return Decimal(1), []
    told = {"column": heading, "unit": unit.text, "factor": f"{unit.scale:f}", "expected": expected}
    return unit.scale, [Finding("unit-told", field=field.name, params=told)]


def _is_whole(dataset: Dataset, name: str) -> bool:
    found = dataset.model_field(name)
    return not getattr(found, "decimal_places", 1) or isinstance(found, models.IntegerField)
