"""From a file to a change set."""

import datetime
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from landgis.accounts.models import User
from landgis.catalog.dataset import Dataset
from landgis.changes import actions as changes
from landgis.changes.issues import Finding
from landgis.changes.models import ChangeSet, Door, Since
from landgis.ingest import boundaries, values
from landgis.ingest.files import OpenFile, batches, open_file
from landgis.ingest.formats import FAULTS, ROW, WKB
from landgis.ingest.store import KeptFile
from landgis.ingest.understanding import Instructions, ReadingPlan, understand


@dataclass(frozen=True)
class Provenance:
    """What the operator says of the file: shown with every feature that comes from it."""

    source: str = ""
    source_as_of: datetime.date | None = None
    is_made_up: bool = False
    is_complete: bool = False
    since: Since = Since.ASK


def stage_file(
    path: Path,
    dataset: Dataset,
    instructions: Instructions,
    provenance: Provenance,
    *,
    by: User | None,
    door: Door,
    progress: Callable[[int, int], None] = lambda done, total: None,
    kept: KeptFile | None = None,
) -> tuple[ChangeSet, OpenFile]:
    """Read a file into a new change set, in state draft, with the issues met in reading.

    Raises FileError when the file as a whole cannot be read. `progress` is told rows done and in all; `kept` is the
    file in the store, if it is there.
    """
    with open_file(path, instructions.layer) as source:
        file = kept or KeptFile(source.sha256, path.name)
        return stage_source(
            source, file, dataset, instructions, provenance, by=by, door=door, progress=progress
        ), source


def stage_source(
    source: OpenFile,
    file: KeptFile,
    dataset: Dataset,
    instructions: Instructions,
    provenance: Provenance,
    *,
    by: User | None,
    door: Door,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ChangeSet:
    """The same with a file that is open already; `file` is what the change set knows of it."""
    plan = understand(source, dataset, instructions)
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
        reading=plan.as_report(),
    )
    findings = list(plan.findings)
    changes.stage(change_set, _staged_columns(dataset, plan), _records(plan, dataset, findings, progress))
    changes.record(change_set, findings)
    return change_set


def _staged_columns(dataset: Dataset, plan: ReadingPlan) -> list[str]:
    shape = dataset.geometry_kind.columns if plan.brings_geometry else []
    return [*plan.columns.values(), *plan.constants, *shape]


def _records(
    plan: ReadingPlan, dataset: Dataset, findings: list[Finding], progress: Callable[[int, int], None]
) -> Iterator[tuple[Any, ...]]:
    """The staging records of a file, batch by batch; what is wrong is added to `findings`."""
    done = 0
    for batch in batches(plan.source, plan.shape):
        yield from _batch_records(batch, plan, dataset, findings)
        done += batch.num_rows
        progress(done, plan.source.features)


def _batch_records(
    batch: pa.RecordBatch, plan: ReadingPlan, dataset: Dataset, findings: list[Finding]
) -> Iterator[tuple[Any, ...]]:
    rows = batch.column(ROW).to_pylist()
    raws: list[dict[str, Any]] = [{} for _row in rows]
    read: dict[str, list[Any]] = {}
    for heading, name in plan.columns.items():
        column = plan.texts_of(heading, batch.column(heading).to_pylist())
        read[name], met = values.read_column(column, name, dataset)
        for index, finding in [*values.undecodable(column, name, plan.encoding_of(heading)), *met]:
            findings.append(replace(finding, row=rows[index]))
        for index, _finding in met:
            raws[index][name] = str(column[index])
    for name, text in plan.constants.items():
        read[name], met = values.read_column([text] * len(rows), name, dataset)
        findings.extend(replace(finding, row=rows[index]) for index, finding in met)
    faulty = _already_faulty(batch, rows, plan, findings)
    kind = dataset.geometry_kind
    shapes = boundaries.columns(batch, kind, rows, faulty, plan, raws, findings) if plan.brings_geometry else []
    yield from zip(rows, values.refs(dataset, read), raws, *read.values(), *shapes, strict=True)


def _already_faulty(batch: pa.RecordBatch, rows: list[int], plan: ReadingPlan, findings: list[Finding]) -> set[int]:
    """The rows (counted in the batch from 0) without a geometry for which the reader of the format has said why."""
    said = set()
    wkb = batch.column(WKB)
    for index, faults in enumerate(batch.column(FAULTS).to_pylist()):
        for code, params in json.loads(faults) if faults else ():
            code = boundaries.REPAIRED if plan.repair and "repair_change" in params else code
            findings.append(Finding(code, row=rows[index], params=params))
            if not wkb[index].is_valid:
                said.add(index)
    return said
