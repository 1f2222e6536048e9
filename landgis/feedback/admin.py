from django.contrib import admin

from landgis.catalog.admin_pages import ReadOnlyAdmin
from landgis.feedback.models import Report


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ["number", "dataset", "ref", "kind", "status", "made_at"]
    list_filter = ["status", "dataset", "kind"]
    search_fields = ["number", "ref"]
    exclude = ["sender_key"]
