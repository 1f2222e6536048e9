"""The filter `explained` of templates."""

from django import template

from landgis.catalog.glossary_marks import explained

register = template.Library()
register.filter("explained", explained)
