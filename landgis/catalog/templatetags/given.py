"""The filter `given` of templates."""

from django import template

from landgis.catalog.spoken import given

register = template.Library()
register.filter("given", given)
