"""Answers for programs: data that pages of other sites may read too, an ETag on what may be kept, errors as data."""

import hashlib
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

PROBLEM = "application/problem+json"
Answer = TypeVar("Answer", bound=HttpResponseBase)


def opened(response: Answer) -> Answer:
    """The answer as one that pages of every site may read (CORS): what is public is so for them too."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


def conditional(request: HttpRequest, response: HttpResponse, *, control: str = "no-cache") -> HttpResponseBase:
    """An answer with the ETag of its bytes; 304 for whoever has them already. `control` says who may keep it."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer["Cache-Control"] = control
    return opened(answer)


def as_json(request: HttpRequest, content: Any, *, media_type: str = "application/json") -> HttpResponseBase:
    """Public data as JSON, with letters as they are."""
    return conditional(request, _json(content, media_type))


def as_problem(status: int, title: str, **more: Any) -> HttpResponse:
    """An error as data (RFC 9457); `more` are its other members, those that are empty left out."""
    content = {"type": "about:blank", "status": status, "title": title}
    content |= {name: value for name, value in more.items() if value not in ("", None)}
    return opened(_json(content, PROBLEM, status=status))


def _json(content: Any, media_type: str, **options: Any) -> JsonResponse:
    return JsonResponse(content, content_type=media_type, json_dumps_params={"ensure_ascii": False}, **options)
