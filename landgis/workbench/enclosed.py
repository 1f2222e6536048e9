"""The documents of a change set as its page shows them, and the form by which one is enclosed."""

from typing import Any

from django.urls import reverse

from landgis.accounts.models import User
from landgis.changes import items
from landgis.changes.models import Action, ChangeSet, Door
from landgis.documents import enclosures, pictures, store
from landgis.documents.models import Enclosure
from landgis.workbench import edit_files, people

MOST_NAMED = 200  # features that a document can be said to be about


def lines(person: User, change_set: ChangeSet) -> dict[str, Any]:
    """Context of workbench/_enclosures.html."""
    may_enclose = people.may_edit(person) and enclosures.may_enclose(change_set, person)
    return {
        "lines": [_line(one) for one in Enclosure.objects.filter(change_set=change_set).select_related("by")],
        "may_enclose": may_enclose,
        "may_hide": people.may_edit(person) and not may_enclose,
        "refs": refs(change_set) if may_enclose else [],
        "accept": edit_files.ACCEPTED,
        "most_mb": store.MOST_BYTES // 10**6,
    }


def _line(one: Any) -> dict[str, Any]:
    shown = pictures.of(one.name) or pictures.Pages(0)
    return {
        "enclosure": one,
        "url": reverse("workbench:document", args=[one.name]),
        "told": store.told(one.name),
        "picture": reverse("workbench:document-page", args=[one.name, 1]) if shown.sizes else "",
    }


def refs(change_set: ChangeSet) -> list[str]:
    """The features that a document of it may be about: those edited in it, or the first ones of its file."""
    if change_set.door == Door.OFFICER:
        edited = change_set.edits.filter(refused_by=None).exclude(ref="").order_by("pk").values_list("ref", flat=True)
        return list(edited[:MOST_NAMED])
    first = items.of(change_set).first(MOST_NAMED, without=[Action.UNCHANGED])
    return [item.ref for item in first if item.ref]
