"""Lengths and areas of what a reader draws: on the ellipsoid, and in the coordinate systems of the office."""

from typing import Any

import shapely
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.catalog import office
from landgis.lib import geometry
from landgis.lib.answers import as_json
from landgis.lib.filters import FilterError
from landgis.lib.parameters import Parameter, knows

MOST_POINTS = 500


@require_safe
@knows("points", Parameter("closed", values=("0", "1")))
def measure(request: HttpRequest) -> HttpResponseBase:
    """GET /measure.json?points=lon,lat;lon,lat&closed=1: metres along the points, and of a closed line its area.

    `length_m` and `area_m2` are geodesic; each of `planes` has srid, name, length_m, area_m2 and the `points` in
    it. `crosses_itself` says that the area means nothing. The transforms are those of every boundary.
    """
    is_closed = request.GET.get("closed") == "1"
    line = _line(request.GET.get("points", ""), is_closed)
    area = shapely.Polygon(line) if is_closed else None
    content = {
        **_measured(line, area, geometry.WGS84),
        "crosses_itself": bool(area is not None and not area.is_valid),
        "planes": [_in_plane(line, area, srid) for srid in office.current().legal_srids],
    }
    return as_json(request, content)


def _line(text: str, is_closed: bool) -> shapely.LineString:
    """Raises FilterError."""
    try:
        points = [tuple(float(side) for side in pair.split(",")) for pair in text.split(";")]
        if not all(len(point) == 2 and abs(point[0]) <= 180 and abs(point[1]) <= 85 for point in points):
            raise ValueError
    except ValueError:
        raise FilterError(
            "points", _("Write longitude,latitude of each point in degrees, with ; between them.")
        ) from None
    if not (3 if is_closed else 2) <= len(points) <= MOST_POINTS:
        raise FilterError(
            "points", _("A line needs two points, an area three; there may be %(most)s.") % {"most": MOST_POINTS}
        )
    return shapely.LineString([*points, points[0]] if is_closed else points)


def _in_plane(line: shapely.LineString, area: shapely.Polygon | None, srid: int) -> dict[str, Any]:
    flat = geometry.from_wgs84(line, srid)
    corners = geometry.from_wgs84(area, srid) if area is not None else None
    return {
        "srid": srid,
        "name": geometry.crs(srid).name,
        **_measured(flat, corners, srid),
        "points": [[round(x, 3), round(y, 3)] for x, y in flat.coords],
    }


def _measured(line: shapely.LineString, area: shapely.Polygon | None, srid: int) -> dict[str, float | None]:
    size = geometry.area_m2(area, srid) if area is not None else None
    return {
        "length_m": round(geometry.length_m(line, srid), 3),
        "area_m2": None if size is None else round(size, 2),
    }
