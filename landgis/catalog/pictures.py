"""Pictures and images, from the apps that have some: they register, and pages ask here. No request is made for them."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import Http404, QueryDict
from django.urls import resolve

from landgis.catalog.dataset import Dataset
from landgis.lib.parameters import Parameter
from landgis.lib.webmap import Box


@dataclass(frozen=True)
class Picture:
    """A feature outlined on an image. `url` takes width= and height= in pixels (?… is already begun).

    What is told is of the image that lies under the most of the feature; `days` names those of all that lie under it.
    """

    url: str
    acquired_on: datetime.date
    days: str
    source: str
    licence: str
    resolution_m: float
    is_made_up: bool


@dataclass(frozen=True)
class GroundSight:
    """What is to be said of the ground that is seen in a box: days and credits of the images, none where there are none,
    and the credit of the base map."""

    days: str
    attribution: str
    is_made_up: bool
    base_map: str = ""


# Width and height of a picture beside a row, in pixels of the page; drawn with twice as many.
SMALL = (96, 72)

Small = Callable[[Dataset, Sequence[str]], Mapping[str, str]]
Source = Callable[[Dataset, str, Box], list[Picture]]
Painter = Callable[..., tuple[bytes, str]]
Sights = Callable[[str | None, Box], "GroundSight | None"]
_sources: list[Source] = []
_painters: dict[str, Painter] = {}
_sights: list[Sights] = []
_small: list[Small] = []
_choices: list[Callable[[], Sequence[str]]] = []


def register(source: Source) -> None:
    """Add a source: (dataset, ref, box in degrees west, south, east, north) -> the pictures of that feature."""
    _sources.append(source)


def pictures_of(dataset: Dataset, ref: str, box: Box) -> list[Picture]:
    """The pictures whose images reach the box, newest first."""
    found = [picture for source in _sources for picture in source(dataset, ref, box)]
    return sorted(found, key=lambda picture: picture.acquired_on, reverse=True)


def register_small(small: Small) -> None:
    """Add what gives features outlined on a picture beside their row: (dataset, refs) -> addresses by ref."""
    _small.append(small)


def small_pictures(dataset: Dataset, refs: Sequence[str]) -> Mapping[str, str]:
    """Addresses of pictures beside rows, by their refs; empty where there are no images."""
    return {ref: url for small in _small for ref, url in small(dataset, refs).items()}


def register_painter(name: str, painter: Painter) -> None:
    """Add what draws the pictures at the address `name`: (query, parts of the path) -> bytes and media type."""
    _painters[name] = painter


def content(url: str) -> tuple[bytes, str]:
    """Bytes and media type of the picture at an address of this site (its path and query).

    Raises Http404 where no picture stands, FilterError for a query that cannot be understood.
    """
    asked = urlsplit(url)
    found = resolve(asked.path)
    if found.view_name not in _painters:
        raise Http404(asked.path)
    return _painters[found.view_name](QueryDict(asked.query), **found.kwargs)


def register_sights(sights: Sights) -> None:
    """Add what tells of the images under a map: (choice of the reader or None, box in degrees) -> what is seen there."""
    _sights.append(sights)


def register_choices(names: Callable[[], Sequence[str]]) -> None:
    """Add what gives the names of images that a reader may choose for a map."""
    _choices.append(names)


def choices() -> list[str]:
    """The names of all images that a reader may choose, that of none among them."""
    return [name for names in _choices for name in names()]


# What addresses of pages with a map say of its image: which, and which beside it.
SCENE, BESIDE = Parameter("scene", choices=choices), Parameter("compare", choices=choices)


def sight(choice: str | None, box: Box) -> GroundSight | None:
    """What is seen of the ground in a box (degrees) on a map or picture of that choice; None where it has no image there."""
    return next((found for sights in _sights if (found := sights(choice, box))), None)
