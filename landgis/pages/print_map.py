"""A sheet of the map to scale, as PDF: legend, scale bar, north, dates, sources, and a way back to the live map."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from shapely import Point

from landgis.catalog import office, pictures, registry, sums
from landgis.catalog.dataset import Dataset
from landgis.catalog.parameters import of_maps
from landgis.lib import geometry
from landgis.lib.filters import FilterError
from landgis.lib.parameters import Parameter, knows
from landgis.lib.reader import check_presence
from landgis.lib.webmap import parse_view
from landgis.pages import grid, maps, stills
from landgis.pages.home import listed_names, map_filters
from landgis.pages.map_words import plane_place
from landgis.pages.paper import qr
from landgis.pages.pdf import pdf_of
from landgis.pages.sheets import PAPERS, SCALES, Sheet
from landgis.pages.texts import count_text


@require_safe
@knows(
    of_maps,
    "view",
    "scale",
    Parameter("paper", values=tuple(PAPERS)),
    Parameter("layers", has_default=True),
    "scene",
    is_page=True,
)
def print_map(request: HttpRequest) -> HttpResponse:
    """GET /print.pdf?view=zoom/lat/lon&scale=5000&paper=A4-landscape&layers=&scene=, with the filters of the map."""
    sheet = _sheet(request)
    html = render_to_string("pages/sheet.html", _context(request, sheet), request)
    check_presence(request)
    response = HttpResponse(pdf_of(request, html), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="map-{sheet.scale}.pdf"'
    response["Cache-Control"] = "no-cache"
    return response


def _sheet(request: HttpRequest) -> Sheet:
    """Raises FilterError."""
    paper = request.GET.get("paper", "A4-landscape")
    if paper not in PAPERS:
        raise FilterError("paper", _("Write one of: %(names)s.") % {"names": ", ".join(PAPERS)})
    scale = request.GET.get("scale", "")
    if scale not in {str(known) for known in SCALES}:
        raise FilterError("scale", _("Write one of: %(names)s.") % {"names": ", ".join(str(known) for known in SCALES)})
    try:
        view = parse_view(request.GET.get("view", ""), 1, 1)
    except ValueError:
        raise FilterError("view", _("Write zoom/latitude/longitude, for example 12/10.5/107.2.")) from None
    return Sheet(paper, int(scale), view.longitude, view.latitude)


def _context(request: HttpRequest, sheet: Sheet) -> dict[str, Any]:
    query, scene = map_filters(request.GET), request.GET.get("scene")
    layers = _layers(request.GET.get("layers"))
    picture = stills.address(
        sheet.view, [layer.name for layer in layers], query, scene=scene, kind="jpg", ratio=f"{sheet.ratio:.3f}"
    )
    back = f"{reverse('pages:home')}{'?' + query.urlencode() if query else ''}#{sheet.view.text}"
    live = request.build_absolute_uri(back)
    metres, bar_mm = sheet.bar
    wide_mm, high_mm = sheet.size_mm
    image = pictures.sight(scene, sheet.view.box)
    made_up = sums.any_made_up(layers)
    return {
        "paper": sheet.paper,
        "scale": count_text(sheet.scale),
        "picture": request.build_absolute_uri(picture),
        "wide_mm": wide_mm,
        "high_mm": high_mm,
        "bar_mm": bar_mm,
        "bar_half_mm": bar_mm / 2,
        "bar_text": f"{count_text(metres // 1000)} km" if metres >= 1000 else f"{count_text(metres)} m",
        "legend": [_legend(layer) for layer in layers],
        "image": image,
        "made_up": made_up or bool(image and image.is_made_up),
        "printed_at": timezone.now(),
        "centre": _centre(sheet),
        "grid": grid.lines(sheet, office.current().legal_srids[0]) if office.current().legal_srids else None,
        "back": live,
        "qr": qr(live),
    }


def _layers(names: str | None) -> list[Dataset]:
    shown = maps.drawn_datasets(registry.all_datasets())
    wanted = listed_names("layers", names)
    return shown if names is None else [dataset for dataset in shown if dataset.name in wanted]


def _legend(dataset: Dataset) -> dict[str, Any]:
    field = dataset.map.style.colour_by
    labels = dataset.choices(field) if field else {}
    colours = [
        {"colour": colour, "label": labels.get(code, code), "is_dashed": code in dataset.map.style.dashed}
        for code, colour in dataset.map.style.colours.items()
    ]
    return {
        "title": dataset.title_plural,
        "kind": dataset.map.style.kind,
        "colour": dataset.map.colour,
        "colours": colours,
        "attribution": dataset.attribution,
    }


def _centre(sheet: Sheet) -> list[dict[str, str]]:
    """The middle of the sheet in the office's systems and in degrees."""
    place = Point(sheet.longitude, sheet.latitude)
    lines = []
    for srid in office.current().legal_srids:
        flat = geometry.from_wgs84(place, srid)
        lines.append({"name": geometry.crs(srid).name, "text": plane_place(flat.x, flat.y)})
    return [*lines, {"name": "WGS 84", "text": f"{sheet.latitude:.6f}, {sheet.longitude:.6f}"}]
