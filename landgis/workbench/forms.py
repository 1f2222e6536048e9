"""What the one form of a file offers, and what comes back in it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext

from landgis.catalog import codelists, registry
from landgis.catalog.dataset import Dataset
from landgis.changes.models import Since
from landgis.changes.words import repair
from landgis.ingest import column_answers, coordinate_columns, mistakes
from landgis.ingest.models import SupplierProfile
from landgis.ingest.numbers import shown
from landgis.ingest.questions import layer_text, notation_text
from landgis.ingest.report import facts_of
from landgis.lib import geometry, text
from landgis.workbench import choices, coordinates
from landgis.workbench.choices import CODE, NOTATION, Choices, Posted

NOTHING = Posted({}, "")
KEPT = "•••"  # in place of a value that the public does not see: what was said before


def offered(dataset: Dataset | None, read: Mapping[str, Any], said: Posted = NOTHING) -> dict[str, Any]:
    """Everything an officer may choose of a file, with what is said now; `read` is how it was read, with its questions.

    What the check of its rows leaves open comes to it by `answers.of_change_set`.
    """
    chosen = said.choices
    facts = facts_of(read, dataset)
    asked = [_with_answer(one, said, dataset) for one in facts["questions"] if dataset]
    found = coordinates.of_reading(read, dataset)
    plain = [one for one in asked if one["name"] != "reading" or one["code"] == "crs"]
    asks = {one["code"] for one in plain} | ({"reading"} if found else set())
    if dataset is None and read:
        asks.add("dataset")
    return {
        "chosen": chosen,
        "questions": plain,
        "coordinates": coordinates.with_answer(found, chosen) if found else None,
        "answered": _answered(chosen, asked, dataset) if dataset else [],
        "asks": asks,
        "layer": read.get("layer", ""),
        "layers": [(one["name"], layer_text(one)) for one in read.get("layers", [])],
        "dataset": dataset,
        "dataset_said": said.dataset,
        "datasets": [(one.name, one.title_plural) for one in registry.all_datasets()],
        "encodings": [(name, name.upper()) for name in text.encodings()],
        "systems": _systems(chosen, read),
        "since": Since.choices,
        "profiles": list(SupplierProfile.objects.values_list("name", "dataset")),
        "repairs": [{"kind": kind, "does": repair(kind), "is_on": True} for kind in chosen.get("repairs", [])],
        "columns": _columns(dataset, facts["columns"], chosen, asked) if dataset else [],
        "constants": _constants(dataset, read, said, asked) if dataset else [],
        "wrong": said.wrong,
        "can_read": True,
    }


def _with_answer(asked: dict[str, Any], posted: Posted, dataset: Dataset) -> dict[str, Any]:
    """A question with what an officer answered before; not what the public does not see."""
    chosen = posted.choices
    columns, name = chosen.get("columns", {}), asked["field"]
    if name:
        return asked | {"said": _constant(name, posted, dataset), "said_column": _heading(columns, name)}
    if asked["code"] == "geometry":
        # Where the boundaries may stay as they are, nobody names columns by sending another answer.
        likely = {one["name"]: one["column"] for one in asked["choices"] if asked["blocks"]}
        roles = [
            {"name": role, "label": gettext(label), "column": _heading(columns, role) or likely.get(role, "")}
            for role, label in coordinate_columns.LABELS.items()
        ]
        return asked | {"roles": roles}
    if asked["code"] == "column":
        return asked | {"said": columns.get(asked["column"], "")}
    return asked | {"said": str(chosen.get(asked["name"]) or "")}


def _heading(columns: Mapping[str, str], name: str) -> str:
    return next((heading for heading, field in columns.items() if field == name), "")


def _answered(chosen: Choices, asked: Iterable[Mapping[str, Any]], dataset: Dataset) -> list[dict[str, Any]]:
    """How columns are written and what values mean, as somebody answered: it goes on to hold, and can be changed."""
    questions = {one["name"] for one in asked}
    found = [
        {"name": NOTATION + heading, "label": heading, "of": "", "said": how, "choices": _ways(how)}
        for heading, how in chosen.get("notations", {}).items()
    ]
    for field, said in chosen.get("codes", {}).items():
        codes = [(code, f"{code} – {label}") for code, label in codelists.labels(dataset.field(field).codes).items()]
        found += [
            {
                "name": f"{CODE}{field}:{value}",
                "label": shown(value),
                "of": dataset.label(field),
                "said": code,
                "choices": codes,
            }
            for value, code in said.items()
        ]
    return [one for one in found if one["name"] not in questions]


def _ways(said: str) -> list[tuple[str, str]]:
    """What may be said of a column instead of what was said: how it is written, or by what its numbers are multiplied."""
    return [(str(one), notation_text(str(one))) for one in column_answers.read(said).others()]


def posted(said: QueryDict, before: Choices | None = None) -> Posted:
    """What a form says of a file. A value that the form does not offer is a 400.

    `before` are the choices that the form was made of.
    """
    try:
        found = choices.from_form(said)
    except choices.WrongChoice as error:
        raise BadRequest(str(error)) from error
    known = {one.name: one for one in registry.all_datasets()}
    if found.dataset and found.dataset not in known:
        raise BadRequest("dataset")
    constants = (before or {}).get("constants", {})
    kept = {
        name: constants.get(name, "") if text == KEPT else text for name, text in found.choices["constants"].items()
    }
    typed = frozenset(name for name, text in found.choices["constants"].items() if text != KEPT)
    stay = {"constants": {name: text for name, text in kept.items() if text}}
    found = replace(found, choices=found.choices | stay, typed=typed)
    if found.dataset != said.get("read_dataset", found.dataset):
        return replace(found, choices=_of_another(found.choices, known.get(found.dataset)))
    return found


def _of_another(chosen: Choices, dataset: Dataset | None) -> Choices:
    """The choices without what was said of fields that the dataset, which is now another one, does not have."""
    fields = {field.name for field in dataset.fields} if dataset else set()
    columns = {heading: name for heading, name in chosen["columns"].items() if name in {choices.UNUSED, *fields}}
    constants = {name: value for name, value in chosen["constants"].items() if name in fields}
    return chosen | {"columns": columns, "constants": constants, "codes": {}, "notations": {}}


def _systems(chosen: Choices, read: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """(value, name, whether it is chosen) of registered systems and of the one that is chosen, UTM of the world last.

    A value holds the correction of the coordinates, too: another system has none.
    """
    srid, fix = chosen.get("srid"), chosen.get("fix") or ""
    said = chosen.get("srid_said", coordinates.value(chosen))
    srids = sorted({*geometry.known_srids(), *([srid] if srid else [])}, key=lambda one: (32600 < one < 32800, one))
    found = [(f"{one}:", coordinates.system(one)) for one in srids]
    if srid and fix:
        taken = mistakes.by_code(fix, srid)
        how = gettext(taken.name) if taken else gettext("as it is written")
        found.insert(0, (f"{srid}:{fix}", f"{coordinates.system(srid)}: {how}"))
    return [(value, name, value == said) for value, name in found]


def _columns(
    dataset: Dataset, columns: Iterable[dict[str, Any]], chosen: Choices, asked: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Each column with the fields that it may be; not those that a question asks for, nor the columns of one."""
    said = chosen.get("columns", {})
    asked = list(asked)
    elsewhere = {one["field"] for one in asked} | {role["name"] for one in asked for role in one.get("roles", [])}
    fields = [(field.name, dataset.label(field.name)) for field in dataset.fields if field.name not in elsewhere]
    places = [(name, gettext(label)) for name, label in coordinate_columns.LABELS.items() if name not in elsewhere]
    of_questions = {one["column"] for one in asked if one["code"] == "column"}
    return [
        one
        | {
            "said": "" if said.get(one["heading"]) in elsewhere else said.get(one["heading"], ""),
            "fields": fields,
            "places": places if dataset.geometry else [],
            "is_asked": one["heading"] in of_questions,
        }
        for one in columns
    ]


def _constants(
    dataset: Dataset, read: Mapping[str, Any], posted: Posted, asked: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Fields that may hold one value in every row: what identifies a feature and the file does not bring."""
    questions = {one["field"] for one in asked}
    brought = questions.union(read.get("columns", {}).values())
    said = [name for name in posted.choices.get("constants", {}) if name not in questions]
    names = [name for name in dataset.identity if name not in brought or name in said]
    names += [name for name in said if name not in names]
    return [{"name": one, "label": dataset.label(one), "said": _constant(one, posted, dataset)} for one in names]


def _constant(name: str, posted: Posted, dataset: Dataset) -> str:
    """What is said to stand in every row, as it is shown."""
    text = str(posted.choices.get("constants", {}).get(name, ""))
    return KEPT if text and dataset.is_hidden(name) and name not in posted.typed else text
