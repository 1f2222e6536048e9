"""What a dataset is, for programs: the public part of its declaration, its texts in every language of the site.

`/datasets/<name>.json` shows it beside today's numbers; the view `published.dataset_schema` holds it for those who
read the database. So both tell a notebook the same. A text is a dictionary, language -> words.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.text import format_lazy
from psycopg import sql

from landgis.catalog import codelists, exits, legal_bases, office
from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Dataset, Field, Part
from landgis.catalog.file_columns import reported_label
from landgis.catalog.filters import column, filterable
from landgis.catalog.models import SRID, Revision
from landgis.catalog.value_types import type_of
from landgis.lib import geometry

Texts = dict[str, str]


def is_shown(dataset: Dataset) -> bool:
    """Whether rows leave the house at all: a dataset that only the office uses is not told of."""
    return not dataset.is_internal and any(exits.is_open(dataset, name) for name in ("pages", "tiles", "geojson"))


def describe(dataset: Dataset) -> dict[str, Any]:
    """The declaration as plain JSON values; of the fields only the public ones, in their order."""
    return {
        "name": dataset.name,
        "path": dataset.path,
        "relation": f"published.{dataset.relation}",
        "relation_of_the_past": f"published.{dataset.reported_relation}",
        "title": texts(dataset.title_plural),
        "description": texts(dataset.description),
        "geometry": _geometry(dataset),
        "systems": _systems() if dataset.geometry else [],
        "title_field": dataset.title_field,
        "identity": list(dataset.identity),
        "fields": _fields(dataset),
        "lies_in": _lies_in(dataset),
        "units": asdict(dataset.units) if dataset.units else None,
        "lookups": [{"name": lookup.name, "label": texts(lookup.label)} for lookup in dataset.lists.lookups],
        "colour": dataset.map.colour,
        "colour_by": dataset.map.style.colour_by,
        "colours": {str(code): colour for code, colour in dataset.map.style.colours.items()},
        "licence": {"name": texts(dataset.licence.name), "url": dataset.licence.url} if dataset.licence else None,
        "attribution": texts(dataset.attribution) if dataset.attribution else _publisher(),
        "languages": [code for code, _title in settings.LANGUAGES],
        "time_zone": settings.TIME_ZONE,
    }


def select(datasets: Iterable[Dataset]) -> sql.Composable:
    """The SELECT of the view `dataset_schema`: name of the dataset, and what `describe` says of it."""
    lines = [
        sql.SQL("({}, {}::json)").format(sql.Literal(dataset.name), sql.Literal(json.dumps(describe(dataset))))
        for dataset in datasets
        if is_shown(dataset)
    ]
    none = sql.SQL("(NULL, NULL::json)")  # VALUES needs a line
    return sql.SQL(
        "SELECT dataset::text, content FROM (VALUES {}) AS s(dataset, content) WHERE dataset IS NOT NULL"
    ).format(sql.SQL(", ").join([none, *lines]))


def texts(label: Label) -> Texts:
    """A label in every language of the site."""
    found = {}
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            found[language] = str(label)
    return found


def _geometry(dataset: Dataset) -> dict[str, str] | None:
    kind = dataset.geometry_kind
    return {"name": kind.column, "type": kind.form.type_name, "crs": f"EPSG:{SRID}"} if kind.form else None


def _lies_in(dataset: Dataset) -> dict[str, Any] | None:
    """What is derived of the unit -> the column that shows it; and by which columns a unit is named in filters."""
    said = dataset.lies_in
    return {"derived": said.shown, "columns": asdict(said.columns)} if said else None


def _systems() -> list[dict[str, Any]]:
    """The country's coordinate systems with the pipelines that lead from them to degrees: what PROJ would choose differs."""
    systems = [geometry.crs(srid) for srid in geometry.known_srids() if srid not in geometry.WORLDWIDE]
    return [{"srid": system.srid, "name": system.name, "pipeline": system.pipeline} for system in systems]


def _fields(dataset: Dataset) -> list[dict[str, Any]]:
    """What a row has: its reference, the public fields, and what every exit adds to them."""
    measure = dataset.geometry_kind.measure
    units = {measure.column: measure.unit} if measure else {}
    return [
        _plain(dataset, dataset.model_field("ref")),
        *(_field(dataset, field) for field in dataset.public_fields),
        *_reported(dataset),
        *(_plain(dataset, dataset.model_field(name), units.get(name, "")) for name in dataset.geometry_kind.computed),
        _plain(dataset, Revision._meta.get_field("is_made_up")),
    ]


def _field(dataset: Dataset, field: Field) -> dict[str, Any]:
    unit = format_lazy("{}/{}", field.unit, field.per) if field.per else field.unit
    return _plain(dataset, dataset.model_field(field.name), unit) | {
        "codes": [_code(field, code, label) for code, label in codelists.labels(field.codes or field.names).items()],
        "parts": [{"name": part.name, "type": _part_type(part)} for part in field.parts],
        "filter": _filter(dataset, field),
    }


def _reported(dataset: Dataset) -> list[dict[str, Any]]:
    """Of a dataset whose state follows the clock the column with what was reported."""
    if not dataset.state.field:
        return []
    told = _field(dataset, dataset.field(dataset.state.field))
    name = dataset.state.reported_field
    meaning = dataset.meaning(name)
    said = {"description": _said(meaning.text), "source": _said(meaning.source)}
    return [told | said | {"name": name, "label": texts(reported_label(dataset)), "filter": None}]


def _part_type(part: Part) -> str:
    return "date" if part.is_date else "number" if part.is_number else "file" if part.is_file else "text"


def _code(field: Field, code: str, label: Label) -> dict[str, Any]:
    return {
        "code": str(code),
        "label": texts(label),
        "meaning": _said(codelists.meaning(field.codes or field.names, code)),
    }


def _said(text: Label) -> Texts | None:
    return texts(text) if text else None


def _plain(dataset: Dataset, field: models.Field, unit: Label = "") -> dict[str, Any]:
    meaning = dataset.meaning(field.name)
    return {
        "name": field.name,
        "type": type_of(field),
        "label": texts(field.verbose_name),
        "description": _said(meaning.text),
        "source": _said(meaning.source),
        "accuracy": _said(meaning.accuracy),
        "legal_basis": _said(legal_bases.of(dataset, field.name)),
        "unit": _said(unit or meaning.counts),
        "decimals": getattr(field, "decimal_places", None),
        "codes": [],
        "parts": [],
        "filter": None,
    }


def _filter(dataset: Dataset, field: Field) -> dict[str, Any] | None:
    """The parameters by which addresses filter, and the value that a filter has until it is named."""
    if field not in filterable(dataset):
        return None
    return {"parameters": list(column(dataset, field).parameters), "default": field.default}


def _publisher() -> Texts:
    profiles = office.current().profiles
    site = profiles[settings.LANGUAGE_CODE]
    return {language: profiles.get(language, site).name for language, _title in settings.LANGUAGES}
