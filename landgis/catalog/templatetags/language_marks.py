"""The filter `with_language` of templates."""

from django import template

from landgis.catalog.language_marks import with_language

register = template.Library()
register.filter("with_language", with_language)
