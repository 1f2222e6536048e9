"""What the forms of the workbench offer, and what comes back in them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes.models import Since
from landgis.changes.words import repair
from landgis.ingest.models import SupplierProfile
from landgis.ingest.questions import layer_text
from landgis.ingest.report import facts_of
from landgis.lib import geometry, text
from landgis.workbench import choices
from landgis.workbench.choices import Choices

KEPT = "•••"  # in place of a value that the public does not see: what was said before


def offered(dataset: Dataset | None, read: Mapping[str, Any], chosen: Choices) -> dict[str, Any]:
    """Everything an officer may choose of a file, with what is chosen now; `read` is how it was read, with its questions."""
    facts = facts_of(read, dataset)
    asked = [one | _said(one, chosen, dataset) for one in facts["questions"] if dataset]
    brought = {*read.get("columns", {}).values(), *(one["field"] for one in asked)}
    return {
        "chosen": chosen,
        "questions": asked,
        "answered": choices.answered(chosen).items(),
        "asks_layer": any(one["code"] == "layer" for one in asked),
        "layer": read.get("layer", ""),
        "layers": [(one["name"], layer_text(one)) for one in read.get("layers", [])],
        "dataset": dataset,
        "datasets": [(one.name, one.title_plural) for one in registry.all_datasets()],
        "encodings": [(name, name.upper()) for name in text.encodings()],
        "systems": [(srid, geometry.crs(srid).name) for srid in _systems(chosen.get("srid"))],
        "since": Since.choices,
        "profiles": list(SupplierProfile.objects.values_list("name", "dataset")),
        "repairs": [(kind, repair(kind)) for kind in chosen.get("repairs", [])],
        "columns": _columns(dataset, facts["columns"], chosen) if dataset else [],
        "constants": _constants(dataset, chosen, brought, asked) if dataset else [],
    }


def _said(asked: Mapping[str, Any], chosen: Choices, dataset: Dataset) -> dict[str, str]:
    """What an officer answered before; not what the public does not see."""
    name = asked["field"]
    if not name:
        return {"said": str(chosen.get(asked["name"]) or "")}
    column = next((heading for heading, field in chosen.get("columns", {}).items() if field == name), "")
    text = chosen.get("constants", {}).get(name, "")
    return {"said": KEPT if text and dataset.is_hidden(name) else text, "column": column}


def posted(said: QueryDict, before: Choices | None = None) -> tuple[Choices, str]:
    """What a form says of a file, and the dataset. A value that the form does not offer is a 400.

    `before` are the choices that the form was made of.
    """
    dataset = said.get("dataset", "")
    if dataset and dataset not in {one.name for one in registry.all_datasets()}:
        raise BadRequest("dataset")
    try:
        chosen = choices.from_form(said)
    except choices.WrongChoice as error:
        raise BadRequest(str(error)) from error
    known = (before or {}).get("constants", {})
    kept = {name: known.get(name, "") if text == KEPT else text for name, text in chosen["constants"].items()}
    return chosen | {"constants": {name: text for name, text in kept.items() if text}}, dataset


def _systems(chosen: int | None) -> list[int]:
    """Registered systems and the one that is chosen, UTM of the world last."""
    return sorted(
        {*geometry.known_srids(), *([chosen] if chosen else [])}, key=lambda srid: (32600 < srid < 32800, srid)
    )


def _columns(dataset: Dataset, columns: Iterable[dict[str, Any]], chosen: Choices) -> list[dict[str, Any]]:
    said = chosen.get("columns", {})
    fields = [(field.name, dataset.label(field.name)) for field in dataset.fields]
    return [one | {"said": said.get(one["heading"], ""), "fields": fields} for one in columns]


def _constants(
    dataset: Dataset, chosen: Choices, brought: set[str], asked: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Fields that may hold one value in every row: what identifies a feature and the file does not bring."""
    questions = {one["field"] for one in asked}
    said = {name: text for name, text in chosen.get("constants", {}).items() if name not in questions}
    names = [name for name in dataset.identity if name not in brought or name in said]
    names += [name for name in said if name not in names]
    shown = {name: KEPT if dataset.is_hidden(name) else text for name, text in said.items()}
    return [{"name": name, "label": dataset.label(name), "said": shown.get(name, "")} for name in names]
