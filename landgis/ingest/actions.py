"""From a file to a change set."""

import datetime
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from landgis.accounts.models import User
from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes import actions as changes
from landgis.changes import confirmations
from landgis.changes.issues import Finding
from landgis.changes.models import ChangeSet, Door, Since
from landgis.changes.spool import FindingSpool
from landgis.ingest import columns, notations, profiles, proposal, records, resolution
from landgis.ingest.errors import FileError
from landgis.ingest.files import OpenFile, open_file
from landgis.ingest.instructions import Instructions, of_fields
from landgis.ingest.plans import ReadingPlan
from landgis.ingest.questions import Unanswered
from landgis.ingest.report import ISSUE_COLUMNS, FileReport, report_of, seen_texts
from landgis.ingest.store import KeptFile
from landgis.ingest.understanding import at_sight, understand


@dataclass(frozen=True)
class Provenance:
    """What the operator says of the file: shown with every feature that comes from it."""

    source: str = ""
    source_as_of: datetime.date | None = None
    is_made_up: bool = False
    is_complete: bool = False
    since: Since = Since.ASK


@dataclass(frozen=True)
class Intake:
    """What is asked of a file. An empty `dataset` is told by the headings."""

    dataset: str = ""
    instructions: Instructions = Instructions()  # noqa: RUF009 -- frozen, too
    provenance: Provenance = Provenance()
    profile: str = ""
    save_profile: str = ""
    leave_out: bool = False
    confirmed: Collection[int] = ()  # numbers of what would touch much of what is in force


class Onlooker:
    """Whoever is told how far the taking of a file is; may stop it by an exception. This one does not listen."""

    def see(self, seen: dict[str, Any], dataset: str) -> None:
        """What the file says of itself, before its rows are read; the dataset as far as it is known."""

    def progress(self, done: int, total: int) -> None:
        """Rows read, and in all."""


def take(
    path: Path,
    intake: Intake,
    *,
    by: User | None,
    door: Door,
    kept: KeptFile | None = None,
    onlooker: Onlooker | None = None,
    stays: bool = True,
) -> tuple[ChangeSet, FileReport]:
    """The door of every file: read, staged and checked in one transaction, with the report of it.

    Raises FileError when the file as a whole cannot be read, Unanswered when something has to be said first. `kept` is
    the file in the store, if it is there. What does not stay is rolled back, but for the profile that is saved.
    """
    onlooker = onlooker or Onlooker()
    dataset = _dataset(intake.dataset) if intake.dataset else None
    with open_file(path, intake.instructions.layer, kept.name if kept else path.name) as source:
        onlooker.see(_at_sight(source, intake.instructions), intake.dataset)
        dataset = dataset or proposal.dataset_of(source, intake.instructions)
        instructions = of_fields(dataset, intake.instructions)
        if intake.profile:
            known = at_sight(source, instructions).source.field_names
            instructions = profiles.completed(instructions, intake.profile, dataset, known)
        plan = _answered(source, dataset, instructions, onlooker)
        file = kept or KeptFile(source.sha256, path.name)
        with transaction.atomic():
            with transaction.atomic():
                change_set = stage_source(
                    plan, file, dataset, intake.provenance, by=by, door=door, progress=onlooker.progress
                )
                changes.check(change_set, leave_out=intake.leave_out)
                confirmations.confirm(change_set, intake.confirmed, by=by)
                report = report_of(change_set)
                if not stays:
                    transaction.set_rollback(True)
            if intake.save_profile:
                profiles.save(intake.save_profile, instructions, change_set)
    return change_set, report


def _dataset(name: str) -> Dataset:
    try:
        return registry.get(name)
    except KeyError:
        names = [dataset.name for dataset in registry.all_datasets()]
        raise FileError("dataset-unknown", name=name, names=names) from None


def _answered(source: OpenFile, dataset: Dataset, instructions: Instructions, onlooker: Onlooker) -> ReadingPlan:
    """How the file is read; the onlooker sees it. Raises Unanswered."""
    plan = notations.told(understand(source, dataset, instructions), dataset, instructions)
    read = reading(plan, dataset)
    onlooker.see(read, dataset.name)
    if plan.is_unanswered:
        raise Unanswered(read, dataset)
    return plan


def _at_sight(source: OpenFile, instructions: Instructions) -> dict[str, Any]:
    """What can be said of a file before its dataset is known: without values of what any dataset keeps to itself.

    Raises FileError for one that is no data.
    """
    if set(ISSUE_COLUMNS) <= set(source.field_names):
        raise FileError("issues-list")
    plan = at_sight(source, instructions)
    return plan.as_report() | {"text": [], "samples": plan.samples(_withheld(plan))}


def _withheld(plan: ReadingPlan) -> Iterator[str]:
    """Headings that name what any dataset keeps to itself, whether or not it is read as that."""
    for dataset in registry.all_datasets():
        named = columns.by_names(dataset, plan.source.field_names)
        yield from (heading for heading, name in named.items() if dataset.is_hidden(name))


def stage_source(
    plan: ReadingPlan,
    file: KeptFile,
    dataset: Dataset,
    provenance: Provenance,
    *,
    by: User | None,
    door: Door,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ChangeSet:
    """A file that is understood into a new change set, in state draft, with the issues met in reading.

    `file` is what the change set knows of it; `progress` is told rows done and in all.
    """
    change_set = changes.draft(
        dataset,
        by=by,
        door=door,
        source=provenance.source,
        source_as_of=provenance.source_as_of,
        is_made_up=provenance.is_made_up,
        is_complete=provenance.is_complete,
        since=provenance.since,
        file_name=file.name,
        file_sha256=file.sha256,
        reading=reading(plan, dataset),
    )
    with FindingSpool(plan.findings) as findings:
        records_of_file = records.of_file(plan, dataset, findings, progress)
        rows = changes.stage(change_set, _staged_columns(dataset, plan), records_of_file)
        progress(rows, rows)
        if plan.shape and plan.source.features > rows:
            findings.append(Finding("corners-joined", params={"corners": plan.source.features, "count": rows}))
        changes.record(change_set, findings)
    return change_set


def reading(plan: ReadingPlan, dataset: Dataset) -> dict[str, Any]:
    """How the file is read, as it is kept: without values that the public does not see."""
    read = plan.as_report()
    constants = {name: "" if dataset.is_hidden(name) else text for name, text in read["constants"].items()}
    withheld = {heading for heading, name in plan.columns.items() if dataset.is_hidden(name)}.union(_withheld(plan))
    return read | {
        "text": seen_texts(read, dataset),
        "constants": constants,
        "samples": plan.samples(withheld),
        "resolution_m": resolution.resolution_m(plan),
    }


def _staged_columns(dataset: Dataset, plan: ReadingPlan) -> list[str]:
    shape = dataset.geometry_kind.columns if plan.brings_geometry else []
    return [*plan.columns.values(), *plan.constants, *shape]
