"""What a file is taken for: what the operator says of it, then what it says itself, then what it looks like."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from landgis.catalog.dataset import Dataset
from landgis.catalog.geometry_kinds import LINE, POINT
from landgis.changes.issues import Finding
from landgis.ingest import (
    areas,
    columns,
    coordinate_columns,
    coordinates,
    encodings,
    headings,
    opinions,
    roads,
    samples,
    shapes,
)
from landgis.ingest.columns import Columns
from landgis.ingest.files import OpenFile
from landgis.ingest.instructions import Instructions
from landgis.ingest.plans import ReadingPlan
from landgis.ingest.questions import FileQuestion, of_finding


def understand(source: OpenFile, dataset: Dataset, instructions: Instructions) -> ReadingPlan:
    """The plan to read a file, with the questions that nobody answers and nothing in the file.

    Raises FileError for what is said and cannot be.
    """
    plan = at_sight(source, instructions)
    source = plan.source
    said = {heading: name for heading, name in instructions.profile.items() if heading in source.field_names}
    said |= {headings.named(source.field_names, heading): name for heading, name in instructions.columns.items()}
    said, drawn = coordinate_columns.divided(said, dataset)
    found = columns.propose(dataset, source.field_names, plan.first_values(), said, instructions.constants)
    public = [Finding("personal-data", params={"column": column}) for column in found.said_public]
    whole = [Finding(code, params=params) for code, params in source.content.faults]
    plan = replace(
        plan,
        columns=found.fields,
        by_values=found.by_values,
        said=frozenset(said),
        personal=found.personal,
        added=found.added,
        repairs=instructions.repairs,
        constants=dict(instructions.constants),
        findings=(*whole, *public, *_of_columns(found, plan.first_values(), dataset)),
    )
    if source.sample is None:  # without rows there is nothing to ask for
        return plan
    unfit = _unfit(found, plan.first_values(), dataset)
    plan = replace(plan, questions=(*_layers(source, dataset, instructions), *map(_of_field, found.lacking), *unfit))
    return _with_geometry(plan, dataset, instructions, drawn) if dataset.geometry else plan


def _of_columns(found: Columns, values: Mapping[str, Sequence[Any]], dataset: Dataset) -> Iterator[Finding]:
    """What is to be said of columns that were read as a field with little certainty, or not read although called so."""
    for heading in found.second:
        yield Finding("column-second", field=found.fields[heading], params={"column": heading})
    for heading, name in found.fields.items():
        other = f"{heading}_2"  # as the readers of tables call it
        if other in values and other not in found.fields and [*values[other]] != [*values[heading]]:
            yield Finding("column-twice", field=name, params={"column": heading})
    for heading, name in found.unfit:
        yield Finding("column-unfit", field=name, params={"column": heading, "samples": _samples(heading, values)})


def _unfit(found: Columns, values: Mapping[str, Sequence[Any]], dataset: Dataset) -> Iterator[FileQuestion]:
    """What each column is that is called like a field and does not hold it; values of hidden fields are not shown."""
    personal = {one.column for one in found.personal}
    for heading, name in found.unfit:
        is_shown = not dataset.is_hidden(name) and heading not in personal
        params = {"column": heading, "of": name, "samples": _samples(heading, values) if is_shown else "…"}
        yield FileQuestion("column", params, blocks=False)


def _samples(heading: str, values: Mapping[str, Sequence[Any]]) -> str:
    return ", ".join(samples.shown({heading: values[heading]}, ())[heading])


def _layers(source: OpenFile, dataset: Dataset, instructions: Instructions) -> Iterator[FileQuestion]:
    """Which layer, where several could be meant: of those with boundaries, if the dataset has such."""
    filled = [one for one in source.content.layers if one.rows]
    drawn = [one for one in filled if one.geometry]
    meant = drawn if drawn and dataset.geometry else filled
    if instructions.layer is None and len(meant) > 1:
        yield FileQuestion("layer", choices=tuple(asdict(one) for one in meant))


def _of_field(name: str) -> FileQuestion:
    return FileQuestion("field", {"field": name})


def at_sight(source: OpenFile, instructions: Instructions) -> ReadingPlan:
    """The plan with its text decoded, before anybody asks which column is which field."""
    texts = encodings.of_fields(source, instructions.encoding)
    encoding = encodings.of_file(texts, source, instructions.encoding)
    source = source.in_encoding(encodings.of_headings(texts, source, instructions.encoding))
    named = dict(zip(source.raw_names, source.field_names, strict=True))
    plan = ReadingPlan(
        source=source,
        columns={},
        encoding=encoding,
        encodings={named[name]: one.encoding for name, one in texts.items()},
        texts=encodings.as_report(texts, named),
    )
    found = plan.first_values()
    personal = (headings.personal(name, found.get(name, ())) for name in source.field_names)
    return replace(plan, personal=tuple(one for one in personal if one))


def _with_geometry(
    plan: ReadingPlan, dataset: Dataset, instructions: Instructions, drawn: Mapping[str, str]
) -> ReadingPlan:
    """The plan with the place of the geometry and its coordinate system."""
    source = plan.source
    found = _found_shape(source, dataset, plan.columns, drawn)
    if found is None and not source.content.has_geometry:
        return _without_geometry(plan, dataset, is_named=bool(drawn))
    plan = replace(plan, brings_geometry=True, shape=found.shape if found else None)
    said = opinions.said(source, found.srid if found else None, instructions)
    how = opinions.how(instructions)
    published = areas.in_force()
    sample = opinions.sample(plan, dataset, published)
    if found is not None and found.either_way and instructions.fix is None:
        other = replace(plan, shape=found.turned.shape)
        others = opinions.sample(other, dataset, published)
        if coordinates.lands(said, others, published) > coordinates.lands(said, sample, published):
            plan, sample = other, others
    alike = opinions.alike(source, found.srid if found else None, instructions, sample)
    nameless = opinions.nameless(source, found.srid if found else None, instructions, sample)
    decision = coordinates.decide(said, how, sample, published, alike, nameless)
    decision = roads.settled(decision, how, sample, published)
    if decision.placement is None:
        return _asking(plan, FileQuestion("crs", {"said": source.crs_text[:80]}))
    chosen = decision.placement
    asked = [question for finding in decision.findings if (question := of_finding(finding))]
    return replace(
        plan,
        srid=chosen.srid,
        mistake=chosen.mistake,
        findings=(*plan.findings, *decision.findings),
        questions=(*plan.questions, *asked),
    )


def _asking(plan: ReadingPlan, question: FileQuestion) -> ReadingPlan:
    return replace(plan, questions=(*plan.questions, question))


def _without_geometry(plan: ReadingPlan, dataset: Dataset, *, is_named: bool) -> ReadingPlan:
    """The plan of a file that changes facts only; a question where nothing has a boundary that could stay.

    Also where columns were named that are no coordinates: whoever did so does not mean to leave the boundaries. Columns
    that look like coordinates are asked for, and may stay what they are.
    """
    free = {heading: column for heading, column in _written(plan.source).items() if heading in plan.unused}
    likely = tuple({"name": one, "column": heading} for one, heading in coordinate_columns.proposed(free).items())
    if is_named or not dataset.in_force._default_manager.filter(until_revision=None).exists():
        return _asking(plan, FileQuestion("geometry", choices=likely))
    plan = replace(plan, findings=(*plan.findings, Finding("geometry-kept")))
    return _asking(plan, FileQuestion("geometry", choices=likely, blocks=False)) if likely else plan


def _written(source: OpenFile) -> dict[str, list[str]]:
    """The first values of each column of a table as they are written; nothing of what is no table."""
    if not source.content.is_table or source.sample is None:
        return {}
    return {
        heading: [value or "" for value in source.sample.column(at).to_pylist()]
        for at, heading in enumerate(source.field_names)
    }


def _found_shape(
    source: OpenFile, dataset: Dataset, columns: Mapping[str, str], drawn: Mapping[str, str]
) -> shapes.TableGeometry | None:
    """The geometry of a table by the columns that somebody names, else by those that look like it; None without."""
    values = _written(source)
    if not values:
        return None
    found = coordinate_columns.shape(drawn, values) if drawn else shapes.find(source.field_names, [*values.values()])
    if found is None:
        return None
    # A point is one row; of an area or a line each row may be a corner.
    whole = () if dataset.geometry_kind is POINT else (*dataset.identity, *dataset.optional_identity)
    identity = tuple(heading for heading, name in columns.items() if name in whole)
    facts = tuple(heading for heading, name in columns.items() if name not in whole)
    shape = replace(found.shape, identity=identity, facts=facts, is_line=dataset.geometry_kind is LINE)
    return replace(found, shape=shapes.of_rows(shape, values))
