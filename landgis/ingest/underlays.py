"""The shapes of a file, to be looked at beside what is drawn: read as any other file, and nothing of it is staged or kept."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from landgis.catalog.dataset import Dataset
from landgis.ingest import files, store
from landgis.ingest.actions import reading
from landgis.ingest.files import open_file
from landgis.ingest.formats import ROW, WKB
from landgis.ingest.instructions import Instructions, of_fields
from landgis.ingest.plans import ReadingPlan
from landgis.ingest.questions import FileQuestion, Unanswered
from landgis.ingest.understanding import understand
from landgis.lib import geometry
from landgis.lib.files import HandedFile


@dataclass(frozen=True)
class Outline:
    """One shape of a file in the plane of a system; `name` is what tells it from the others, empty where nothing does."""

    row: int
    name: str
    shape: shapely.Geometry


@dataclass(frozen=True)
class Underlay:
    """The first shapes of a file, in its order; `is_cut` where it holds more. `srid` is how its coordinates were read."""

    outlines: Sequence[Outline]
    srid: int
    is_cut: bool


@contextmanager
def handed(given: Sequence[HandedFile]) -> Iterator[tuple[Path, str]]:
    """What a browser sent as one file of this machine, with what people call it; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="underlay-") as folder:
        yield store.written(given, Path(folder))


def read(path: Path, name: str, dataset: Dataset, instructions: Instructions, srid: int) -> Underlay:
    """The shapes of a file in the plane of `srid`.

    Raises FileError when it cannot be read, Unanswered when it does not say which layer is meant or where its
    coordinates lie; what its columns are is not asked.
    """
    with open_file(path, instructions.layer, name) as source:
        plan = understand(source, dataset, of_fields(dataset, instructions))
        asked = tuple(_of_place(plan))
        if asked or plan.srid is None:
            raise Unanswered(reading(replace(plan, questions=asked), dataset), dataset)
        batch = files.sample(plan.source, plan.shape)
        if batch is None:
            return Underlay((), plan.srid, is_cut=False)
        return Underlay(_outlines(batch, plan, dataset, srid), plan.srid, batch.num_rows >= files.SAMPLE_ROWS)


def _of_place(plan: ReadingPlan) -> Iterator[FileQuestion]:
    """The questions without whose answer nobody knows where the shapes lie; none of them is guessed here."""
    found = [one for one in plan.questions if one.code in ("layer", "geometry") or one.code.startswith("crs")]
    yield from (replace(one, blocks=True) for one in found)
    if not plan.brings_geometry and not found:
        yield FileQuestion("geometry")


def _outlines(batch: pa.RecordBatch, plan: ReadingPlan, dataset: Dataset, srid: int) -> list[Outline]:
    drawn = shapely.from_wkb(np.array(batch.column(WKB).to_pylist(), dtype=object), on_invalid="ignore")
    meant = [index for index, shape in enumerate(drawn) if shape is not None and not shape.is_empty]
    shapes = _placed(drawn[meant], plan, srid)
    rows, names = batch.column(ROW).to_pylist(), _names(batch, plan, dataset)
    found = zip(meant, shapes, strict=True)
    return [Outline(rows[at], names[at], one) for at, one in found if np.isfinite(shapely.get_coordinates(one)).all()]


def _placed(drawn: np.ndarray, plan: ReadingPlan, srid: int) -> np.ndarray:
    """As they are written where that is the plane itself; else moved there."""
    own = int(plan.srid or 0)
    meant: np.ndarray = plan.mistake.corrected(drawn, own) if plan.mistake else shapely.force_2d(drawn)
    if own == srid:
        return meant
    placed: np.ndarray = geometry.from_wgs84(geometry.to_wgs84(meant, own), srid)
    return placed


def _names(batch: pa.RecordBatch, plan: ReadingPlan, dataset: Dataset) -> list[str]:
    """What the columns say that name a feature, and that everybody may see."""
    naming = {*dataset.identity, *dataset.optional_identity, dataset.title_field}
    personal = {one.column for one in plan.personal}
    headings = [
        heading
        for heading, name in plan.columns.items()
        if name in naming and heading not in personal and not dataset.is_hidden(name)
    ]
    columns = [plan.texts_of(heading, batch.column(heading).to_pylist()) for heading in headings]
    if not columns:
        return [""] * batch.num_rows
    return [" · ".join(str(one) for one in cells if one not in (None, "")) for cells in zip(*columns, strict=True)]
