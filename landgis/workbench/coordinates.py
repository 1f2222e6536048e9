"""Where the coordinates of a file lie: the readings that were found, drawn and listed, and the one that is chosen."""

from collections.abc import Mapping, Sequence
from typing import Any

from landgis.catalog.dataset import Dataset
from landgis.changes import issues
from landgis.changes.models import ChangeSet
from landgis.lib import geometry
from landgis.workbench import reading_maps
from landgis.workbench.choices import OTHER, Choices

FOUND = ("crs-missing", "crs-doubtful", "crs-alike", "crs-nameless", "crs-operations", "crs-moved")
LISTED = (
    "crs-missing",
    "crs-alike",
    "crs-nameless",
    "crs-operations",
)  # their text lists the readings, as the page does


def system(srid: int) -> str:
    return f"{geometry.crs(srid).name} (EPSG:{srid})"


def of_reading(read: Mapping[str, Any], dataset: Dataset | None) -> dict[str, Any] | None:
    """What the reading of a file asks of its coordinates; None where it asks nothing."""
    asked = next((one for one in read.get("questions", []) if one["code"] in FOUND), None)
    return _asked(asked["code"], asked["params"], asked["choices"], dataset) if asked and dataset else None


def of_change_set(change_set: ChangeSet, dataset: Dataset) -> dict[str, Any] | None:
    """What the check of a change set asks of its coordinates, too: what would move as a whole."""
    issue = change_set.issues.filter(code__in=FOUND).first()
    if issue is None:
        return None
    readings = issue.params.get("readings") or _readings_of_before(issue.params)
    return _asked(issue.code, issue.params, readings, dataset)


def _asked(
    code: str, params: Mapping[str, Any], readings: Sequence[Mapping[str, Any]], dataset: Dataset
) -> dict[str, Any]:
    message, remedy = issues.text(dataset, code, "", {**params, "readings": readings}, on_page=True)
    return {
        "message": message if code not in LISTED else "",
        "remedy": remedy,
        "readings": reading_maps.listed(readings, params.get("best", False)),
        "drawing": reading_maps.drawn(readings),
    }


def _readings_of_before(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The readings of an issue that carries names only: what was found, and what the file says."""
    plain = {"cause": "", "because": [], "metres": "0.0", "places": [], "points": []}
    named = [(params, params.get("meant") or params.get("name")), (params.get("keep") or {}, params.get("said"))]
    return [plain | {"srid": one["srid"], "fix": one["fix"], "name": name} for one, name in named if "srid" in one]


def with_answer(found: Mapping[str, Any], chosen: Choices) -> dict[str, Any]:
    """The readings with what an officer chose of them; `other` tells that it is none of them.

    As it was posted where something was wrong with that; else the list of systems names none that is a reading.
    """
    if "reading_said" in chosen:
        return {**found, "said": chosen["reading_said"], "other": OTHER, "hides_chosen": False}
    said = value(chosen)
    is_other = bool(said) and said not in [one["value"] for one in found["readings"]]
    return {**found, "said": OTHER if is_other else said, "other": OTHER, "hides_chosen": not is_other}


def value(chosen: Choices) -> str:
    """The chosen system with the correction that belongs to it, as a form has it; empty where none is chosen."""
    return f"{chosen['srid']}:{chosen.get('fix') or ''}" if chosen.get("srid") else ""
