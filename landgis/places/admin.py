from django.contrib import admin

from landgis.catalog.admin_pages import InForceAdmin
from landgis.places.models import Unit

admin.site.register(Unit, InForceAdmin)
