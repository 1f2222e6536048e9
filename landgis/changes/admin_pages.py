"""Admin pages of what may be about any territory."""

from typing import Any

from django.http import HttpRequest

from landgis.accounts.models import AT_WORK, User
from landgis.catalog.admin_pages import ReadOnlyAdmin
from landgis.changes import territories


class SpanningAdmin(ReadOnlyAdmin):
    """For whoever has a role in the whole office: others see in the workbench what is theirs."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        person = request.user
        return (
            super().has_view_permission(request, obj)
            and isinstance(person, User)
            and territories.of(person, *AT_WORK).is_whole
        )
