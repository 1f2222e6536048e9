"""Admin pages to look at what only change sets may change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from landgis.catalog import registry
from landgis.catalog.dataset import NEVER


class ReadOnlyAdmin(admin.ModelAdmin):
    """Nothing can be added, changed or deleted here, by anybody."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class InForceAdmin(ReadOnlyAdmin):
    """The rows of a dataset, past ones included."""

    list_display = ["ref", "from_revision", "until_revision"]
    search_fields = ["ref"]
    show_full_result_count = False

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What nobody may read is not shown to officers either."""
        declared = next(dataset for dataset in registry.all_datasets() if dataset.in_force is self.model)
        return [field.name for field in declared.fields if field.visibility == NEVER]
