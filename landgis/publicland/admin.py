from django.contrib import admin

from landgis.catalog.admin_pages import InForceAdmin
from landgis.publicland.models import Plot

admin.site.register(Plot, InForceAdmin)
