"""Dated pictures of features, from the apps that have images. Whoever has some registers a source; pages ask here."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from landgis.catalog.dataset import Dataset

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Picture:
    """A feature outlined on an image. `url` takes width= and height= in pixels (?… is already begun)."""

    url: str
    acquired_on: datetime.date
    source: str
    licence: str
    resolution_m: float
    is_made_up: bool


Source = Callable[[Dataset, str, Box], list[Picture]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a source: (dataset, ref, box in degrees west, south, east, north) -> the pictures of that feature."""
    _sources.append(source)


def pictures_of(dataset: Dataset, ref: str, box: Box) -> list[Picture]:
    """The pictures whose images reach the box, newest first."""
    found = [picture for source in _sources for picture in source(dataset, ref, box)]
    return sorted(found, key=lambda picture: picture.acquired_on, reverse=True)
