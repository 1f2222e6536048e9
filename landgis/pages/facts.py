"""The facts on the page of a feature: each with its unit, together by group, with source and date."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from landgis.catalog.dataset import Dataset, Fact, Field
from landgis.catalog.file_columns import reported_label
from landgis.catalog.geometry_kinds import LEGAL_SRID, Measure
from landgis.catalog.provenance import source_text
from landgis.catalog.subject import Subject
from landgis.pages import accuracy
from landgis.pages.part_reader import PartReader
from landgis.pages.texts import value_text

Row = Mapping[str, Any]


def groups(subject: Subject, in_time: PartReader) -> list[dict[str, Any]]:
    """The groups in the order that the dataset declares, else as they come; each with facts and sources.

    A fact names its own source where its group has several.
    """
    own = source_text(subject.row)
    by_group: dict[str, list[tuple[str, Fact]]] = {str(label): [] for label in subject.dataset.parts.fact_groups}
    for fact in _facts(subject, in_time):
        by_group.setdefault(str(fact.group or _("Facts")), []).append((fact.source or own, fact))
    return [_group(label, facts) for label, facts in by_group.items() if facts]


def _group(label: str, facts: list[tuple[str, Fact]]) -> dict[str, Any]:
    sources = list(dict.fromkeys(source for source, fact in facts if fact.text))
    return {
        "label": label,
        "facts": [_shown(fact, source if len(sources) > 1 else "") for source, fact in facts],
        "source": sources[0] if len(sources) == 1 else "",
    }


def _shown(fact: Fact, source: str) -> dict[str, Any]:
    return {
        "name": fact.name,
        "label": fact.label,
        "text": fact.text,
        "unit": fact.unit if fact.text else "",
        "description": fact.description,
        "url": fact.url if fact.text else None,
        "source": source if fact.text else "",
        "is_as_given": fact.is_as_given,
        "applies": fact.applies,
    }


def _facts(subject: Subject, in_time: PartReader) -> Iterator[Fact]:
    dataset, row = subject.dataset, subject.row
    for field in dataset.public_fields:
        is_redacted = field.name in row.get("redacted", ())
        text = _("taken out") if is_redacted else value_text(dataset, field, row[field.name])
        if field.in_facts and (text or not field.only_if_given):
            yield Fact(
                group=field.group,
                name=field.name,
                label=dataset.label(field.name),
                text=text,
                unit=field.unit,
                is_as_given=dataset.is_free_text(field.name) and not is_redacted,
                applies=field.applies(row),
            )
    if dataset.state.field and row[dataset.state.field] != row[dataset.state.reported_field]:
        yield _reported(dataset, row)
    if dataset.geometry_kind.measure:
        yield _measured(subject, dataset.geometry_kind.measure)
    yield from in_time(_worked_out, subject) or ()


def _reported(dataset: Dataset, row: Row) -> Fact:
    """What the source said of the state, where the clock or a related feature has gone on since."""
    field = dataset.field(dataset.state.field)
    return Fact(
        group=field.group,
        label=reported_label(dataset),
        text=value_text(dataset, field, row[dataset.state.reported_field]),
        name=dataset.state.reported_field,
    )


def _worked_out(subject: Subject) -> list[Fact]:
    return list(subject.dataset.parts.facts(subject)) if subject.dataset.parts.facts else []


def _measured(subject: Subject, measure: Measure) -> Fact:
    """Stands in the group of the area on paper."""
    dataset, row = subject.dataset, subject.row
    said = [str(measure.description) % {"srid": row[LEGAL_SRID]}, accuracy.of_area(subject)]
    return Fact(
        group=dataset.field(dataset.legal_area).group if dataset.legal_area else "",
        label=dataset.model_field(measure.column).verbose_name,
        text=value_text(dataset, Field(measure.column), round(row[measure.column], 1)),
        unit=measure.unit,
        description=" ".join(filter(None, said)),
        name=measure.column,
    )
