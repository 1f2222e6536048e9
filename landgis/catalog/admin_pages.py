"""Admin pages to look at what only change sets may change.

No dataset and no report of a reader has one: personal data is read in the workbench, one feature at a time.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    """Nothing can be added, changed or deleted here, by anybody.

    Shown is what `fields` names, and nothing else can be asked for: an answer to `?name__startswith=` would spell out what no
    page shows.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        name, _, kind = lookup.partition("__")
        return name in self.list_filter and kind in ("", "exact", "isnull")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
