"""The filter `data_script` of templates: data for the scripts of a page, as Django's `json_script` writes it.

Its letters stay letters: Vietnamese as \\u1ea5 would be the heaviest part of a page with a map.
"""

from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import json_script
from django.utils.safestring import SafeString

register = template.Library()


class LettersAsLetters(DjangoJSONEncoder):
    item_separator, key_separator = ",", ":"

    def __init__(self, **options: Any):
        super().__init__(**{**options, "ensure_ascii": False})


@register.filter
def data_script(value: Any, element_id: str) -> SafeString:
    return json_script(value, element_id, LettersAsLetters)
