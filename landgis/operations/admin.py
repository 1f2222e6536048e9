from django.contrib import admin

from landgis.catalog.admin_pages import ReadOnlyAdmin
from landgis.operations.models import Damage, DataCheck, PublishedCheck


@admin.register(PublishedCheck)
class PublishedCheckAdmin(ReadOnlyAdmin):
    fields = ["revision", "dataset", "checked_at", "differences"]
    list_display = ["revision", "dataset", "checked_at", "differences"]


@admin.register(DataCheck)
class DataCheckAdmin(ReadOnlyAdmin):
    fields = ["dataset", "row", "revision", "began_at", "whole_at"]
    list_display = ["dataset", "row", "revision", "began_at", "whole_at"]


@admin.register(Damage)
class DamageAdmin(ReadOnlyAdmin):
    fields = ["kind", "place", "found_at"]
    list_display = ["kind", "place", "found_at"]
