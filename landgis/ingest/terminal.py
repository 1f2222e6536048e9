"""The report of a file for a terminal, in the language that is active."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes import words
from landgis.ingest.report import UTF_8, FileReport, IssueGroup, RepairGroup, facts_of


def as_text(report: FileReport) -> str:
    lines = [
        *_understood(report.file, report.understood, registry.get(report.dataset)),
        _("Rows read: %(rows)s") % {"rows": report.rows},
        _("Added %(add)s, changed %(change)s, unchanged %(unchanged)s, retired %(retire)s, left out %(left_out)s")
        % report.as_dict(),
    ]
    lines += [_repairs(group) for group in report.repair_kinds]
    for group in report.issues:
        lines += _issues(group)
    lines += ["", _outcome(report)]
    return "\n".join(lines)


def asked(file: str, read: Mapping[str, Any], dataset: Dataset) -> str:
    """What was understood of a file that cannot be read yet, and all that has to be said of it."""
    lines = [*_understood(file, read, dataset), "", _("Before the file can be read, say:")]
    for question in facts_of(read, dataset)["questions"]:
        lines.append(f"  {question['text']} ({question['option']})")
        lines += ["    " + ": ".join(filter(None, (one["option"], one["label"]))) for one in question["choices"]]
    return "\n".join(lines)


def _understood(file: str, read: Mapping[str, Any], dataset: Dataset) -> list[str]:
    facts = facts_of(read, dataset)
    crs = f"EPSG:{facts['srid']} {facts['crs']}" if facts["srid"] else None
    read_with = [facts["format"], facts["layer"], crs, facts["fix"], facts["encoding"]]
    layers = [_("Layer %(layer)s") % {"layer": layer} for layer in facts["layers"] if len(facts["layers"]) > 1]
    return [
        f"{file} → {dataset.name} ({', '.join(str(part) for part in read_with if part)})",
        *layers,
        *_texts(facts["texts"]),
        *_columns(facts),
    ]


def _texts(found: Iterable[dict[str, Any]]) -> list[str]:
    """How the text of each field was read, with the first sample before and after."""
    return [
        _("Text of %(column)s read as %(encoding)s (%(percent)s %%): %(samples)s")
        % {
            "column": one["column"],
            "encoding": one["encoding"],
            "percent": one["percent"],
            "samples": "; ".join(f"“{before}” → “{after}”" for before, after in one["samples"][:1]),
        }
        for one in found
        if one["encoding"] != UTF_8
    ]


def _columns(facts: dict[str, Any]) -> list[str]:
    """Every column: what it is read as, by what that was told, its first values; and what looks like personal data."""
    lines = [_column(one) for one in facts["columns"]]
    personal = [f"{one['column']} ({one['why']})" for one in facts["personal"]]
    if personal:
        lines.append(_("Personal data, in no public field: %(columns)s") % {"columns": ", ".join(personal)})
    return [*lines, _("Columns not used: %(columns)s") % {"columns": ", ".join(facts["unused"]) or "-"}]


def _column(one: Mapping[str, Any]) -> str:
    read_as = one["label"] or one["told_by"] or _("not used")
    told = f", {one['told_by']}" if one["field"] else ""
    shown = ": " + "; ".join(one["samples"]) if one["samples"] else ""
    return f"  {one['heading']} → {read_as}{told}{shown}"


def _repairs(group: RepairGroup) -> str:
    told = {
        "kind": group.kind,
        "does": words.repair(group.kind),
        "count": group.count,
        "change": words.figure(f"{group.change_m2:+.2f}"),
    }
    if group.is_done:
        return _("Repaired, %(kind)s: %(does)s (%(count)s); the area changed by %(change)s m² in all") % told
    return (
        _("Can be repaired with --repair %(kind)s: %(does)s (%(count)s); the area changes by %(change)s m² in all")
        % told
    )


def _issues(group: IssueGroup) -> list[str]:
    name = _("Error") if group.is_error else _("Warning")
    lines = ["", f"{name} {group.code}: {group.count}"]
    for example in group.examples:
        where = _("row %(row)s") % {"row": example["row"]} if example["row"] else example["ref"] or _("the file")
        lines.append(f"  {where}: {example['message']} {example['remedy']}")
    if group.more > 0:
        lines.append("  " + ngettext("and %(n)s more", "and %(n)s more", group.more) % {"n": group.more})
    return lines


def _outcome(report: FileReport) -> str:
    if report.committed:
        return _("Published as revision %(number)s.") % {"number": report.revision}
    if report.stopped:
        return _("Stopped by errors: nothing was changed.")
    if not report.has_changes:
        return _("Everything in the file is in force already: nothing to change.")
    return _("Dry run: nothing was changed. Add --commit to publish.")
