from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from landgis.catalog import registry
from landgis.catalog.admin_pages import ReadOnlyAdmin
from landgis.changes import issues, words
from landgis.changes.admin_pages import SpanningAdmin
from landgis.changes.models import AuditEntry, ChangeSet, LogEntry

FIRST = 200


@admin.register(ChangeSet)
class ChangeSetAdmin(SpanningAdmin):
    list_display = ["id", "dataset", "state", "door", "file_name", "revision", "created_at"]
    list_filter = ["dataset", "state", "door"]
    readonly_fields = ["found"]
    fields = [
        "dataset",
        "state",
        "door",
        "author",
        "approver",
        "base_revision",
        "revision",
        "is_complete",
        "is_made_up",
        "source",
        "source_as_of",
        "since",
        "file_name",
        "file_sha256",
        "reason",
        "created_at",
        "decided_at",
        "applied_at",
        "found",
    ]

    @admin.display(description=_("issues"))
    def found(self, change_set: ChangeSet) -> str:
        """The first issues in words."""
        dataset = registry.get(change_set.dataset)
        lines = (
            (issue.row or issue.ref, *issues.text(dataset, issue.code, issue.field, issue.params))
            for issue in change_set.issues.order_by("severity", "row")[:FIRST]
        )
        return format_html_join("", "<p>{}: {} {}</p>", lines)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    fields = ["revision", "dataset", "added", "changed", "retired"]
    list_display = ["revision", "dataset", "added", "changed", "retired"]


@admin.register(AuditEntry)
class AuditEntryAdmin(SpanningAdmin):
    fields = ["at", "by", "what", "subject", "details"]
    readonly_fields = ["what"]
    list_display = ["at", "by", "what", "subject"]
    list_filter = ["verb"]

    @admin.display(description=_("act"), ordering="verb")
    def what(self, entry: AuditEntry) -> str:
        return words.verb(entry.verb)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).order_by("-id")
