"""What an officer says of a file, as JSON that is kept with the run: from a form, and to the reading of the file."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from landgis.changes.models import Since
from landgis.changes.words import REPAIRS
from landgis.ingest import column_answers
from landgis.ingest.actions import Intake, Provenance
from landgis.ingest.errors import FileError
from landgis.ingest.fields import must_be_said_once
from landgis.ingest.instructions import Instructions
from landgis.lib import days, geometry, text

COLUMN, FIELD, CONSTANT, NOTATION, CODE = "column:", "field:", "constant:", "notation:", "code:"
PROPOSED, UNUSED, OTHER = "", "-", "other"
TEXTS = ("layer", "encoding", "source", "profile", "save_profile")
SWITCHES = ("leave_out", "is_complete", "is_made_up")
LONGEST_NUMBER = 12

Choices = dict[str, Any]


class WrongChoice(ValueError):
    """A choice that no form of ours offers; the text names it."""


@dataclass(frozen=True)
class Posted:
    """What a form says of a file. `wrong`: name in the form -> what is wrong with what was written there.

    What is wrong stands in the choices as it was written, so that the form can be shown again and nothing is lost; so do
    the values that were `typed` just now into fields that the public does not see: only whoever typed them gets them.
    """

    choices: Choices
    dataset: str
    wrong: Mapping[str, str] = field(default_factory=dict)
    typed: frozenset[str] = frozenset()


def from_form(said: QueryDict) -> Posted:
    """The choices of a form. Raises WrongChoice."""
    found: Choices = {name: written(said.get(name, ""))[:200] for name in TEXTS}
    found |= {name: bool(said.get(name)) for name in SWITCHES}
    found["since"] = said.get("since") or Since.ASK.value
    if found["since"] not in Since.values:
        raise WrongChoice("since")
    if found["encoding"] and found["encoding"] not in text.encodings():
        raise WrongChoice("encoding")
    found["repairs"] = sorted(set(said.getlist("repairs")))
    if not REPAIRS.keys() >= set(found["repairs"]):
        raise WrongChoice("repairs")
    found["constants"] = _pairs(said, CONSTANT)
    found["notations"] = _notations(_pairs(said, NOTATION))
    found["codes"] = _codes(_pairs(said, CODE))
    read = [
        _columns(_pairs(said, FIELD), _pairs(said, COLUMN), found["constants"]),
        _coordinates(said),
        _day(said.get("source_as_of", "")),
        numbers(said.getlist("number")),
    ]
    for values, _wrong in read:
        found |= values
    if found["layer"] and found["layer"] != said.get("read_layer", found["layer"]):
        found |= {"columns": {}, "notations": {}, "srid": None, "fix": ""}  # said of another layer: of this one nothing
    return Posted(found, said.get("dataset", ""), {name: why for _values, wrong in read for name, why in wrong.items()})


Answer = tuple[Choices, dict[str, str]]  # the choices, and what is wrong with them


def _columns(fields: Mapping[str, str], columns: Mapping[str, str], constants: Mapping[str, str]) -> Answer:
    """Heading -> field, from both ways to say it: the column of a field, and the field of a column."""
    said = {"columns": {heading: name for name, heading in fields.items()} | dict(columns)}
    twice = [heading for name, heading in fields.items() if said["columns"][heading] != name]
    if twice:
        return said, {"columns": _("Two things are said of the column “%(column)s”: leave one.") % {"column": twice[0]}}
    try:
        must_be_said_once({heading: name for heading, name in said["columns"].items() if name != UNUSED}, constants)
    except FileError as error:
        return said, {"columns": error.text(on_page=True)}
    return said, {}


def _coordinates(said: QueryDict) -> Answer:
    """The reading that is chosen of those that were found, or another system: not both."""
    of_list, other = written(said.get("reading", "")), written(said.get("srid", ""))
    chosen = other if of_list in ("", OTHER) else of_list
    srid, _colon, fix = chosen.partition(":")
    values = {"srid": _srid(srid), "fix": fix}
    as_posted = {"reading_said": of_list, "srid_said": other}
    if of_list == OTHER and not other:
        return values | as_posted, {"srid": _("Choose the coordinate system.")}
    if of_list not in ("", OTHER) and other.partition(":")[0] not in ("", srid):  # of one system the list says more
        return values | as_posted, {
            "srid": _("Two coordinate systems are chosen: choose the reading of the list, or another system.")
        }
    return values, {}


def _day(said: str) -> Answer:
    if not said.strip():
        return {"source_as_of": None}, {}
    try:
        return {"source_as_of": days.read(said).day.isoformat()}, {}
    except ValueError:
        return {"source_as_of": written(said)[:40]}, {"source_as_of": _("Write a day, such as 31/12/2026.")}


def numbers(said: Sequence[str]) -> Answer:
    """Numbers by which much that would change is confirmed, as a report writes them or plain."""
    given = [written(one)[:40] for one in said if one.strip()]
    plain = [re.sub(r"[\s.,]", "", one) for one in given]
    are_numbers = all(one.isascii() and one.isdecimal() and len(one) < LONGEST_NUMBER for one in plain)
    return {"numbers": plain if are_numbers else given}, {} if are_numbers else {
        "number": _("Write the number in digits.")
    }


def written(said: str) -> str:
    """What somebody wrote, as it can be stored."""
    return text.nfc(said.replace("\x00", "").strip())


def _pairs(said: QueryDict, start: str) -> dict[str, str]:
    given = {name[len(start) :]: written(said.get(name, "")) for name in said if name.startswith(start)}
    return {name: value for name, value in given.items() if value}


def _notations(pairs: dict[str, str]) -> dict[str, str]:
    try:
        for answer in pairs.values():
            column_answers.read(answer)
    except ValueError:
        raise WrongChoice("notation") from None
    return pairs


def _codes(pairs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Field -> value -> code, of pairs whose names are field and value."""
    codes: dict[str, dict[str, str]] = {}
    for name, code in pairs.items():
        of, _colon, value = name.partition(":")
        codes.setdefault(of, {})[value] = code
    return codes


def _srid(written: str) -> int | None:
    if not written:
        return None
    try:
        return geometry.crs(written).srid
    except (ValueError, geometry.UnknownCRS):
        raise WrongChoice("srid") from None


def intake_of(choices: Mapping[str, Any], dataset: str) -> Intake:
    """What the choices ask of a file; the dataset may be empty."""
    return Intake(
        dataset=dataset,
        instructions=_instructions(choices),
        provenance=_provenance(choices),
        profile=choices.get("profile", ""),
        save_profile=choices.get("save_profile", "")[:64],
        leave_out=choices.get("leave_out", False),
        confirmed=[int(number) for number in choices.get("numbers", [])],
    )


def read_alike(before: Choices, after: Choices, dataset: str) -> bool:
    """Whether a file is read by both in the same way, whatever is confirmed of it."""
    return replace(intake_of(before, dataset), confirmed=()) == replace(intake_of(after, dataset), confirmed=())


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
