from django.contrib import admin

from landgis.catalog.admin_pages import ReadOnlyAdmin
from landgis.operations.models import PublishedCheck


@admin.register(PublishedCheck)
class PublishedCheckAdmin(ReadOnlyAdmin):
    fields = ["revision", "dataset", "checked_at", "differences"]
    list_display = ["revision", "dataset", "checked_at", "differences"]
