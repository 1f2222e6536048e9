from django.contrib import admin

from landgis.catalog.admin_pages import InForceAdmin
from landgis.planning.models import Zone

admin.site.register(Zone, InForceAdmin)
