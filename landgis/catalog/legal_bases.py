"""By which rule a field or a code list means what it means: a country's package names them."""

from collections.abc import Mapping

from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Dataset

_bases: dict[str, Label] = {}


def register(bases: Mapping[str, Label]) -> None:
    """Make rules known: the name of a code list, or dataset and field as "parcels.map_scale" -> what the rule is called."""
    _bases.update(bases)


def of(dataset: Dataset, name: str) -> Label:
    """The rule of a field, else that of its code list; empty where none is known."""
    codes = next((field.codes for field in (*dataset.fields, *dataset.derived_fields) if field.name == name), None)
    return _bases.get(f"{dataset.name}.{name}") or _bases.get(codes or "", "")
