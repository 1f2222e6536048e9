from django.contrib import admin

from landgis.catalog.read_only import InForceAdmin
from landgis.publicland.models import Plot

admin.site.register(Plot, InForceAdmin)
