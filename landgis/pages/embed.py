"""The map for the pages of others: no head, no panel, one line that says whose it is and leads here."""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from landgis.catalog import registry, sums
from landgis.catalog.parameters import of_maps
from landgis.catalog.pictures import BESIDE, SCENE
from landgis.lib.parameters import knows
from landgis.pages import maps
from landgis.pages.focus import FEATURE, focus
from landgis.pages.home import said_filters, shown_datasets
from landgis.pages.stills import EMBEDDED, stills


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@require_safe
@knows(of_maps, "off", FEATURE, SCENE, BESIDE, is_page=True)
def embed(request: HttpRequest) -> HttpResponse:
    """GET /embed: takes what the address of the map takes. The one page that others may show in a frame."""
    drawn = maps.drawn_datasets(registry.all_datasets())
    query = said_filters(request.GET)
    wanted = focus(drawn, request.GET.get(FEATURE, ""), query)
    datasets = shown_datasets(drawn, request.GET)
    bounds = maps.common_extent(datasets)
    seen = (wanted and wanted.box) or bounds
    made_up = sums.any_made_up(datasets)
    context = {
        "stills": stills(datasets, seen, EMBEDDED, query, scene=request.GET.get("scene")),
        "still_is_first": True,
        "made_up": made_up,
        "map_config": maps.config(
            datasets, bounds=bounds, keeps_view=True, query=query.urlencode(), made_up=made_up, focus=wanted
        ),
    }
    return render(request, "pages/embed.html", context)
