"""What the check of a change set leaves open, in the form of its file beside the questions of the reading."""

from collections.abc import Iterable
from typing import Any

from landgis.catalog.dataset import Dataset
from landgis.changes import confirmations, issues
from landgis.changes.issues import CONFIRMED
from landgis.changes.models import ChangeSet, Issue, State
from landgis.changes.words import figure, repair
from landgis.ingest.report import FileReport, RepairGroup
from landgis.workbench import coordinates, forms
from landgis.workbench.choices import Choices, Posted

REPAIRS, LEAVE_OUT, SINCE, NUMBERS, READING = "repairs", "leave_out", "since", "numbers", "reading"


def of_change_set(change_set: ChangeSet, dataset: Dataset, report: FileReport, said: Posted) -> dict[str, Any]:
    """The form of a change set: as `forms.offered`, with everything that its check leaves open."""
    chosen = said.choices
    form = forms.offered(dataset, change_set.reading, said)
    found = coordinates.of_change_set(change_set, dataset)
    waiting = confirmations.waiting(change_set)
    to_count = in_numbers(dataset, waiting) if change_set.state == State.CHECKED else []
    checked = {
        READING: found is not None,
        REPAIRS: bool(report.open_repairs),
        LEAVE_OUT: report.has_row_errors and not chosen.get("leave_out"),
        SINCE: any(group.code == "changed-since" for group in report.issues),
        NUMBERS: bool(to_count),
    }
    asked = form["asks"] - {READING} | {what for what, is_open in checked.items() if is_open}
    return form | {
        "coordinates": coordinates.with_answer(found, chosen) if found else None,
        "repairs": _repairs(report, chosen) or form["repairs"],
        "numbers": [
            {"text": text, "said": said}
            for text, said in zip(to_count, [*chosen.get("numbers", []), *[""] * len(to_count)], strict=False)
        ],
        "confirmed": [one.params["count"] for one in change_set.issues.filter(code=CONFIRMED)],
        "asks": asked,
    }


def in_numbers(dataset: Dataset, waiting: Iterable[Issue]) -> list[str]:
    """What somebody has to confirm by its number, in words."""
    return [issues.text(dataset, one.code, one.field, one.params, on_page=True)[0] for one in waiting]


def _repairs(report: FileReport, chosen: Choices) -> list[dict[str, Any]]:
    """Each kind of repair once: those that are proposed to be accepted, and those that are."""
    accepted = chosen.get("repairs", [])
    groups = {group.kind: group for group in sorted(report.repair_kinds, key=lambda one: not one.is_done) if group.kind}
    return [in_words(group) | {"is_on": kind in accepted} for kind, group in groups.items()]


def in_words(group: RepairGroup) -> dict[str, Any]:
    """The repairs of one kind in words."""
    return {
        "kind": group.kind,
        "count": group.count,
        "is_done": group.is_done,
        "does": repair(group.kind),
        "change": figure(f"{group.change_m2:+.2f}"),
    }
