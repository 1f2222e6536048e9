"""What is said of the coordinates of a file, by whom, and the sample by which it is judged."""

import numpy as np
import pyarrow as pa
import shapely

from landgis.catalog.dataset import Dataset
from landgis.ingest import coordinates, crs_text, files, mistakes, placements, roads, values
from landgis.ingest.areas import Areas
from landgis.ingest.crs_text import Likeness
from landgis.ingest.errors import FileError
from landgis.ingest.files import OpenFile
from landgis.ingest.formats import WKB, kinds
from landgis.ingest.instructions import Instructions
from landgis.ingest.placements import Placement, Sample
from landgis.ingest.plans import ReadingPlan


def how(instructions: Instructions) -> str:
    """Who says how the coordinates are to be read; a correction, or that there is none, is said after a question."""
    if instructions.is_assumed:
        return coordinates.ASSUMED
    if instructions.fix is not None:
        return coordinates.CONFIRMED
    return coordinates.SAID if instructions.srid is not None else coordinates.OF_FILE


def said(source: OpenFile, srid_of_values: int | None, instructions: Instructions) -> Placement | None:
    """What operator or file say of the coordinates. Raises FileError for what cannot be read."""
    srid = next((one for one in (instructions.srid, srid_of_values, source.srid) if one is not None), None)
    if srid is None or instructions.fix == crs_text.AS_WRITTEN:
        written = crs_text.as_written(source.crs_text)
        if written is not None or srid is None:
            return written
    placement = Placement(roads.known(srid))
    if instructions.fix is None:
        return placement
    mistake = mistakes.by_code(instructions.fix, placement.srid)
    if mistake is None and instructions.fix != mistakes.AS_IT_IS:
        codes = [one.code for one in (*mistakes.gross(), *mistakes.small(placement.srid))]
        raise FileError("fix-unknown", code=instructions.fix, codes=[mistakes.AS_IT_IS, *codes])
    return Placement(placement.srid, mistake)


def alike(source: OpenFile, srid_of_values: int | None, instructions: Instructions, of: Sample) -> list[Likeness]:
    """Known systems that are like the one that the file describes, where nobody says another and none is equal."""
    if instructions.srid is not None or srid_of_values is not None or source.srid is not None or not len(of.points):
        return []
    return crs_text.alike(source.crs_text, of.points)


def nameless(source: OpenFile, srid_of_values: int | None, instructions: Instructions, of: Sample) -> list[Likeness]:
    """Known systems that the form of the file has no name for, and of which it would say what this file says."""
    if source.driver != kinds.MAPINFO or source.srid is None:
        return []
    if instructions.srid is not None or srid_of_values is not None:
        return []
    return crs_text.nameless(source.srid, of.points)


def sample(plan: ReadingPlan, dataset: Dataset, published: Areas | None) -> Sample:
    """Points of the first rows, with the areas that the rows name and the features that they are."""
    batch = files.sample(plan.source, plan.shape) if plan.shape else plan.source.sample
    if batch is None:
        return Sample(np.array([]), [], {})
    drawn = shapely.from_wkb(np.array(batch.column(WKB).to_pylist(), dtype=object), on_invalid="ignore")
    refs = _refs_of(plan, dataset, batch)
    known = placements.known_places(dataset, refs)
    rows = placements.chosen(drawn, list(known))
    at = {int(row): position for position, row in enumerate(rows)}
    known = {at[row]: place for row, place in known.items() if row in at}
    points = placements.middle_points(drawn[rows])
    if published is None or not len(points):
        return Sample(points, [None] * len(points), known, drawn[rows])
    chosen = batch.take(rows)
    read = [plan.texts_of(heading, chosen.column(at).to_pylist()) for at, heading in enumerate(plan.source.field_names)]
    belongs = published.belonging([*read, *([text] * len(points) for text in plan.constants.values())])
    named = published.of_file_name(f"{plan.source.name} {plan.source.layer}")
    return Sample(points, belongs, known, drawn[rows], named)


def _refs_of(plan: ReadingPlan, dataset: Dataset, batch: pa.RecordBatch) -> list[str]:
    """The refs of the rows, as far as what identifies a feature is known."""
    wanted = {*dataset.identity, *dataset.optional_identity}
    by_field = {
        name: plan.texts_of(heading, batch.column(heading).to_pylist())
        for heading, name in plan.columns.items()
        if name in wanted
    }
    by_field |= {name: [text] * batch.num_rows for name, text in plan.constants.items() if name in wanted}
    return values.refs(dataset, {name: values.read_column(read, name, dataset)[0] for name, read in by_field.items()})
