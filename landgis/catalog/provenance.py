"""Where a published row comes from, in a few words that can stand beside a fact."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def source_text(row: Mapping[str, Any]) -> str:
    """The source of a row (with the columns of queries.ABOUT_REVISION) and its date.

    The date is that of the source's state where the office gave one, else that of its publication.
    """
    name = row["source"] or _("the publishing office")
    if row["source_as_of"]:
        day = date_format(row["source_as_of"], "SHORT_DATE_FORMAT")
        return _("%(source)s, as of %(day)s") % {"source": name, "day": day}
    day = date_format(timezone.localtime(row["applied_at"]), "SHORT_DATE_FORMAT")
    return _("%(source)s, published %(day)s") % {"source": name, "day": day}
