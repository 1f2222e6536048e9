"""The rows of a file as records to be staged, batch by batch, with what is wrong with them."""

import json
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import structlog
from django.db import Error as DatabaseError

from landgis.catalog.dataset import Dataset
from landgis.changes.issues import Finding
from landgis.changes.marks import CUT
from landgis.changes.spool import FindingSpool
from landgis.ingest import boundaries, values
from landgis.ingest.errors import FileError
from landgis.ingest.files import batches
from landgis.ingest.formats import FAULTS, ROW, WKB, kinds
from landgis.ingest.numbers import AS_IT_IS, shown
from landgis.ingest.plans import ReadingPlan
from landgis.ingest.spellings import Spellings

log = structlog.get_logger(__name__)

Record = tuple[Any, ...]
DBF_BYTES, LETTER_BYTES = 254, 4  # of a text in a .dbf or of MapInfo, and of a letter in UTF-8
PART_ROWS = 2000  # so many boundaries, as they were and as they would be repaired, are held at a time
# Not the fault of a row: they end the reading.
OF_ALL = (DatabaseError, FileError, MemoryError)


def of_file(
    plan: ReadingPlan, dataset: Dataset, findings: FindingSpool, progress: Callable[[int, int], None]
) -> Iterator[Record]:
    """The staging records of a file; what is wrong is added to `findings`."""
    done, spellings = 0, Spellings()
    for batch in batches(plan.source, plan.shape):
        for start in range(0, batch.num_rows, PART_ROWS):
            yield from _of_batch(batch.slice(start, PART_ROWS), plan, dataset, findings)
        spellings.see(batch, plan, dataset)
        done += batch.num_rows
        progress(done, plan.source.features)
    findings.extend(spellings.told())


def _of_batch(batch: pa.RecordBatch, plan: ReadingPlan, dataset: Dataset, findings: FindingSpool) -> list[Record]:
    """The records of a batch. What nobody foresaw is an issue of the row at which it happens, found by halving."""
    met: list[Finding] = []
    try:
        made = list(_records(batch, plan, dataset, met))
    except OF_ALL:
        raise
    except Exception as error:
        if batch.num_rows == 1:
            return [_unreadable(batch, plan, dataset, findings, error)]
        half = batch.num_rows // 2
        parts = (batch.slice(0, half), batch.slice(half))
        return [record for part in parts for record in _of_batch(part, plan, dataset, findings)]
    findings.extend(met)
    return made


def _unreadable(
    batch: pa.RecordBatch, plan: ReadingPlan, dataset: Dataset, findings: FindingSpool, error: Exception
) -> Record:
    """The record of a row that cannot be read: with its values where only its geometry is at fault."""
    row, width = batch.column(ROW)[0].as_py(), len(_shape(plan, dataset))
    where = traceback.extract_tb(error.__traceback__)[-1]
    # What the error says may hold a value that nobody is to see.
    log.error("a row cannot be read", row=row, error=type(error).__name__, at=f"{where.filename}:{where.lineno}")
    findings.append(Finding("row-unreadable", row=row, params={"reason": type(error).__name__}))
    try:
        [record] = _records(batch, replace(plan, brings_geometry=False), dataset, [])
    except OF_ALL:
        raise
    except Exception:
        record = (row, "", {}, *[None] * (len(plan.columns) + len(plan.constants)))
    return (*record, *[None] * width)


def _shape(plan: ReadingPlan, dataset: Dataset) -> list[str]:
    return dataset.geometry_kind.columns if plan.brings_geometry else []


def _records(batch: pa.RecordBatch, plan: ReadingPlan, dataset: Dataset, findings: list[Finding]) -> Iterator[Record]:
    rows = batch.column(ROW).to_pylist()
    raws: list[dict[str, Any]] = [{} for _row in rows]
    read: dict[str, list[Any]] = {}
    for heading, name in plan.columns.items():
        stored = batch.column(heading).to_pylist()
        column, cut = plan.texts_of(heading, stored), _cut(stored, plan)
        read[name], met = values.read_column(column, name, dataset, plan.notations.get(name, AS_IT_IS))
        met = [(index, finding) for index, finding in met if index not in cut]
        for index, finding in [*values.undecodable(column, name, plan.encoding_of(heading)), *met]:
            findings.append(replace(finding, row=rows[index]))
        for index, _finding in met:
            raws[index][name] = shown(column[index])
        for index in cut:
            raws[index].setdefault(CUT, []).append(name)
            findings.append(Finding("value-cut", row=rows[index], field=name, params={"length": len(stored[index])}))
    for name, text in plan.constants.items():
        read[name], met = values.read_column([text] * len(rows), name, dataset)
        findings.extend(replace(finding, row=rows[index]) for index, finding in met)
    faulty = _already_faulty(batch, rows, plan, findings)
    kind = dataset.geometry_kind
    shapes = boundaries.columns(batch, kind, rows, faulty, plan, raws, findings) if plan.brings_geometry else []
    yield from zip(rows, values.refs(dataset, read), raws, *read.values(), *shapes, strict=True)


def _cut(stored: list[Any], plan: ReadingPlan) -> set[int]:
    """The places of texts as long as the format holds; one that ends before a letter of several bytes is a little shorter."""
    if plan.source.driver not in (kinds.SHAPEFILE, kinds.MAPINFO):
        return set()
    longest = range(DBF_BYTES - LETTER_BYTES + 1, DBF_BYTES + 1)
    return {index for index, text in enumerate(stored) if isinstance(text, str) and len(text) in longest}


def _already_faulty(batch: pa.RecordBatch, rows: list[int], plan: ReadingPlan, findings: list[Finding]) -> set[int]:
    """The rows (counted in the batch from 0) without a geometry for which the reader of the format has said why."""
    said = set()
    wkb = batch.column(WKB)
    for index, faults in enumerate(batch.column(FAULTS).to_pylist()):
        for code, params in json.loads(faults) if faults else ():
            code = boundaries.REPAIRED if params.get("repair") in plan.repairs else code
            findings.append(Finding(code, row=rows[index], params=params))
            if not wkb[index].is_valid:
                said.add(index)
    return said
