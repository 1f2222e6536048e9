"""The language of what a program fetches for a page: pictures that this server puts together itself."""

from contextlib import AbstractContextManager

from django.http import QueryDict
from django.utils import translation


def language_of(query: QueryDict) -> AbstractContextManager[None]:
    """While it is open, texts are in the language of `lang`; in the office's own where it names none that we have.

    What a request brought has been held to the languages that we have (`landgis.lib.parameters`).
    """
    language = query.get("lang", translation.get_language())
    return translation.override(language if translation.check_for_language(language) else None)
