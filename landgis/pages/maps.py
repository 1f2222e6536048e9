"""What the map of a page is told; the scripts read it from the page as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from shapely.geometry import mapping

from landgis.catalog import (
    contributions,
    ground,
    maplibre,
    maplibre_counts,
    memory,
    office,
    queries,
    registry,
    sums,
    symbols,
)
from landgis.catalog.dataset import Dataset
from landgis.catalog.exits import is_open
from landgis.catalog.parameters import of_rows
from landgis.catalog.pictures import Picture
from landgis.catalog.subject import Subject
from landgis.lib import geometry
from landgis.lib.filters import Filter
from landgis.lib.webmap import Box, fit
from landgis.pages import stills
from landgis.pages.addresses import data_address
from landgis.pages.focus import Focus
from landgis.pages.map_words import messages, opens
from landgis.pages.sheets import PAPERS, SCALES

MARGIN = 0.08  # of the width and height of a box
INSET_PX = (132, 110)
NEARLY_ALL = 0.95  # of the rows: what a frame is drawn round
OUTLINE_WIDTH = 720  # pixels; sharp on a phone, and what its first screen can wait for


def drawn_datasets(datasets: Iterable[Dataset]) -> list[Dataset]:
    return [dataset for dataset in datasets if is_open(dataset, "tiles")]


def config(
    datasets: Iterable[Dataset],
    *,
    bounds: tuple[float, float, float, float] | None,
    keeps_view: bool = False,
    query: str = "",
    as_of: int | None = None,
    select: dict[str, Any] | None = None,
    made_up: bool = False,
    focus: Focus | None = None,
    has_far: bool = False,
) -> dict[str, Any] | None:
    """The configuration of a page's map, or None when there is nothing to show.

    The tiles are asked with `query`, the page's filter and `as_of` (a revision) in words, so that the map shows the rows of the list.
    `made_up`: whether any is. A large map `keeps_view`, shows far parts and can begin with `focus`; another shows those where it `has_far` rows.
    """
    layers = [_layer(dataset, query, as_of, is_large=keeps_view) for dataset in drawn_datasets(datasets)]
    if bounds is None or not (layers or select):
        return None
    return {
        "lang": translation.get_language(),
        "data_lang": settings.LANGUAGE_CODE,
        "bounds": list(bounds),
        "hash": keeps_view,
        "worker": static(f"{settings.VENDOR['maplibre-gl']}/maplibre-gl-worker.mjs"),
        **_images(),
        "layers": layers,
        "names": _ground_names(),
        "name_look": maplibre.name_look(),
        "insets": _insets(layers, query) if keeps_view or has_far else [],
        "query": query,
        "systems": _systems(),
        "state": reverse("tiles:state"),
        **(_tools() if keeps_view else {}),
        "select": select and {**select, "layers": maplibre.selected_layers(select["colour"], select["kind"])},
        "made_up": made_up,
        **({"focus": focus.goal} if focus and focus.goal else {}),
        "messages": messages(with_tools=keeps_view),
    }


def _tools() -> dict[str, Any]:
    """What the tools of a large map ask."""
    addresses = {name: reverse(f"pages:{name}") for name in ("measure", "qr", "embed")}
    return {**addresses, "print": {"url": reverse("pages:print"), "scales": list(SCALES), "papers": PAPERS}}


def _images() -> dict[str, str]:
    """Where the images under the map are told of: which there are, which are seen, and pictures of the server."""
    return {
        "scenes": data_address("imagery:map", "/imagery/map.json") + f"?lang={translation.get_language()}",
        "seen": data_address("imagery:seen", "/imagery/seen.json"),
        "still": data_address("pictures:still", "/pictures/still.webp", "webp"),
    }


def of_feature(subject: Subject) -> dict[str, Any] | None:
    """The map of a feature; its outline comes with the page where its GeoJSON is not open."""
    dataset, row, as_of = subject.dataset, subject.row, subject.state.as_of
    if not dataset.geometry:
        return None
    drawn: Any = reverse("pages:feature-geojson", args=[dataset, row["ref"]]) + (f"?as_of={as_of}" if as_of else "")
    if not is_open(dataset, "geojson"):
        drawn = {"type": "Feature", "properties": {}, "geometry": mapping(subject.boundary)}
    colour = dataset.map.style.colours.get(str(row.get(dataset.map.style.colour_by)), dataset.selected_colour)
    select = {"geojson": drawn, "colour": colour, "kind": dataset.map.style.kind}
    bounds = (row["west"], row["south"], row["east"], row["north"])
    query = QueryDict(f"as_of={as_of}" if as_of else "", mutable=True)
    datasets = [dataset]
    if dataset.map.drawn_with:
        name, field = dataset.map.drawn_with
        datasets, query[field] = [registry.get(name)], row["ref"]
    return config(
        datasets,
        bounds=bounds,
        select=select,
        query=query.urlencode(),
        as_of=as_of,
        made_up=row["is_made_up"],
    )


def _systems() -> list[dict[str, Any]]:
    """The legal coordinate systems of the office, with the pipelines that lead from them to degrees."""
    systems = [geometry.crs(srid) for srid in office.current().legal_srids]
    return [{"srid": system.srid, "name": system.name, "pipeline": system.pipeline} for system in systems]


def _ground_names() -> list[dict[str, Any]]:
    return [
        {"text": name.text, "place": [name.longitude, name.latitude], "from": name.from_zoom, "to": name.to_zoom}
        for name in ground.names()
    ]


def _insets(layers: list[dict[str, Any]], query: str) -> list[dict[str, Any]]:
    """The office's far parts, each with its picture."""
    found = []
    for inset in office.current().insets:
        view = fit(inset.bounds, *INSET_PX, nearest=14)
        url = stills.address(view, [layer["name"] for layer in layers], QueryDict(query))
        found.append({"name": inset.name, "bounds": list(inset.bounds), "picture": url})
    return found


def _layer(dataset: Dataset, query: str, as_of: int | None, *, is_large: bool) -> dict[str, Any]:
    asked = QueryDict(f"lang={translation.get_language()}&{query}", mutable=True)
    for name in {*asked} - {"lang", *(one.name for one in of_rows(dataset))}:
        del asked[name]  # a filter of another dataset on this map
    return {
        "name": dataset.name,
        "title": str(dataset.title_plural),
        "tilejson": reverse("tiles:tilejson", args=[dataset.name]) + f"?{asked.urlencode()}",
        "kind": dataset.map.style.kind,
        "colour": dataset.map.colour,
        "colour_by": dataset.map.style.colour_by,
        "colours": dict(dataset.map.style.colours),
        "is_headline": dataset.map.style.is_headline,
        "minzoom": dataset.map.tiles.minzoom,
        "url": reverse("pages:list", args=[dataset]),
        **({} if is_open(dataset, "pages") else {"has_no_pages": True}),
        "title_field": dataset.title_field,
        "titled": _titled(dataset),
        "drawn": maplibre.layers(dataset, is_live=True, as_of=as_of),
        **(_outlined(dataset) if is_large else {}),
        **({"opens": opens(dataset.counted)} if dataset.map.tiles.cluster_zooms else {}),
        **({"pill": maplibre_counts.pill(dataset)} if dataset.map.tiles.gathered_to else {}),
        **({"hatch": maplibre.hatch(dataset)} if symbols.symbol(dataset.map.style).is_hatched else {}),
        "facts": [
            {
                "name": field.name,
                "label": str(dataset.label(field.name)),
                "unit": str(field.unit),
                **({"is_as_given": True} if dataset.is_free_text(field.name) else {}),
                "values": {code: str(label) for code, label in dataset.choices(field.name).items()},
            }
            for field in dataset.tile_fields
        ],
    }


def _outlined(dataset: Dataset) -> dict[str, Any]:
    """How the one feature that the map is about is outlined; its inside is the ground."""
    looks = maplibre.selected_layers(dataset.selected_colour, dataset.map.style.kind)
    return {"outline": [{**look, "source": dataset.name} for look in looks if look["type"] != "fill"]}


def _titled(dataset: Dataset) -> str:
    """The title of a feature, with the names of columns of tiles in braces for their values."""
    return dataset.title_of({name: f"{{{name}}}" for name in ("ref", *(field.name for field in dataset.tile_fields))})


def outline(picture: Picture) -> dict[str, Any]:
    """The picture that stands in the frame of the map until the map is drawn."""
    return {
        "url": f"{picture.url}&width={OUTLINE_WIDTH}",
        "width": OUTLINE_WIDTH,
        "height": OUTLINE_WIDTH * 3 // 4,
        "about": picture,
    }


def common_extent(datasets: Iterable[Dataset]) -> tuple[float, float, float, float] | None:
    """The box round nearly everything that is drawn: a far island does not make the rest a speck."""
    some = drawn_datasets(datasets)
    extent = memory.of_each("common extent", some, lambda dataset: queries.extent(dataset, share=NEARLY_ALL))
    found, _failed = contributions.each(some, extent, "extent")
    boxes = [box for box in found if box]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


@dataclass(frozen=True)
class MapFrame:
    """The box that a map begins with; `has_far` where rows in far parts of the territory lie beside it."""

    box: Box | None
    has_far: bool = False


def frame_of(dataset: Dataset, where: Filter, as_of: int | None) -> MapFrame:
    """Round all rows; of those in far parts only where there are no others, or most of the map would be sea."""
    whole = sums.extent(dataset, where, as_of=as_of)
    far = [inset.bounds for inset in office.current().insets]
    if whole is None or not any(_meet(whole, box) for box in far):
        return MapFrame(whole)
    near = sums.extent(dataset, where, as_of=as_of, but=far)
    return MapFrame(near or whole, has_far=near is not None and near != whole)


def _meet(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def widened(box: tuple[float, float, float, float] | None) -> tuple[float, float, float, float] | None:
    """A box that also shows what lies just outside it: the few that `common_extent` leaves out are mostly near."""
    if box is None:
        return None
    west, south, east, north = box
    beside, above = (east - west) * MARGIN, (north - south) * MARGIN
    return west - beside, max(south - above, -90), east + beside, min(north + above, 90)
