"""The corners of one feature in its form."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from landgis.catalog.geometry_kinds import POINT
from landgis.workbench import change_sets, corners
from landgis.workbench.choices import written
from landgis.workbench.edit_fields import Fact
from landgis.workbench.edits import Feature


def said_in(found: Feature, said: QueryDict) -> dict[str, Fact]:
    """The fact of the corners, where they differ from what is in force."""
    text, dataset = lines_of(said.get("corners", "")), found.dataset
    known = (found.edit.facts if found.edit else {}).get(str(dataset.geometry))
    if not dataset.geometry or "corners" not in said:
        return {}
    if text == _text(found, known):
        return {dataset.geometry: known} if known else {}
    if not text or text == corners.text_of(dataset, found.base):
        return {}
    return {dataset.geometry: {"text": text, "srid": chosen_system(found, said)}}


def lines_of(text: str) -> str:
    """Corners as they were typed, as they are kept."""
    return "\n".join(written(text).splitlines())


def chosen_system(found: Feature, said: QueryDict) -> int:
    """The system in which the corners of a form are written."""
    systems = [srid for srid, _name in corners.systems(found.dataset, found.base)]
    srid = said.get("srid", "")
    return int(srid) if srid.isascii() and srid.isdecimal() and int(srid) in systems else systems[0]


def _text(found: Feature, fact: Fact | None) -> str:
    if fact is None:
        return corners.text_of(found.dataset, found.base)
    if "text" in fact:
        return str(fact["text"])
    return corners.text_of(found.dataset, change_sets.row_as_of(found.dataset, found.ref, fact["as_of"]))


def shape_of(found: Feature, facts: Mapping[str, Fact]) -> dict[str, Any] | None:
    """The control of the corners; None where features have no place."""
    if not found.dataset.geometry:
        return None
    fact = facts.get(found.dataset.geometry)
    read = corners.read(found.dataset, fact) if fact and "text" in fact else corners.ReadShape()
    text = _text(found, fact)
    return {
        "text": text,
        "is_large": not text and found.base is not None,
        "systems": corners.systems(found.dataset, found.base),
        "srid": (fact or {}).get("srid"),
        "error": read.error,
        "is_point": found.dataset.geometry_kind is POINT,
    }
