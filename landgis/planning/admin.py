from django.contrib import admin

from landgis.catalog.read_only import InForceAdmin
from landgis.planning.models import Zone

admin.site.register(Zone, InForceAdmin)
