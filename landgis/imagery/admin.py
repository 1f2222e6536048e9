from django.contrib import admin

from landgis.catalog.admin_pages import ReadOnlyAdmin
from landgis.imagery.models import Scene


@admin.register(Scene)
class SceneAdmin(ReadOnlyAdmin):
    list_display = ["name", "acquired_on", "resolution_m", "source", "is_made_up", "withdrawn_at"]
    fields = [
        "name",
        "acquired_on",
        "resolution_m",
        "source",
        "licence",
        "attribution",
        "cloud_percent",
        "is_made_up",
        "legal_srid",
        "file_name",
        "file_sha256",
        "stored_sha256",
        "maxzoom",
        "added_at",
        "withdrawn_at",
    ]
