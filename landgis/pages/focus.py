"""The one feature that the address of the map names: `feature=<dataset>/<ref>`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from landgis.catalog import addresses, queries
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import from_query
from landgis.lib.filters import And, Equals, no_such_value
from landgis.lib.webmap import Box

FEATURE = "feature"


@dataclass(frozen=True)
class Focus:
    """What the map begins with; `goal` is what its script is told, None where nothing of that name is published now."""

    page: str | None
    goal: dict[str, Any] | None

    @property
    def box(self) -> Box | None:
        return self.goal["bbox"] if self.goal else None


def focus(datasets: Sequence[Dataset], text: str, query: QueryDict) -> Focus | None:
    """Of what maps show; `goal["is_left_out"]` where the filters of `query` do not let it through. Raises FilterError for
    a dataset that maps do not show."""
    if not text:
        return None
    name, _slash, ref = text.partition("/")
    dataset = next((one for one in datasets if one.name == name), None)
    if dataset is None:
        raise no_such_value(FEATURE, name, [one.name for one in datasets]).in_words(_)
    row = queries.feature(dataset, ref)
    page = addresses.feature_address(name, ref)
    if row is None or row["west"] is None:
        return Focus(page, None)
    longitude, latitude = queries.place_of(row)
    box = (row["west"], row["south"], row["east"], row["north"])
    title = dataset.title_of(row)
    goal = {"lon": longitude, "lat": latitude, "bbox": box, "dataset": name, "ref": ref, "title": title}
    return Focus(page, goal | ({"is_left_out": True} if _is_left_out(dataset, ref, query) else {}))


def _is_left_out(dataset: Dataset, ref: str, query: QueryDict) -> bool:
    where = from_query(dataset, query)
    return where != from_query(dataset, {}) and not queries.count(dataset, And((*where.parts, Equals("ref", ref))))


def address(dataset: Dataset, ref: str) -> str:
    """The map with this feature outlined, in the reader's language."""
    return f"{reverse('pages:home')}?{FEATURE}={dataset.name}/{ref}"
