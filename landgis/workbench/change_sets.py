"""What the officers' pages say of change sets beside the report of their file: what differs, and what happened."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from landgis.catalog import registry
from landgis.catalog.dataset import REF, Dataset
from landgis.changes import items, territories, words
from landgis.changes.hidden import NOT_SHOWN
from landgis.changes.models import Action, AuditEntry, ChangeSet, Door, Issue, Severity, State
from landgis.ingest import mistakes
from landgis.ingest.report import FileReport
from landgis.lib import geometry
from landgis.workbench.models import Edit

MOST_COMPARED = 50
MOST_NAMED = 2  # features in the name of a change set of edits
OPEN = (State.DRAFT, State.CHECKED, State.SUBMITTED, State.APPROVED)


def or_404(number: int, among: QuerySet[ChangeSet] | None = None) -> tuple[ChangeSet, Dataset]:
    """A change set, of these alone if they are given, and its dataset. Raises Http404."""
    every = ChangeSet.objects.all() if among is None else among
    with_it = ("author", "approver", "item_file")
    found = get_object_or_404(every.select_related(*with_it).defer("item_file__ref_sums"), pk=number)
    try:
        return found, registry.get(found.dataset)
    except KeyError:
        raise Http404 from None


def headline(change_set: ChangeSet, dataset: Dataset, report: FileReport) -> str:
    """One line: TCVN3 · meridian 107°45′ · sheet 12 · 812 parcels · 9 errors."""
    read, errors = change_set.reading, report.errors
    is_edited = change_set.door == Door.OFFICER
    count = report.add + report.change + report.retire if is_edited else report.rows
    parts = [
        _encodings(read),
        _coordinates(read.get("srid")),
        "" if is_edited else _sheet(change_set, dataset),
        f"{formats.number_format(count)} {dataset.counted}",
        ngettext("%(count)s error", "%(count)s errors", errors) % {"count": formats.number_format(errors)}
        if errors
        else _("no errors"),
    ]
    return " · ".join(part for part in parts if part)


def _encodings(read: Mapping[str, Any]) -> str:
    found = [one["encoding"] for one in read.get("text", []) if one.get("encoding")]
    found = found or ([read["encoding"]] if read.get("encoding") else [])
    return " + ".join(dict.fromkeys(name.upper() for name in found))


def _coordinates(srid: int | None) -> str:
    """The central meridian of a cadastral system, the name of any other."""
    if not srid:
        return ""
    meridian = mistakes.projection(srid).get("lon_0")
    if meridian is None or 32600 < srid < 32800:
        return geometry.crs(srid).name
    degrees, minutes = divmod(round(abs(meridian) * 60), 60)
    west = "−" if meridian < 0 else ""
    return _("meridian %(degrees)s°%(minutes)s′") % {"degrees": f"{west}{degrees}", "minutes": f"{minutes:02d}"}


def _sheet(change_set: ChangeSet, dataset: Dataset) -> str:
    """The one map sheet that all rows name."""
    if not dataset.numbers.fields:
        return ""
    sheets = items.of(change_set).sheets()
    return f"{dataset.label(dataset.numbers.fields[0])} {sheets[0]}" if len(sheets) == 1 and sheets[0] else ""


def in_force_of(dataset: Dataset) -> Any:
    return dataset.in_force._default_manager.all()


def row_of(dataset: Dataset, ref: str, revision: int | None) -> Any:
    """The row that came into force with a revision."""
    return in_force_of(dataset).filter(ref=ref, from_revision=revision).first() if revision else None


def row_as_of(dataset: Dataset, ref: str, revision: int) -> Any:
    """The row that was in force as of a revision."""
    began = in_force_of(dataset).filter(ref=ref, from_revision__lte=revision)
    return began.exclude(until_revision__lte=revision).first()


def compared(change_set: ChangeSet, dataset: Dataset, refs: Iterable[str]) -> list[dict[str, Any]]:
    """Of some features the facts that differ: when the file was checked, here now, in the file."""
    refs = list(dict.fromkeys(refs))[:MOST_COMPARED]
    mine = {item.ref: item for item in items.of(change_set).of_refs(refs)}
    rows = in_force_of(dataset).filter(ref__in=refs)
    if change_set.revision is None:
        theirs = {row.ref: row for row in rows.filter(until_revision=None)}
    else:
        theirs = {row.ref: row for row in rows.filter(until_revision=change_set.revision)}
    bases = {(row.ref, row.from_revision): row for row in rows}
    found = []
    for ref in refs:
        item = mine.get(ref)
        base = bases.get((ref, item.base_revision)) if item else None
        sides = [base, theirs.get(ref), item if item is None or item.action != Action.RETIRE else None]
        url = reverse("workbench:feature", args=[dataset.name, ref]) if REF.fullmatch(ref) else None
        found.append({"ref": ref, "url": url, "row": item.row if item else None, "lines": _differing(dataset, sides)})
    return found


def _differing(dataset: Dataset, sides: list[Any]) -> list[dict[str, Any]]:
    measure = dataset.geometry_kind.measure
    names = [field.name for field in dataset.fields] + ([measure.column] if measure else [])
    lines = []
    for name in names:
        values = [getattr(side, name) if side is not None else None for side in sides]
        if any(value != values[-1] for value in values[:-1]):
            lines.append({"label": dataset.label(name), "values": [_value(dataset, name, value) for value in values]})
    return lines


def _value(dataset: Dataset, name: str, value: Any) -> str:
    return str(NOT_SHOWN) if dataset.is_hidden(name) else value_text(dataset, name, value)


def value_text(dataset: Dataset, name: str, value: Any) -> str:
    """A value in the reader's language; whether it may be read is asked elsewhere."""
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        return str(dataset.choices(name).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(formats.localize(round(value, 1) if isinstance(value, float) else value))


def conflicts(change_set: ChangeSet, dataset: Dataset) -> list[dict[str, Any]]:
    """Features that somebody else changed: to be looked at side by side, never overwritten."""
    found = change_set.issues.filter(code__in=["feature-moved-on", "changed-since"]).order_by("id")
    return compared(change_set, dataset, found.values_list("ref", flat=True)[:MOST_COMPARED])


def changed(change_set: ChangeSet, dataset: Dataset) -> list[dict[str, Any]]:
    """The first features that would change, with what differs."""
    first = items.of(change_set).first(MOST_COMPARED, only=[Action.CHANGE])
    return compared(change_set, dataset, [item.ref for item in first])


def same_file(sha256: str, dataset: str, besides: int | None = None) -> ChangeSet | None:
    """An earlier change set of the same dataset from the same file."""
    found = ChangeSet.objects.filter(file_sha256=sha256, dataset=dataset) if sha256 else ChangeSet.objects.none()
    return (found.filter(pk__lt=besides) if besides else found).exclude(state="withdrawn").first()


def history(change_set: ChangeSet) -> list[dict[str, Any]]:
    """Who did what and when."""
    entries = AuditEntry.objects.filter(subject=f"change-set {change_set.pk}").order_by("id")
    begun = {"change-set.draft": _("opened")} if change_set.door == Door.OFFICER else {}
    return [
        {
            "at": entry.at,
            "by": entry.by,
            "what": begun.get(entry.verb) or words.verb(entry.verb),
            "ref": entry.details.get("ref", ""),
        }
        for entry in entries
    ]


def _named(refs: list[str]) -> str:
    """The first features that a change set of edits is about; new ones have no name yet."""
    named = [ref for ref in refs if ref]
    return ", ".join(named[:MOST_NAMED]) + (" …" if len(refs) > len(named[:MOST_NAMED]) else "") if named else ""


def listed(chosen: QuerySet[ChangeSet], before: int | None, most: int) -> list[dict[str, Any]]:
    """The newest of these with the counts of their check, the numbers of their issues and the units they touch."""
    newest = chosen.select_related("author", "approver").prefetch_related("touched_units").order_by("-pk")
    found = list((newest.filter(pk__lt=before) if before else newest)[:most])
    names = territories.book().unit_names() if found else {}
    counted = Issue.objects.filter(change_set__in=found).values("change_set", "severity").annotate(n=Count("id"))
    numbers = {(one["change_set"], one["severity"]): one["n"] for one in counted}
    subjects = {f"change-set {one.pk}": one.pk for one in found}
    checks = AuditEntry.objects.filter(verb="change-set.check", subject__in=subjects)
    done = {subjects[entry.subject]: entry.details for entry in checks}
    known = {dataset.name: dataset for dataset in registry.all_datasets()}
    edited: dict[int, list[str]] = {}
    for number, ref in Edit.objects.filter(change_set__in=found).order_by("pk").values_list("change_set", "ref"):
        edited.setdefault(number, []).append(ref)
    return [
        {
            "change_set": one,
            "url": reverse("workbench:change-set", args=[one.pk]),
            "name": one.file_name or _named(edited.get(one.pk, [])),
            "title": known[one.dataset].title_plural if one.dataset in known else one.dataset,
            "counts": done.get(one.pk),
            "units": [names.get(part.unit, part.unit) for part in one.touched_units.all() if part.unit],
            "waits_since": (one.submitted_at or one.created_at) if one.state in OPEN else None,
            "errors": numbers.get((one.pk, Severity.STOP), 0),
            "warnings": numbers.get((one.pk, Severity.WARN), 0),
        }
        for one in found
    ]
