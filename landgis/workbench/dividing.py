"""What the forms of splits and merges mean: the ground of the new features, by numbers alone."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from landgis.catalog import geometry_kinds, tolerances
from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Dataset
from landgis.catalog.geometry_kinds import LEGAL_SRID
from landgis.lib import divisions, geometry
from landgis.lib.divisions import NotDivided
from landgis.workbench import change_sets, corners, passing

LINE, DISTANCE, AREA = "line", "distance", "area"
MOST_CHILDREN = 20
MOST_NEIGHBOURS = 40
TOUCHING_M, NEAR_DEGREES = 0.001, 1e-7

WHY: dict[str, Label] = {
    "line-short": gettext_lazy("The line has no length: write two corners or more."),
    "line-misses": gettext_lazy("The line lies beside it: check the numbers, their order and the coordinate system."),
    "line-touches": gettext_lazy("The line only touches it, at a corner or along a side: nothing is divided."),
    "line-ends-inside": gettext_lazy("The line ends inside: lead it from one side to another."),
    "too-narrow": gettext_lazy("A part would be narrower than a centimetre (%(area)s m²): move the line."),
    "no-plane": gettext_lazy(
        "Its coordinate system (%(name)s) is in degrees, so that it can only be divided by a line."
    ),
    "distance-beyond": gettext_lazy("From this side it reaches %(most)s m: write less, and more than 0."),
    "area-beyond": gettext_lazy("It has %(most)s m²: write less, and more than 0."),
    "in-pieces": gettext_lazy("A parallel would cut it into %(count)s pieces there: divide it by a line."),
    "apart": gettext_lazy("They do not lie side by side: what would come of it has %(count)s pieces."),
    "many": gettext_lazy("More than %(most)s parts: divide it in several steps."),
}


def in_words(refused: NotDivided) -> str:
    told = {
        name: formats.number_format(round(one, 2), force_grouping=True) if isinstance(one, float) else one
        for name, one in refused.params.items()
    }
    return str(WHY[refused.why]) % told


@dataclass(frozen=True)
class Ground:
    """The boundary of a row in force, in degrees and in the plane of its legal system."""

    row: Any
    shape: shapely.Geometry
    system: geometry.CRS
    plane: shapely.Geometry

    @property
    def srid(self) -> int:
        return self.system.srid


def ground_of(row: Any) -> Ground:
    shape, system = passing.size_of(row), geometry.crs(getattr(row, LEGAL_SRID))
    return Ground(row, shape, system, geometry.from_wgs84(shape, system.srid))


def sides(ground: Ground) -> list[tuple[int, str]]:
    """The sides of the outlines to choose from: numbered as the sketch numbers corners, with their lengths."""
    found, number, at = [], 1, 0
    for part in shapely.get_parts(ground.plane):
        count = len(part.exterior.coords) - 1
        for place, (one, other) in enumerate(itertools.pairwise(part.exterior.coords)):
            length = shapely.Point(one).distance(shapely.Point(other)) * (ground.system.unit_m or 1)
            ends = {"one": number + place, "other": number + (place + 1) % count}
            found.append((at, _("%(one)s to %(other)s") % ends + f" ({formats.number_format(round(length, 2))} m)"))
            at += 1
        number += sum(len(ring.coords) - 1 for ring in (part.exterior, *part.interiors))
    return found


def divided(dataset: Dataset, ground: Ground, said: Mapping[str, str]) -> list[shapely.Geometry]:
    """The parts in EPSG:4326, as the form says. Raises NotDivided and Unreadable."""
    if said.get("how") == LINE:
        found = divisions.by_line(ground.plane, _line(ground, said), ground.srid, reach_m=_reach(dataset, ground.row))
    else:
        by = divisions.by_area if said.get("how") == AREA else divisions.by_distance
        size = corners.number(said.get(AREA if said.get("how") == AREA else DISTANCE, "").strip())
        found = by(ground.plane, _side(ground, said), size, ground.srid)
    if len(found) > MOST_CHILDREN:
        raise NotDivided("many", most=MOST_CHILDREN)
    return divisions.with_corners_of(found, [ground.shape], ground.srid)


def _line(ground: Ground, said: Mapping[str, str]) -> list[tuple[float, float]]:
    """In the plane of the feature, in whatever system it was written."""
    srid = next((one for one, _name in systems(ground) if str(one) == said.get("srid")), ground.srid)
    written = shapely.LineString(corners.line(said.get("line", "")))
    if srid != ground.srid:
        written = geometry.from_wgs84(geometry.to_wgs84(written, srid), ground.srid)
    if not all(map(_is_finite, written.coords)):
        raise NotDivided("line-misses")
    return list(written.coords)


def _is_finite(corner: Sequence[float]) -> bool:
    return all(abs(one) < 1e12 for one in corner)


def _side(ground: Ground, said: Mapping[str, str]) -> divisions.Side:
    known = divisions.sides(ground.plane)
    at = said.get("side", "")
    if not (at.isascii() and at.isdecimal() and int(at) < len(known)):
        raise corners.Unreadable(_("Choose a side."))
    return known[int(at)]


def _reach(dataset: Dataset, row: Any) -> float:
    """How far (m) the ends of a line may fall short of the outline: as far as that may lie off by the scale of the map."""
    drawn = dataset.drawn_at
    scale, use = (getattr(row, drawn.scale), getattr(row, drawn.use)) if drawn else (None, None)
    return float(tolerances.of([scale], [use])[0])


def systems(ground: Ground) -> list[tuple[int, str]]:
    """The coordinate systems that a line may be written in, that of the feature first."""
    known = dict.fromkeys([ground.srid, *geometry.known_srids()])
    return [(srid, f"{geometry.crs(srid).name} (EPSG:{srid})") for srid in known]


def plane(shape: shapely.Geometry, srid: int) -> shapely.Geometry:
    return geometry.from_wgs84(shape, srid)


def computed_m2(shape: shapely.Geometry, srid: int) -> float:
    return float(geometry.area_m2(plane(shape, srid), srid))


def joined(rows: Sequence[Any]) -> shapely.Geometry:
    """Neighbours as one area in EPSG:4326. Raises NotDivided."""
    grounds = [ground_of(row) for row in rows]
    srid = grounds[0].srid
    found = divisions.joined([geometry.from_wgs84(one.shape, srid) for one in grounds], srid)
    return divisions.with_corners_of([found], [one.shape for one in grounds], srid)[0]


def neighbours(dataset: Dataset, row: Any) -> list[Any]:
    """The rows in force that share more than a corner with one, by their refs."""
    near = change_sets.in_force_of(dataset).filter(until_revision=None).exclude(ref=row.ref)
    column = geometry_kinds.AREA.column
    near = near.filter(**{f"{column}__bboverlaps": getattr(row, column).buffer(NEAR_DEGREES)})[: 4 * MOST_NEIGHBOURS]
    own = shapely.buffer(ground_of(row).plane, TOUCHING_M)
    srid = getattr(row, LEGAL_SRID)
    found = []
    # In order here: asked for it, the database may read all of them by their refs.
    for one in sorted(near, key=lambda one: str(one.ref)):
        shared = shapely.intersection(own, geometry.from_wgs84(passing.size_of(one), srid))
        if shared.length > 20 * TOUCHING_M:
            found.append(one)
    return found[:MOST_NEIGHBOURS]
