"""Where a published row comes from, in a few words that can stand beside a fact."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from landgis.catalog.language_marks import with_language


def source_text(row: Mapping[str, Any]) -> str:
    """The source of a row (with the columns of queries.ABOUT_REVISION) and its date, as HTML.

    The date is that of the source's state where the office gave one, else that of its publication.
    """
    name = with_language(row["source"]) if row["source"] else _("the publishing office")
    if row["source_as_of"]:
        day = date_format(row["source_as_of"], "SHORT_DATE_FORMAT")
        return _filled(_("%(source)s, as of %(day)s"), name, day)
    day = date_format(timezone.localtime(row["applied_at"]), "SHORT_DATE_FORMAT")
    return _filled(_("%(source)s, published %(day)s"), name, day)


def _filled(sentence: str, name: str, day: str) -> str:
    """The sentence as HTML; a mark of the language in the name stays one."""
    return format_html(sentence.replace("%(source)s", "{source}").replace("%(day)s", "{day}"), source=name, day=day)
