"""References on pages: one is read and copied as one, and does not go on in the next line behind a hyphen."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def unbroken(ref: str) -> SafeString:
    return format_html('<span class="ref">{}</span>', ref)
