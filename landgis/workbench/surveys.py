"""A surveyor's file beside the form of a feature: its shapes, and the corners of each as the form takes them over.

Nothing of it is kept. What a person takes over goes through the form as if it had been typed.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from django.conf import settings
from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext as _

from landgis.catalog.geometry_kinds import POINT
from landgis.ingest import sandbox, underlays
from landgis.ingest.errors import FileError
from landgis.ingest.questions import Unanswered, in_words
from landgis.ingest.underlays import Outline, Underlay
from landgis.lib import geometry
from landgis.lib.files import HandedFile
from landgis.lib.webmap import DEGREE_M
from landgis.workbench import choices, coordinates, corners, forms, surroundings
from landgis.workbench.edits import Feature

MOST_SHAPES, MOST_PLACES = 300, 20_000
Shown = dict[str, Any]


@dataclass(frozen=True)
class SurveyFile:
    """What became of a file: its `shapes`, or what it leaves open, or why it cannot be read (`error`)."""

    error: str = ""
    status: int = 200
    form: Shown | None = None  # what is asked, as the page of an upload asks it
    asked: list[Shown] = field(default_factory=list)  # the same for a script
    shapes: list[Shown] = field(default_factory=list)
    system: str = ""  # how its coordinates were read
    is_cut: bool = False


def laid(found: Feature, files: Sequence[HandedFile], said: QueryDict) -> SurveyFile:
    """The file beside the feature, in the plane of the form."""
    if not sandbox.is_available():
        return SurveyFile(_("Files from browsers are not read here: the server lacks its sandbox."), 503)
    if not files:
        return SurveyFile(_("Choose a file."), 400)
    posted, srid = forms.posted(said), plane_of(found, said)
    if posted.wrong:
        return SurveyFile(" ".join(posted.wrong.values()), 400)
    instructions = choices.intake_of(posted.choices, found.dataset.name).instructions
    try:
        with underlays.handed(files) as (path, name):
            read = underlays.read(path, name, found.dataset, instructions, srid)
    except Unanswered as open_ones:
        asked = [in_words(one, found.dataset) for one in open_ones.read["questions"]]
        form = forms.offered(found.dataset, open_ones.read, posted)
        return SurveyFile(form=form, asked=asked, status=409)
    except FileError as error:
        return SurveyFile(error.text(on_page=True), 400)
    shapes = list(_shown(found, read, srid))
    is_cut = read.is_cut or len(shapes) < len(read.outlines)
    return SurveyFile(shapes=shapes, system=coordinates.system(read.srid), is_cut=is_cut)


def plane_of(found: Feature, said: QueryDict) -> int:
    """The system of the form: that which was chosen there, else the usual one."""
    known = [srid for srid, _name in corners.systems(found.dataset, found.base)]
    chosen = said.get("plane", "")
    return int(chosen) if chosen.isascii() and chosen.isdecimal() and int(chosen) in known else known[0]


def most_mb() -> int:
    return settings.MAX_BODY // 10**6


def _shown(found: Feature, read: Underlay, srid: int) -> Iterator[Shown]:
    """The shapes nearest to the feature, as many as a page draws; of points alone first the boundary that they make."""
    outlines, stored = list(read.outlines), getattr(found.base, str(found.dataset.geometry), None)
    whole, own = _of_points(found, outlines), None
    if stored is not None:
        own = geometry.from_wgs84(shapely.from_wkb(bytes(stored.wkb)), srid)
        outlines.sort(key=lambda one: float(shapely.distance(one.shape, own)))
    places = 0
    for one in [*whole, *outlines][:MOST_SHAPES]:
        places += int(shapely.get_num_coordinates(one.shape))
        if places > MOST_PLACES:
            return
        away = float(shapely.distance(one.shape, own)) if own is not None else 0.0
        yield _told(found, one, srid) | {"away": _away(away, srid)}


def _of_points(found: Feature, outlines: Sequence[Outline]) -> list[Outline]:
    """Surveyed points in the order of the file, as one boundary or line."""
    kind = found.dataset.geometry_kind
    points = [one.shape for one in outlines]
    if kind is POINT or not 3 <= len(points) <= corners.MOST_CORNERS or {one.geom_type for one in points} != {"Point"}:
        return []
    line = shapely.LineString([one.coords[0] for one in points])
    name = _("All points, in the order of the file")
    return [Outline(0, name, shapely.Polygon(line.coords) if kind.covers else line)]


def _told(found: Feature, one: Outline, srid: int) -> Shown:
    shape = _closed(found, one.shape)
    return {
        "name": one.name or _("Row %(row)s") % {"row": formats.number_format(one.row)},
        "size": _size(shape, srid),
        "text": corners.written(shape, srid) if _fits(found, shape) else "",
        "shape": json.loads(shapely.to_geojson(surroundings.rounded(shape, srid))),
    }


def _closed(found: Feature, shape: shapely.Geometry) -> shapely.Geometry:
    """A line that comes back to where it began is a boundary where features have such: many drawings hold no areas."""
    is_ring = shape.geom_type == "LineString" and shape.is_ring
    return shapely.Polygon(shape.coords) if is_ring and found.dataset.geometry_kind.covers else shape


def _fits(found: Feature, shape: shapely.Geometry) -> bool:
    """Whether it can be the whole place of a feature."""
    kind = found.dataset.geometry_kind
    return shape.geom_type.removeprefix("Multi") == (
        "Point" if kind is POINT else "Polygon" if kind.covers else "LineString"
    )


def _away(distance: float, srid: int) -> str:
    """How far it lies from the feature: what lies far away was read in another system than it is in."""
    metres = distance * (geometry.crs(srid).unit_m or DEGREE_M)
    return (
        _("%(metres)s m away") % {"metres": formats.number_format(round(metres), force_grouping=True)}
        if metres >= 1
        else ""
    )


def _size(shape: shapely.Geometry, srid: int) -> str:
    if "Polygon" in shape.geom_type:
        area = float(geometry.area_m2(shape, srid))
        return f"{formats.number_format(round(area, 1), force_grouping=True)} m²"
    if "Line" in shape.geom_type:
        return f"{formats.number_format(round(float(geometry.length_m(shape, srid)), 2), force_grouping=True)} m"
    return ""
