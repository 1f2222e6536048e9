"""The language of what a program fetches for a page: pictures, tiles' descriptions, lists."""

from contextlib import AbstractContextManager

from django.http import HttpRequest, QueryDict
from django.utils import translation


def asked_language(request: HttpRequest) -> AbstractContextManager[None]:
    """While it is open, texts are in the language of `?lang=`; in the office's own where it names none that we have."""
    return language_of(request.GET)


def language_of(query: QueryDict) -> AbstractContextManager[None]:
    """The same for a query that no request brought."""
    language = query.get("lang", translation.get_language())
    return translation.override(language if translation.check_for_language(language) else None)
