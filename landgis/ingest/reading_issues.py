"""The kinds of issues that reading a file finds: what a row is that cannot be read, or that is no feature."""

from django.utils.translation import gettext_lazy as _

from landgis.changes.issues import STOP, IssueKind, add_kinds

add_kinds(
    {
        "row-unreadable": IssueKind(
            STOP,
            _("Reading the row failed (%(reason)s)."),
            _(
                "Draw or write the row anew, or leave it out; whoever looks after the server finds the cause in its log."
            ),
        ),
    }
)
