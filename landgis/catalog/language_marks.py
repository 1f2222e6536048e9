"""Words of the office on pages in another language: a screen reader must know in which language to speak them."""

from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language


def with_language(text: Any, is_as_given: bool = True) -> Any:
    """The text, in HTML marked as of the language of the data; untouched where the page is in it, and if translated."""
    if not text or not is_as_given or get_language() == settings.LANGUAGE_CODE:
        return text
    return format_html('<span lang="{}">{}</span>', settings.LANGUAGE_CODE, text)
