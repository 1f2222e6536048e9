from django.contrib import admin

from landgis.catalog.admin_pages import ReadOnlyAdmin
from landgis.imagery.models import MapArchive, Scene


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


@admin.register(MapArchive)
class MapArchiveAdmin(ReadOnlyAdmin):
    list_display = ["name", "schema_name", "attribution", "is_made_up", "added_at", "withdrawn_at"]
    fields = [
        "name",
        "schema_name",
        "attribution",
        "licence",
        "is_made_up",
        "minzoom",
        "maxzoom",
        "file_name",
        "file_sha256",
    ]
    fields += ["added_at", "withdrawn_at"]
