from django.contrib import admin

from landgis.catalog.admin_pages import ReadOnlyAdmin
from landgis.catalog.models import Revision


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    fields = ["number", "dataset", "applied_at", "source", "source_as_of", "is_made_up"]
    list_display = ["number", "dataset", "applied_at", "source", "is_made_up"]
    list_filter = ["dataset", "is_made_up"]
