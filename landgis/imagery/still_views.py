"""The exit of still pictures."""

import hashlib

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from landgis.catalog import queries
from landgis.imagery import asked, still
from landgis.lib.language import asked_language

KINDS = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
KEPT_S = 3600
LARGEST = 46_000  # bytes: what a first view can wait for on a slow line


@require_safe
def still_picture(request: HttpRequest, kind: str) -> HttpResponseBase:
    """GET /imagery/still.webp (or .jpg, .png): the map as a picture; see `asked.plan` for what may be asked.

    `?lang=` is the language of its names. WebP is kept small enough for a first view. An address with `?v=` of the
    newest revision may be kept for an hour.
    """
    if kind not in KINDS:
        raise Http404
    with asked_language(request):
        plan = asked.plan(request)
        newest = queries.latest_number()
        key = _key(request, newest, plan)
        body = cache.get(key)
        if body is None:
            encoded = "jpeg" if kind == "jpg" else kind
            body = still.encoded(still.draw(plan), encoded, LARGEST if kind == "webp" else None)
            cache.set(key, body, KEPT_S)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=KINDS[kind], headers={"ETag": etag})
    answer = get_conditional_response(request, etag=etag, response=response) or response
    kept = request.GET.get("v") == str(newest)
    answer["Cache-Control"] = f"public, max-age={KEPT_S}" if kept else "no-cache"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _key(request: HttpRequest, newest: int, plan: still.Plan) -> str:
    """Another for every revision and every set of images."""
    scenes = plan.mosaic.fingerprint if plan.mosaic else ""
    asked_for = "&".join(sorted(request.META.get("QUERY_STRING", "").split("&")))
    return (
        "still:"
        + hashlib.sha256(
            f"{request.path} {asked_for} {newest} {scenes} {translation.get_language()}".encode()
        ).hexdigest()
    )
