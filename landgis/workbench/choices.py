"""What an officer says of a file, as JSON that is kept with the run: from a form, and to the reading of the file."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from landgis.changes.models import Since
from landgis.changes.words import REPAIRS
from landgis.ingest.actions import Intake, Provenance
from landgis.ingest.instructions import Instructions
from landgis.lib import days, geometry, text

COLUMN, FIELD, CONSTANT, NOTATION, CODE = "column:", "field:", "constant:", "notation:", "code:"
PROPOSED, UNUSED = "", "-"
TEXTS = ("layer", "encoding", "fix", "source", "profile", "save_profile")
SWITCHES = ("leave_out", "is_complete", "is_made_up")

Choices = dict[str, Any]


class WrongChoice(ValueError):
    """A choice that no form of ours offers; the text names it."""


def from_form(said: QueryDict) -> Choices:
    """The choices of a form. Raises WrongChoice."""
    found: Choices = {name: written(said.get(name, ""))[:200] for name in TEXTS}
    found |= {name: bool(said.get(name)) for name in SWITCHES}
    srid, _colon, fix = written(said.get("reading", "")).partition(":")
    if srid:
        found["fix"] = fix
    found["srid"] = _srid(srid or said.get("srid", ""))
    found["source_as_of"] = _day(said.get("source_as_of", ""))
    found["since"] = said.get("since") or Since.ASK.value
    if found["since"] not in Since.values:
        raise WrongChoice("since")
    if found["encoding"] and found["encoding"] not in text.encodings():
        raise WrongChoice("encoding")
    found["repairs"] = sorted(set(said.getlist("repairs")))
    if not REPAIRS.keys() >= set(found["repairs"]):
        raise WrongChoice("repairs")
    found["columns"] = _pairs(said, COLUMN) | {heading: name for name, heading in _pairs(said, FIELD).items()}
    found["constants"] = _pairs(said, CONSTANT)
    found["notations"] = _pairs(said, NOTATION)
    found["codes"] = _codes(_pairs(said, CODE))
    if found["layer"] and found["layer"] != said.get("read_layer", found["layer"]):
        found |= {"columns": {}, "srid": None, "fix": ""}  # said of another layer, of which this one knows nothing
    return found


def written(said: str) -> str:
    """What somebody wrote, as it can be stored."""
    return text.nfc(said.replace("\x00", "").strip())


def _pairs(said: QueryDict, start: str) -> dict[str, str]:
    given = {name[len(start) :]: written(said.get(name, "")) for name in said if name.startswith(start)}
    return {name: value for name, value in given.items() if value}


def _codes(pairs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Field -> value -> code, of pairs whose names are field and value."""
    codes: dict[str, dict[str, str]] = {}
    for name, code in pairs.items():
        field, _colon, value = name.partition(":")
        codes.setdefault(field, {})[value] = code
    return codes


def answered(choices: Mapping[str, Any]) -> dict[str, str]:
    """The names and values of a form that say how columns are written and what values mean."""
    notations = {NOTATION + heading: how for heading, how in choices.get("notations", {}).items()}
    codes = {
        f"{CODE}{field}:{value}": code
        for field, said in choices.get("codes", {}).items()
        for value, code in said.items()
    }
    return notations | codes


def _srid(written: str) -> int | None:
    if not written:
        return None
    try:
        return geometry.crs(written).srid
    except (ValueError, geometry.UnknownCRS):
        raise WrongChoice("srid") from None


def _day(written: str) -> str | None:
    if not written:
        return None
    try:
        return days.read(written).day.isoformat()
    except ValueError:
        raise WrongChoice("source_as_of") from None


def intake_of(choices: Mapping[str, Any], dataset: str) -> Intake:
    """What the choices ask of a file; the dataset may be empty."""
    return Intake(
        dataset=dataset,
        instructions=_instructions(choices),
        provenance=_provenance(choices),
        profile=choices.get("profile", ""),
        save_profile=choices.get("save_profile", "")[:64],
        leave_out=choices.get("leave_out", False),
    )


def _instructions(choices: Mapping[str, Any]) -> Instructions:
    said = choices.get("columns", {})
    return Instructions(
        layer=choices.get("layer") or None,
        srid=choices.get("srid"),
        fix=choices.get("fix") or None,
        repairs=frozenset(choices.get("repairs", [])),
        encoding=choices.get("encoding") or None,
        columns={heading: "" if field == UNUSED else field for heading, field in said.items()},
        constants=choices.get("constants", {}),
        notations=choices.get("notations", {}),
        codes=choices.get("codes", {}),
    )


def _provenance(choices: Mapping[str, Any]) -> Provenance:
    day = choices.get("source_as_of")
    return Provenance(
        source=choices.get("source", ""),
        source_as_of=datetime.date.fromisoformat(day) if day else None,
        is_made_up=choices.get("is_made_up", False),
        is_complete=choices.get("is_complete", False),
        since=Since(choices.get("since", Since.ASK)),
    )
