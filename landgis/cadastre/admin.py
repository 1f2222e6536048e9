from django.contrib import admin

from landgis.cadastre.models import LandPrice, Mask, Parcel
from landgis.catalog.admin_pages import InForceAdmin

admin.site.register(Parcel, InForceAdmin)
admin.site.register(Mask, InForceAdmin)
admin.site.register(LandPrice, InForceAdmin)
