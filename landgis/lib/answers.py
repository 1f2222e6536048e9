"""Answers for programs: JSON, an ETag on what may be kept, errors as data."""

import hashlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

PROBLEM = "application/problem+json"
GEOJSON = "application/geo+json"


class NumbersAsNumbers(DjangoJSONEncoder):
    """Decimals are numbers, as PostGIS writes them in GeoJSON, and no texts. 15 figures are exact."""

    def default(self, o: Any) -> Any:
        if isinstance(o, Decimal):
            return int(o) if o == o.to_integral_value() else float(o)
        return super().default(o)


def conditional(request: HttpRequest, response: HttpResponse, *, control: str = "no-cache") -> HttpResponseBase:
    """An answer with the ETag of its bytes; 304 for whoever has them already. `control` says who may keep it."""
    digest = etag_of(response.content).strip('"')
    return unless_known(request, digest, lambda: response, control=control)


def etag_of(body: bytes) -> str:
    """The ETag of an answer that is these bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def is_known(request: HttpRequest, etag: str) -> bool:
    """Whether whoever asks needs no answer that has this ETag."""
    return get_conditional_response(request, etag=etag) is not None


def unless_known(
    request: HttpRequest, digest: str, make: Callable[[], HttpResponseBase], *, control: str = "no-cache"
) -> HttpResponseBase:
    """The answer that `make` gives, or 304 for whoever has it already: `digest` is of all that it is made from."""
    etag = f'"{digest[:32]}"'
    answer: HttpResponseBase = get_conditional_response(request, etag=etag) or make()
    answer["ETag"] = etag
    answer["Cache-Control"] = control
    return answer


def as_json(request: HttpRequest, content: Any, *, media_type: str = "application/json") -> HttpResponseBase:
    """Public data as JSON."""
    return conditional(request, plain_json(content, media_type))


def as_problem(status: int, title: str, **more: Any) -> HttpResponse:
    """An error as data (RFC 9457); `more` are its other members, those that are empty left out."""
    content = {"type": "about:blank", "status": status, "title": title}
    content |= {name: value for name, value in more.items() if value not in ("", None)}
    return plain_json(content, PROBLEM, status=status)


def plain_json(content: Any, media_type: str = "application/json", *, status: int = 200) -> JsonResponse:
    """JSON that nobody keeps, with letters as they are."""
    dumped = {"ensure_ascii": False}
    return JsonResponse(content, NumbersAsNumbers, content_type=media_type, status=status, json_dumps_params=dumped)
