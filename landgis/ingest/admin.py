from django.contrib import admin

from landgis.catalog.admin_pages import ReadOnlyAdmin
from landgis.ingest.models import SupplierProfile


@admin.register(SupplierProfile)
class ProfileAdmin(ReadOnlyAdmin):
    fields = ["name", "dataset", "columns", "encoding", "srid", "fix", "saved_at"]
    list_display = ["name", "dataset", "encoding", "srid", "fix", "saved_at"]
    list_filter = ["dataset"]
