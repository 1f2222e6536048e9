from django.contrib import admin

from landgis.changes.admin_pages import SpanningAdmin
from landgis.workbench.models import Run


@admin.register(Run)
class RunAdmin(SpanningAdmin):
    list_display = ["id", "work", "state", "dataset", "file_name", "rows_done", "rows_total", "created_at"]
    list_filter = ["work", "state"]
    fields = [
        "work",
        "state",
        "by",
        "dataset",
        "file_name",
        "file_sha256",
        "replaces",
        "change_set",
        "rows_done",
        "rows_total",
        "attempts",
        "error",
        "created_at",
        "ended_at",
    ]
