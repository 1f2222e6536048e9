"""What stands at the addresses of pictures: bytes and media type, for the exit and for what is put together on the server."""

import hashlib

from django.core.cache import caches
from django.http import Http404, QueryDict
from django.utils import translation

from landgis.catalog import exits, queries, registry
from landgis.imagery.queries import mosaics, scenes, usual
from landgis.lib.language import language_of
from landgis.pictures import outline as outlines
from landgis.pictures import still as stills
from landgis.pictures.parameters import READER, SHEET, Bounds, outline_size, still_plan

KINDS = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
KEPT_S = 3600
LARGEST = 46_000  # bytes: what a first view can wait for on a slow line


def still(query: QueryDict, kind: str, bounds: Bounds = READER) -> tuple[bytes, str]:
    """The map as a picture; `parameters.still_plan` says what may be asked, `lang` is the language of its names.

    WebP is kept small enough for a first view. Raises FilterError, and Http404 for a kind or scene that is not there.
    """
    if kind not in KINDS:
        raise Http404
    with language_of(query):
        plan = still_plan(query, bounds)
        key = _key(query, kind, plan)
        body: bytes | None = caches["memory"].get(key)
        if body is None:
            encoded = "jpeg" if kind == "jpg" else kind
            image, is_whole = stills.draw(plan)
            body = stills.encoded(image, encoded, LARGEST if kind == "webp" else None)
            if is_whole:
                caches["memory"].set(key, body, KEPT_S)
    return body, KINDS[kind]


def sheet_still(query: QueryDict, kind: str) -> tuple[bytes, str]:
    """The same as large as a sheet of paper needs it; no reader asks for that by an address."""
    return still(query, kind, SHEET)


def _key(query: QueryDict, kind: str, plan: stills.StillPlan) -> str:
    """Another for every set of images, and whenever a revision or an area that withholds changes what is published."""
    images = " ".join(ground.fingerprint for ground in (plan.mosaic, plan.base_map) if ground)
    asked = "&".join(sorted(query.urlencode().split("&")))
    state = queries.state_of(registry.all_datasets())  # filters may ask other datasets than those that are drawn
    parts = f"{kind} {asked} {state} {images} {translation.get_language()}"
    return "still:" + hashlib.sha256(parts.encode()).hexdigest()


def outline(query: QueryDict, name: str, ref: str, kind: str = "webp") -> tuple[bytes, str]:
    """A feature outlined on the images that maps show at first or those of `scene`, `width` x `height`; `lang` is that of its date.

    Raises FilterError, and Http404 for what is not public and where no image covers it.
    """
    dataset = exits.open_dataset(name, "pages")
    width, height = outline_size(query)
    chosen = query.get("scene")
    found = mosaics(scenes())
    mosaic = usual(found) if chosen is None else next((one for one in found if one.name == chosen), None)
    if dataset is None or not dataset.geometry or mosaic is None:
        raise Http404
    with language_of(query):
        body = outlines.picture(dataset, ref, mosaic, width, height, kind)
    if body is None:
        raise Http404
    return body, f"image/{kind}"
