"""Which dataset a file is for, told by its headings."""

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.ingest import columns
from landgis.ingest.errors import FileError
from landgis.ingest.files import OpenFile
from landgis.ingest.instructions import Instructions
from landgis.ingest.understanding import at_sight


def dataset_of(source: OpenFile, instructions: Instructions) -> Dataset:
    """The dataset that knows most of the headings; FileError when none knows any, or two know as many."""
    names = at_sight(source, instructions).source.field_names
    scores = {dataset.name: _score(dataset, names, source) for dataset in registry.all_datasets()}
    most = max(scores.values(), default=0.0)
    best = [name for name, score in scores.items() if score == most]
    if most <= 0 or len(best) > 1:
        raise FileError(
            "dataset-unsaid",
            columns=", ".join(names) or "-",
        )
    return registry.get(best[0])


def _score(dataset: Dataset, names: tuple[str, ...], source: OpenFile) -> float:
    """How many headings are fields, more for those of the identity; a map is for a dataset with boundaries."""
    known = set(columns.by_names(dataset, names).values())
    if not known or (dataset.geometry is None and not source.content.is_table):
        return 0.0
    return len(known) * (1 + len(known.intersection(dataset.identity)) / len(dataset.identity))
