"""The newest changes of a list for a feed reader: what was published, and what the clock made of it."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.catalog import office, queries, sums
from landgis.catalog.dataset import Dataset
from landgis.catalog.details import detail_text
from landgis.catalog.exits import through
from landgis.catalog.filters import from_query
from landgis.catalog.parameters import of_rows
from landgis.lib.parameters import knows
from landgis.lib.text import printable
from landgis.pages.answers import refuse_the_past

ENTRIES = 50
NEVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class Feed(Atom1Feed):
    """A feed that is as old as its data, also where nothing is in it."""

    def latest_post_date(self) -> datetime.datetime:
        return self.feed["changed_at"]


@require_safe
@through("lists")
@knows(of_rows)
def feed(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """GET /<path>/feed.atom: the features of a list that were published or changed last, with its filters."""
    refuse_the_past(request)
    rows = sums.changed_last(dataset, from_query(dataset, request.GET), limit=ENTRIES)
    before = queries.before(dataset, rows) if rows else {}
    list_url = request.build_absolute_uri(reverse("pages:list", args=[dataset]))
    newest = None if rows else queries.latest_revision(dataset)
    written = Feed(
        title=f"{dataset.title_plural} – {office.current().profile.name}",
        link=list_url,
        description=str(dataset.description),
        language=get_language(),
        feed_url=request.build_absolute_uri(),
        changed_at=max((row["changed_at"] for row in rows), default=newest.applied_at if newest else NEVER),
    )
    for row in rows:
        url = request.build_absolute_uri(reverse("pages:feature", args=[dataset, row["ref"]]))
        made_up = f" ({_('made-up data')})" if row["is_made_up"] else ""
        told = [*_details(dataset, row), _what_changed(dataset, row, before.get(row["ref"]))]
        turned = f"@{row['turned_at']:%Y%m%dT%H%MZ}" if row["turned_at"] else ""
        written.add_item(
            title=printable(f"{dataset.title_of(row)}{made_up}"),
            link=url,
            description=escape(printable(" · ".join(told))),  # programs that read feeds take it for HTML
            unique_id=f"{url}#{row['from_revision']}{turned}",
            updateddate=row["changed_at"],
        )
    return HttpResponse(written.writeString("utf-8"), content_type=Feed.content_type)


def _details(dataset: Dataset, row: dict[str, Any]) -> list[str]:
    names = dict.fromkeys([*([dataset.state.field] if dataset.state.field else []), *dataset.detail_fields])
    return [detail_text(dataset, name, row[name]) for name in names if row[name]]


def _what_changed(dataset: Dataset, row: dict[str, Any], before: dict[str, Any] | None) -> str:
    """By the clock, or which fields are others than those published before."""
    if row["turned_at"]:
        when = date_format(timezone.localtime(row["turned_at"]), "SHORT_DATETIME_FORMAT")
        reported = _text(dataset, dataset.state.field, row[dataset.state.reported_field])
        return _("state since %(when)s; reported was: %(state)s") % {"when": when, "state": reported}
    if before is None:
        return _("new")
    state = {dataset.state.reported_field: dataset.state.field} if dataset.state.field else {}
    names = [name for name in before if name not in state.values() and before[name] != row[name]]
    labels = list(dict.fromkeys(str(dataset.label(state.get(name, name))) for name in names))
    return _("changed: %(fields)s") % {"fields": ", ".join(labels)} if labels else _("published anew")


def _text(dataset: Dataset, name: str, value: Any) -> str:
    return str(dataset.choices(name).get(value, value))
