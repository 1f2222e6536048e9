from django.contrib import admin

from landgis.catalog.admin_pages import ReadOnlyAdmin
from landgis.imagery.models import Scene


@admin.register(Scene)
class SceneAdmin(ReadOnlyAdmin):
    list_display = ["name", "acquired_on", "resolution_m", "source", "is_made_up", "withdrawn_at"]
    exclude = ["footprint"]
