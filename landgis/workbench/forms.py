"""What the forms of the workbench offer, and what comes back in them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes.models import Since
from landgis.changes.words import repair
from landgis.ingest.models import SupplierProfile
from landgis.lib import geometry, text
from landgis.workbench import choices
from landgis.workbench.choices import Choices

KEPT = "•••"  # in place of a value that the public does not see: what was said before


def offered(
    dataset: Dataset | None, headings: Iterable[str], used: Mapping[str, str], chosen: Choices, brought: Iterable[str]
) -> dict[str, Any]:
    """Everything an officer may choose of a file, with what is chosen now.

    `used` is heading -> field as the file was read, `brought` the fields that need no constant.
    """
    return {
        "chosen": chosen,
        "dataset": dataset,
        "datasets": [(one.name, one.title_plural) for one in registry.all_datasets()],
        "encodings": [(name, name.upper()) for name in text.encodings()],
        "systems": [(srid, geometry.crs(srid).name) for srid in _systems()],
        "since": Since.choices,
        "profiles": list(SupplierProfile.objects.values_list("name", "dataset")),
        "repairs": [(kind, repair(kind)) for kind in chosen.get("repairs", [])],
        "columns": _columns(dataset, headings, used, chosen) if dataset else [],
        "constants": _constants(dataset, chosen, set(brought)) if dataset else [],
    }


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


def _systems() -> list[int]:
    """Known systems, UTM of the world last."""
    return sorted(geometry.known_srids(), key=lambda srid: (32600 < srid < 32800, srid))


def _columns(
    dataset: Dataset, headings: Iterable[str], used: Mapping[str, str], chosen: Choices
) -> list[dict[str, Any]]:
    said = chosen.get("columns", {})
    fields = [(field.name, dataset.label(field.name)) for field in dataset.fields]
    return [
        {
            "heading": heading,
            "said": said.get(heading, ""),
            "read_as": _label(dataset, used.get(heading)),
            "fields": fields,
        }
        for heading in headings
    ]


def _label(dataset: Dataset, name: str | None) -> str:
    return str(dataset.label(name)) if name else ""


def _constants(dataset: Dataset, chosen: Choices, brought: set[str]) -> list[dict[str, Any]]:
    """Fields that may hold one value in every row: what identifies a feature and the file does not bring."""
    said = chosen.get("constants", {})
    names = [name for name in dataset.identity if name not in brought or name in said]
    names += [name for name in said if name not in names]
    shown = {name: KEPT if dataset.is_hidden(name) else text for name, text in said.items()}
    return [{"name": name, "label": dataset.label(name), "said": shown.get(name, "")} for name in names]
