"""The first page: the map with all that is drawn on it, its legend, and what datasets add beside it."""

from collections.abc import Callable, Container, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.catalog import contributions, exits, memory, office, pill_words, queries, registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import from_query, parameters
from landgis.catalog.meant import strict_query
from landgis.catalog.parameters import of_maps
from landgis.catalog.pictures import BESIDE, SCENE
from landgis.lib.filters import And, Equals, Filter, OneOf, chosen, no_such_value
from landgis.lib.parameters import knows
from landgis.pages import maps, opengraph
from landgis.pages.focus import FEATURE, focus
from landgis.pages.list_form import chip_text, without
from landgis.pages.stills import HOME, stills
from landgis.pages.texts import count_text, total_text, value_text

Lines = dict[str, list[dict[str, Any]]]  # as `queries.totals` gives them
SHOWN, EVERYTHING = "shown", "everything"
MOST_IN_KEY = 5
LEAD = "lead"  # the layer that says its numbers; the scripts read it


@require_safe
@knows(of_maps, "off", LEAD, FEATURE, SCENE, BESIDE, is_page=True)
@memory.one_state()
def home(request: HttpRequest) -> HttpResponse:
    """The map page; the filters of lists in its address hold for every dataset that knows them, and `feature` is what the
    map begins with."""
    datasets = maps.drawn_datasets(registry.all_datasets())
    query = said_filters(request.GET)
    wanted = focus(datasets, request.GET.get(FEATURE, ""), query)
    totals = memory.of_each(("legend", query.urlencode()), datasets, lambda dataset: _totals(dataset, query))
    layers, failed = contributions.each(
        datasets, lambda dataset: _legend_entry(dataset, query, totals(dataset)), "legend"
    )
    made_up = any(layer["made_up"] for layer in layers)
    open_ones = [dataset for dataset in exits.datasets("pages") if dataset.parts.home]
    parts, without_part = contributions.each(open_ones, _parts, "part of the first page")
    bounds = maps.common_extent(datasets)
    seen, shown = (wanted and wanted.box) or bounds, _lead_first(shown_datasets(datasets, request.GET), request.GET)
    lead = next((dataset for dataset in shown if dataset.map.tiles.cluster_zooms), None)
    context = {
        "parts": [part for some in parts for part in some],
        "failed_parts": [dataset.title_plural for dataset in without_part],
        "layers": layers,
        "failed": [dataset.title_plural for dataset in failed],
        "not_there": wanted if wanted and not wanted.goal else None,
        "chips": list(_chips(datasets, query)),
        "said": _left_out(datasets, totals),
        "keys": _keys(layers, lead),
        "og": opengraph.of_map(
            request,
            shown,
            seen,
            query,
            title=f"{_('Land map')} – {office.current().profile.name}",
            text=_("Plots, lots and plans of the office on satellite images."),
        ),
        "stills": stills(shown, seen, HOME, query, scene=request.GET.get("scene"), lead=lead),
        "still_is_first": True,
        "map_config": maps.config(
            datasets, bounds=bounds, keeps_view=True, query=query.urlencode(), made_up=made_up, focus=wanted
        ),
    }
    return render(request, "pages/home.html", context)


def _parts(dataset: Dataset) -> list[dict[str, Any]]:
    return [{"template": template, "context": fill()} for template, fill in dataset.parts.home]


def map_filters(query: QueryDict) -> QueryDict:
    """The part of an address that chooses rows: filters of any dataset that maps show. Raises FilterError for a value that
    one of them cannot understand."""
    chosen_by = _only(query, {one.name for one in of_maps()})
    for dataset in exits.datasets("tiles"):
        from_query(dataset, chosen_by)
    return chosen_by


def said_filters(query: QueryDict) -> QueryDict:
    """The same of what people wrote, in the strict form. Raises FilterError."""
    chosen_by = _only(query, {one.name for one in of_maps()})
    for dataset in exits.datasets("tiles"):
        chosen_by = strict_query(dataset, chosen_by)
    return chosen_by


def shown_datasets(datasets: list[Dataset], query: QueryDict) -> list[Dataset]:
    """Those that the address does not switch off. Raises FilterError for a name that is none of a dataset."""
    off = listed_names("off", query.get("off"))
    return [dataset for dataset in datasets if dataset.name not in off]


def _lead_first(datasets: list[Dataset], query: QueryDict) -> list[Dataset]:
    """The first that can says its numbers on a picture. Raises FilterError for a name that is none of a dataset."""
    wanted = listed_names(LEAD, query.get(LEAD))
    return sorted(datasets, key=lambda dataset: dataset.name not in wanted)


def listed_names(parameter: str, text: str | None) -> list[str]:
    """The names of datasets in a parameter that lists them. Raises FilterError for one that is none."""
    names = [name for name in (text or "").split(",") if name]
    known = [dataset.name for dataset in registry.all_datasets()]
    for name in names:
        if name not in known:
            raise no_such_value(parameter, name, known).in_words(_)
    return names


def _totals(dataset: Dataset, query: QueryDict) -> Lines:
    """By the value of the colour, and of what is shown. Of the colours that are not chosen the legend says how many there
    would be."""
    by = dataset.map.style.colour_by
    where = from_query(dataset, query)
    lines = queries.totals(dataset, _without(where, by), by=[by] if by else [])
    shown = queries.totals(dataset, where)[""] if chosen(where, by) else lines[""]
    usual = from_query(dataset, {})
    is_all = _without(where, by) == _without(usual, by)
    everything = lines[""] if is_all else [{"count": queries.count(dataset, usual)}]
    return {**lines, SHOWN: shown, EVERYTHING: everything}


def _left_out(datasets: list[Dataset], totals: Callable[[Dataset], Lines]) -> str:
    """As "31 of 120 lots · 4 of 7,571 plots": of each dataset of which the filters leave something out."""
    found, _failed = contributions.each(datasets, lambda dataset: _said_of(dataset, totals(dataset)), "totals")
    return " · ".join(filter(None, found))


def _said_of(dataset: Dataset, totals: Lines) -> str:
    shown, everything = (totals[name][0]["count"] for name in (SHOWN, EVERYTHING))
    if shown == everything:
        return ""
    words = {"shown": count_text(shown), "all": count_text(everything), "what": dataset.counted or _("features")}
    return _("%(shown)s of %(all)s %(what)s") % words


def _legend_entry(dataset: Dataset, query: QueryDict, totals: Lines) -> dict[str, Any]:
    by = dataset.map.style.colour_by
    where = from_query(dataset, query)
    picked = chosen(where, by)
    total = totals[SHOWN][0]
    kept = _only(query, {one.name for one in parameters(dataset)})
    return {
        "name": dataset.name,
        "title": dataset.title_plural,
        "description": dataset.description,
        "colour": dataset.map.colour,
        "style": dataset.map.style,
        "colours": _colours(dataset, totals.get(by, []), query, picked),
        "url": _address(reverse("pages:list", args=[dataset]), kept),
        "count": count_text(total["count"]),
        "count_label": dataset.counted,
        "size_text": total_text(dataset, total),
        "made_up": total["is_made_up"],
        "numbers_mean": pill_words.meaning(dataset) if dataset.map.tiles.cluster_zooms else "",
        "ground_means": pill_words.ground(dataset) if dataset.map.tiles.generalised_zooms else "",
    }


def _keys(layers: list[dict[str, Any]], lead: Dataset | None) -> list[dict[str, Any]]:
    """The short legends on the map, of each layer that can say its numbers; that of the layer in the lead is shown."""
    return [
        {**layer, "colours": layer["colours"][:MOST_IN_KEY], "is_lead": lead is not None and layer["name"] == lead.name}
        for layer in layers
        if layer["numbers_mean"]
    ]


def _without(where: And, field: str) -> Filter:
    return And(tuple(part for part in where.parts if not (isinstance(part, Equals | OneOf) and part.field == field)))


def _colours(
    dataset: Dataset, lines: list[dict[str, Any]], query: QueryDict, picked: Sequence[Any]
) -> list[dict[str, Any]]:
    """The colours that occur; what is chosen of them alone is on map, legend and list. A second choice takes one back."""
    name = dataset.map.style.colour_by
    counts = {line["value"]: line["count"] for line in lines}
    can_filter = bool(name) and dataset.field(name).filters
    return [
        {
            "colour": colour,
            "is_dashed": code in dataset.map.style.dashed,
            "label": value_text(dataset, dataset.field(name), code),
            "count": count_text(counts[code]),
            "url": _toggled(query, name, code) if can_filter else None,
            "choice": f"{name}={code}",
            "is_picked": code in picked,
        }
        for code, colour in dataset.map.style.colours.items()
        if code in counts
    ]


def _toggled(query: QueryDict, name: str, code: str) -> str:
    if code in query.getlist(name):
        return _address(reverse("pages:home"), without(query, name, code))
    more = query.copy()
    more.setlist(name, sorted({*filter(None, query.getlist(name)), code}))
    return _address(reverse("pages:home"), more)


def _chips(datasets: list[Dataset], query: QueryDict) -> Any:
    """The filters in use, each value once, with the address that takes it back."""
    for name, values in query.lists():
        dataset = next(one for one in datasets if name in {known.name for known in parameters(one)})
        for value in filter(None, values):
            rest = without(query, name, value)
            address = _address(reverse("pages:home"), rest)
            yield {"label": chip_text(dataset, name, value), "url": address, "choice": f"{name}={value}"}


def _only(query: QueryDict, names: Container[str]) -> QueryDict:
    """The part of a query that these names have."""
    some = query.copy()
    for name in query:
        if name not in names:
            del some[name]
    return some


def _address(path: str, query: QueryDict) -> str:
    return f"{path}?{query.urlencode()}" if query else path
