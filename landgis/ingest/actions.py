"""From a file to a change set."""

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from django.utils.translation import gettext_noop as _

from landgis.accounts.models import User
from landgis.catalog.dataset import REF, Dataset
from landgis.changes import actions as changes
from landgis.changes.issues import Finding
from landgis.changes.models import ChangeSet, Door
from landgis.ingest import encodings, shapes
from landgis.ingest.errors import FileError
from landgis.ingest.files import Source, batches, open_file
from landgis.ingest.formats import FAULTS, ROW, WKB, Shape
from landgis.ingest.values import reader
from landgis.lib import geometry


@dataclass(frozen=True)
class Reading:
    """How a file is to be read. What is None is taken from the file."""

    layer: str | None = None
    srid: int | None = None
    encoding: str | None = None
    encodings: Mapping[str, str | None] = field(default_factory=dict)
    columns: Mapping[str, str] | None = None
    shape: Shape | None = None


@dataclass(frozen=True)
class About:
    """What the operator says of the file: shown with every feature that comes from it."""

    source: str = ""
    source_as_of: datetime.date | None = None
    is_made_up: bool = False
    is_complete: bool = False


def stage_file(
    path: Path,
    dataset: Dataset,
    reading: Reading,
    about: About,
    *,
    by: User | None,
    door: Door,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[ChangeSet, Source]:
    """Read a file into a new change set, in state draft, with the issues met in reading.

    Raises FileError when the file as a whole cannot be read. `progress` is told rows done and in all.
    """
    source = open_file(path, reading.layer)
    texts = encodings.of_fields(source, reading.encoding)
    reading = replace(reading, encoding=encodings.of_file(texts, source, reading.encoding))
    source = source.in_encoding(reading.encoding or encodings.DEFAULT)
    headings = dict(zip(source.raw_names, source.field_names, strict=True))
    reading = replace(reading, encodings={headings[name]: one.encoding for name, one in texts.items()})
    reading = _completed(reading, source, dataset)
    change_set = changes.draft(
        dataset,
        by=by,
        door=door,
        source=about.source,
        source_as_of=about.source_as_of,
        is_made_up=about.is_made_up,
        is_complete=about.is_complete,
        file_name=path.name,
        file_sha256=source.sha256,
        reading={
            "layer": source.layer,
            "driver": source.driver,
            "srid": reading.srid,
            "encoding": reading.encoding,
            "text": encodings.as_report(texts, headings),
            "columns": dict(reading.columns or {}),
            "geometry": {"kind": reading.shape.kind, "columns": list(reading.shape.columns)} if reading.shape else None,
            "unused": _unused(source, reading),
        },
    )
    findings: list[Finding] = []
    records = _records(source, dataset, reading, findings, progress)
    changes.stage(change_set, _staged_columns(dataset, reading), records)
    changes.record(change_set, findings)
    return change_set, source


def mapping(dataset: Dataset, field_names: Sequence[str], said: Mapping[str, str]) -> dict[str, str]:
    """Heading of the file -> field: what was said, then names and known headings, whatever their case.

    Raises FileError for a heading or a field that does not exist.
    """
    declared = {field.name: field for field in dataset.fields}
    for heading, name in said.items():
        if heading not in field_names:
            raise FileError(
                _("The file has no column “%(heading)s”; it has: %(columns)s."),
                heading=heading,
                columns=", ".join(field_names),
            )
        if name not in declared:
            raise FileError(
                _("%(dataset)s has no field “%(field)s”; it has: %(fields)s."),
                dataset=dataset.name,
                field=name,
                fields=", ".join(declared),
            )
    known = {spelling.lower(): field.name for field in dataset.fields for spelling in (*field.source_names, field.name)}
    found = dict(said)
    for heading in field_names:
        meant = known.get(heading.lower())
        if heading not in found and meant and meant not in found.values():
            found[heading] = meant
    lacking = [name for name in dataset.identity if name not in found.values()]
    if lacking:
        raise FileError(
            _(
                "No column of the file was recognised as %(fields)s; say which with --map COLUMN=FIELD. Columns: %(columns)s."
            ),
            fields=", ".join(lacking),
            columns=", ".join(field_names),
        )
    return found


def _completed(reading: Reading, source: Source, dataset: Dataset) -> Reading:
    """The reading with what the file says of itself; FileError for what neither says."""
    columns = mapping(dataset, source.field_names, reading.columns or {})
    found = _found_shape(source, dataset, columns)
    srid = reading.srid or source.srid or (found.srid if found else None)
    if dataset.geometry and srid is None:
        said = source.crs_text[:80] or "-"
        raise FileError(
            _(
                "The file does not say its coordinate system (it says: %(said)s). Say it with --crs, for example --crs EPSG:5899."
            ),
            said=said,
        )
    if dataset.geometry and srid is not None:
        try:
            geometry.crs(srid)
        except geometry.UnknownCRS as error:
            raise FileError(str(error)) from error
    return replace(reading, srid=srid, columns=columns, shape=found.shape if found else None)


def _found_shape(source: Source, dataset: Dataset, columns: Mapping[str, str]) -> shapes.Found | None:
    """The geometry of a table; FileError when the dataset needs one and no columns look like it."""
    if source.table is None or not dataset.geometry:
        return None
    if source.sample is None:
        raise FileError(_("The file has headings and no rows."))
    values = [[value or "" for value in source.sample.column(at).to_pylist()] for at in range(len(source.field_names))]
    found = shapes.find(source.field_names, values)
    if found is None:
        raise FileError(
            _(
                "No column holds a geometry: a column of WKT, or two columns of coordinates (lon and lat, or X and Y), "
                "is needed. Columns: %(columns)s."
            ),
            columns=source.field_names,
        )
    identity = tuple(
        heading for heading, name in columns.items() if name in (*dataset.identity, *dataset.optional_identity)
    )
    return replace(found, shape=replace(found.shape, identity=identity))


def _unused(source: Source, reading: Reading) -> list[str]:
    used = {*(reading.columns or {}), *(reading.shape.columns if reading.shape else ())}
    return [name for name in source.field_names if name not in used]


def _staged_columns(dataset: Dataset, reading: Reading) -> list[str]:
    shape = [dataset.geometry, "area_m2", "legal_srid"] if dataset.geometry else []
    return [*(reading.columns or {}).values(), *(str(name) for name in shape)]


def _records(
    source: Source,
    dataset: Dataset,
    reading: Reading,
    findings: list[Finding],
    progress: Callable[[int, int], None],
) -> Iterator[tuple[Any, ...]]:
    """The staging records of a file, batch by batch; what is wrong is added to `findings`."""
    done = 0
    with batches(source, reading.shape) as stream:
        for batch in stream:
            yield from _batch_records(batch, source, dataset, reading, findings)
            done += batch.num_rows
            progress(done, source.features)


def _batch_records(
    batch: pa.RecordBatch, source: Source, dataset: Dataset, reading: Reading, findings: list[Finding]
) -> Iterator[tuple[Any, ...]]:
    rows = batch.column(ROW).to_pylist()
    raws: list[dict[str, Any]] = [{} for _row in rows]
    values: dict[str, list[Any]] = {}
    for heading, name in (reading.columns or {}).items():
        encoding = reading.encodings.get(heading, reading.encoding)
        column = encodings.decoded(batch.column(heading).to_pylist(), encoding, source.text_is_bytes)
        _undecodable(column, name, encoding, rows, findings)
        values[name] = _read_column(column, name, dataset, rows, raws, findings)
    named = [name for name in (*dataset.identity, *dataset.optional_identity) if name in values]
    identity = zip(*(values[name] for name in named), strict=True)
    refs = [dataset.ref(dict(zip(named, parts, strict=True))) for parts in identity]
    refs = [ref if REF.fullmatch(ref) else "" for ref in refs]
    faulty = _already_faulty(batch, rows, findings)
    shapes = _shapes(batch, rows, faulty, reading, findings) if dataset.geometry else []
    yield from zip(rows, refs, raws, *values.values(), *shapes, strict=True)


def _already_faulty(batch: pa.RecordBatch, rows: list[int], findings: list[Finding]) -> set[int]:
    """The rows (counted in the batch from 0) without a geometry for which the reader of the format has said why."""
    said = set()
    wkb = batch.column(WKB)
    for index, faults in enumerate(batch.column(FAULTS).to_pylist()):
        if faults:
            findings.extend(Finding(code, row=rows[index], params=params) for code, params in json.loads(faults))
            if not wkb[index].is_valid:
                said.add(index)
    return said


def _undecodable(column: list[Any], name: str, encoding: str | None, rows: list[int], findings: list[Finding]) -> None:
    for index, value in enumerate(column):
        if isinstance(value, str) and "\ufffd" in value:
            params = {"value": value[:80], "encoding": encoding or "UTF-8"}
            findings.append(Finding("text-undecodable", row=rows[index], field=name, params=params))


def _read_column(
    column: list[Any], name: str, dataset: Dataset, rows: list[int], raws: list[dict], findings: list[Finding]
) -> list[Any]:
    read = reader(dataset, dataset.field(name))
    parsed = []
    for index, value in enumerate(column):
        result, finding = read(value)
        if finding:
            findings.append(replace(finding, row=rows[index]))
            raws[index][name] = str(value)
        parsed.append(result)
    return parsed


def _shapes(
    batch: pa.RecordBatch, rows: list[int], already_faulty: set[int], reading: Reading, findings: list[Finding]
) -> list[list[Any]]:
    """Columns boundary (hexadecimal EWKB, EPSG:4326), area_m2 and legal_srid of a batch.

    A geometry with a fault has no area, and no boundary either when it cannot be drawn.
    """
    size = batch.num_rows
    wkb = batch.column(WKB).to_pylist()
    drawn = shapely.from_wkb(np.array(wkb, dtype=object), on_invalid="ignore")
    unreadable = [index for index, raw in enumerate(wkb) if raw is not None and drawn[index] is None]
    faults = [fault for fault in geometry.faults(drawn) if fault[0] not in unreadable]
    faults += [(index, "geometry-invalid", {"reason": "WKB", "x": None, "y": None}) for index in unreadable]
    faulty = {index for index, _code, _params in faults}
    sound = np.array([index not in faulty for index in range(size)], dtype=bool)
    boundaries = np.full(size, None, dtype=object)
    boundaries[sound] = geometry.canonical(geometry.to_wgs84(drawn[sound], int(reading.srid or 0)))
    outside = geometry.out_of_world(boundaries)
    faults += outside
    for index, _code, _params in outside:
        sound[index] = False
        boundaries[index] = None
    areas = np.full(size, None, dtype=object)
    areas[sound] = geometry.area_m2(drawn[sound], int(reading.srid or 0))
    findings.extend(
        Finding(code, row=rows[index], field="", params=params)
        for index, code, params in sorted(faults, key=lambda fault: fault[0])
        if index not in already_faulty
    )
    with_srid = shapely.set_srid(boundaries, 4326)
    return [
        shapely.to_wkb(with_srid, hex=True, include_srid=True).tolist(),
        areas.tolist(),
        [reading.srid] * size,
    ]
