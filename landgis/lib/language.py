"""The language of what a program fetches for a page: pictures, tiles' descriptions, lists."""

from contextlib import AbstractContextManager

from django.http import HttpRequest
from django.utils import translation


def asked_language(request: HttpRequest) -> AbstractContextManager[None]:
    """While it is open, texts are in the language of `?lang=`; in the office's own where it names none that we have."""
    language = request.GET.get("lang", translation.get_language())
    return translation.override(language if translation.check_for_language(language) else None)
