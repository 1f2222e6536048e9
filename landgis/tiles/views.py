"""Vector tiles, their TileJSON, and the style in which a dataset is drawn."""

import gzip
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.catalog import exits, label_room, maplibre, memory, pill_words, queries, sums
from landgis.catalog.dataset import Dataset
from landgis.catalog.exits import through
from landgis.catalog.filters import from_query
from landgis.catalog.parameters import of_rows
from landgis.catalog.value_types import type_of
from landgis.lib.answers import as_json, is_known, unless_known
from landgis.lib.compression import takes
from landgis.lib.filters import Filter
from landgis.lib.parameters import LANG, knows
from landgis.lib.webmap import Box
from landgis.tiles import answering, marks
from landgis.tiles.answering import TileAnswer
from landgis.tiles.generalised import generalised_layer
from landgis.tiles.layers import count_layer, label_layer, label_zoom
from landgis.tiles.queries import heaped_zooms

TILE_TYPE = "application/vnd.mapbox-vector-tile"
FAILED = "landgis.failed"  # of the environment: with what the callable before Django failed to cut the tile
TEXT, NUMBER, BOOLEAN = (
    "String",
    "Number",
    "Boolean",
)  # what the values of a field of a tile are; all else is text in tiles
COUNT_TYPES = {"number": NUMBER, "least": NUMBER, "opens": NUMBER, "is_made_up": BOOLEAN}
TYPES = {"integer": NUMBER, "number": NUMBER, "boolean": BOOLEAN}


@require_safe
@through("tiles")
@knows(of_rows)
def tile(request: HttpRequest, dataset: Dataset, z: int, x: int, y: int) -> HttpResponseBase:
    """GET /tiles/<dataset>/<z>/<x>/<y>.mvt: 200 with ETag, 204 when empty, 404 outside the zooms or the world.

    Takes the filters of the list and `as_of`. In operation the callable before Django answers the same (`operations.cut_tiles`).
    """
    if FAILED in request.META:
        raise request.META[FAILED]
    if request.method == "HEAD" and "If-None-Match" not in request.headers:
        return _told(request, answering.told_of(dataset, (z, x, y), request.GET))
    found = answering.answer(dataset, (z, x, y), request.GET, lambda etag: is_known(request, etag))
    if found.packed == b"":
        return HttpResponse(status=204, headers={"Cache-Control": "no-cache"})
    return unless_known(request, found.etag.strip('"'), lambda: _tile(request, found.packed or b""))


def _tile(request: HttpRequest, packed: bytes) -> HttpResponse:
    headers = {"Vary": "Accept-Encoding"}
    if not takes("gzip", request.META):
        return HttpResponse(gzip.decompress(packed), content_type=TILE_TYPE, headers=headers)
    return HttpResponse(packed, content_type=TILE_TYPE, headers={**headers, "Content-Encoding": "gzip"})


def _told(request: HttpRequest, found: TileAnswer) -> HttpResponseBase:
    """The same without the tile: its length, and an ETag that follows from it, are not known."""
    headers = {"Cache-Control": "no-cache"}
    if found.packed == b"":
        return HttpResponse(status=204, headers=headers)
    headers |= {"Vary": "Accept-Encoding"} | ({"ETag": found.etag} if found.etag else {})
    headers |= {"Content-Encoding": "gzip"} if takes("gzip", request.META) else {}
    return StreamingHttpResponse((), content_type=TILE_TYPE, headers=headers)  # one that is no stream says its length


@require_safe
@knows()
def state(request: HttpRequest) -> HttpResponseBase:
    """GET /tiles/state.json: of each dataset that has tiles a mark, another one as soon as some of its tiles may be.

    Open maps ask for it every few seconds. In operation it is answered before Django (`operations.stored_tiles`).
    """
    return as_json(request, marks.of(exits.datasets("tiles")))


@require_safe
@through("tiles")
@knows(of_rows, LANG)
def tilejson(request: HttpRequest, dataset: Dataset) -> HttpResponseBase:
    """GET /tiles/<dataset>.json: TileJSON 3.0, made from the declaration; texts in `?lang=`."""
    return as_json(request, _tilejson(request, dataset))


@require_safe
@through("tiles")
@knows(of_rows, LANG)
def style(request: HttpRequest, dataset: Dataset) -> HttpResponseBase:
    """GET /styles/<dataset>.json: how a dataset is drawn, as a style of MapLibre (version 8); texts in `?lang=`.

    Takes what the TileJSON takes, to which it leads: the filters of the list and `as_of`.
    """
    # A question that the tiles could not answer is refused here.
    from_query(dataset, request.GET, as_of=queries.parse_as_of(request.GET.get("as_of")))
    asked = request.GET.urlencode()
    address = reverse("tiles:tilejson", args=[dataset.name]) + (f"?{asked}" if asked else "")
    return as_json(request, maplibre.document(dataset, request.build_absolute_uri(address)))


def _tilejson(request: HttpRequest, dataset: Dataset) -> dict:
    address = request.build_absolute_uri(f"/tiles/{dataset.name}/")
    mark = marks.of([dataset])[dataset.name]  # before all else, so that it is never ahead of what is said
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    where = from_query(dataset, request.GET, as_of=as_of)
    asked = request.GET.copy()
    asked.pop("lang", None)
    bounds, revision, is_made_up = memory.of_each(
        ("tilejson", where, as_of), [dataset], lambda one: _about_rows(one, where, as_of)
    )(dataset)
    content = {
        "tilejson": "3.0.0",
        "name": str(dataset.title_plural),
        "description": str(dataset.description),
        "attribution": _said(dataset, is_made_up),
        "tiles": [address + "{z}/{x}/{y}.mvt" + (f"?{asked.urlencode()}" if asked else "")],
        "minzoom": dataset.map.tiles.lowest,
        "maxzoom": dataset.map.tiles.maxzoom,
        "vector_layers": vector_layers(dataset),
        "revision": as_of or revision,
        "mark": mark,
    }
    if bounds:
        content["bounds"] = [round(side, 6) for side in bounds]
    return content


def _about_rows(dataset: Dataset, where: Filter, as_of: int | None) -> tuple[Box | None, int, bool]:
    """What takes a look at rows: the box round them, the newest revision of the dataset, whether any in force is made up."""
    newest = queries.latest_revision(dataset)
    bounds = queries.extent(dataset, where, as_of=as_of)
    return bounds, newest.number if newest else 0, queries.newest_and_made_up([dataset])[1]


def vector_layers(dataset: Dataset) -> list[dict]:
    """What the layers of a tile are, as TileJSON says it."""
    return [
        _described_features(dataset),
        _described_labels(dataset),
        *([_described_counts(dataset)] if dataset.map.tiles.cluster_zooms else []),
        *([_described_generalised(dataset)] if dataset.map.tiles.generalised_zooms else []),
    ]


def _described_features(dataset: Dataset) -> dict:
    told = _described(dataset, dataset.name, dataset.map.tiles.minzoom, [field.name for field in dataset.tile_fields])
    if heaped_zooms(dataset):
        told["fields"]["number"] = _("how many features a point stands for that has no reference (far zooms)")
        told["types"]["number"] = NUMBER
    if dataset.map.tiles.sheets_by:
        told["fields"]["number"] = _("of how many the ground is, where a tile has no time or no room to draw them")
        told["types"]["number"] = NUMBER
    return told


def _described(dataset: Dataset, layer: str, minzoom: int, fields: Sequence[str]) -> dict:
    labels = {name: _field(dataset, name) for name in fields}
    types = {name: TYPES.get(type_of(dataset.model_field(name)), TEXT) for name in fields}
    return {
        "id": layer,
        "description": str(dataset.title_plural),
        "minzoom": minzoom,
        "maxzoom": dataset.map.tiles.maxzoom,
        "fields": {"ref": _("reference"), "is_made_up": _("made up"), **labels},
        "types": {"ref": TEXT, "is_made_up": BOOLEAN, **types},
        "field_minzooms": {name: max(minzoom, dataset.field(name).tile_from or 0) for name in fields},
    }


def _described_labels(dataset: Dataset) -> dict:
    found = _described(dataset, label_layer(dataset), label_zoom(dataset), dataset.label_fields)
    about = {
        label_room.FIRST: _("the zoom from which the name fits inside"),
        label_room.WHOLE: _("the zoom from which all lines fit inside"),
        label_room.TURN: _("degrees by which the name turns to the right to fit"),
    }
    for name in label_room.columns(dataset):
        found["fields"][name], found["types"][name] = about[name], NUMBER
    return found


def _field(dataset: Dataset, name: str) -> str:
    """What a program shows of a field: label and meaning."""
    label, text = str(dataset.label(name)), str(dataset.meaning(name).text)
    return f"{label}: {text}" if text else label


def _described_counts(dataset: Dataset) -> dict:
    plan = dataset.map.tiles
    about = {"value": str(dataset.label(plan.counts_by))} if plan.counts_by else {"ref": _("reference")}
    least = {"least": pill_words.lowest(dataset)} if plan.least else {}
    fields = {
        **about,
        "number": str(dataset.counted),
        **least,
        **({"together": str(dataset.label(plan.together[1]))} if plan.together else {}),
        "opens": _("the zoom at which they part"),
        "box": _("west, south, east and north of all of them"),
        "is_made_up": _("made up"),
    }
    return {
        "id": count_layer(dataset),
        "description": str(dataset.title_plural),
        "minzoom": plan.lowest,
        # Where features are too many for a tile, as near as features are drawn.
        "maxzoom": plan.maxzoom if plan.sheets_by else plan.cluster_zooms.stop - 1,
        "fields": fields,
        "types": {name: COUNT_TYPES.get(name, TEXT) for name in fields},
    }


def _described_generalised(dataset: Dataset) -> dict:
    plan = dataset.map.tiles
    fields = {
        "kind": _("sheet: the ground of all that share a map sheet; block: what of it hangs together"),
        **{name: _field(dataset, name) for name in plan.sheets_by},
        "number": str(dataset.counted),
        "is_made_up": _("made up"),
    }
    return {
        "id": generalised_layer(dataset),
        "description": str(dataset.title_plural),
        "minzoom": plan.generalised_zooms.start,
        "maxzoom": plan.generalised_zooms.stop - 1,
        "fields": fields,
        "types": {name: COUNT_TYPES.get(name, TEXT) for name in fields},
    }


def attribution(dataset: Dataset) -> str:
    return _said(dataset, sums.any_made_up([dataset]))


def _said(dataset: Dataset, is_made_up: bool) -> str:
    said = [str(dataset.attribution)] if dataset.attribution else []
    if is_made_up:
        said.append(_("Made-up data"))
    return " · ".join(said)
