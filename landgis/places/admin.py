from django.contrib import admin

from landgis.catalog.read_only import InForceAdmin
from landgis.places.models import Unit

admin.site.register(Unit, InForceAdmin)
