"""What a load found and did, as data and as text."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from landgis.catalog.dataset import Dataset
from landgis.changes import actions as changes
from landgis.changes import issues, words
from landgis.changes.models import ChangeSet, Severity
from landgis.ingest.files import OpenFile
from landgis.lib import geometry

FIRST_ROWS = 5


@dataclass
class IssueGroup:
    """All issues of one code, with the first of them in words."""

    code: str
    severity: str
    count: int
    examples: list[dict[str, Any]]


@dataclass
class FileReport:
    dataset: str
    file: str
    sha256: str
    understood: dict[str, Any]
    rows: int
    add: int
    change: int
    unchanged: int
    retire: int
    left_out: int
    repairs: int = 0
    repairs_change_m2: float = 0.0
    issues: list[IssueGroup] = field(default_factory=list)
    stopped: bool = False
    committed: bool = False
    revision: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def report_of(change_set: ChangeSet, source: OpenFile, dataset: Dataset) -> FileReport:
    """The report of a checked change set."""
    counted = changes.counts(change_set)
    rows = sum(counted.values()) - counted["retire"]
    changes_m2 = change_set.issues.filter(params__has_key="repair_change").values_list("params", flat=True)
    repairs = [float(params["repair_change"]) for params in changes_m2]
    return FileReport(
        dataset=dataset.name,
        file=change_set.file_name,
        sha256=change_set.file_sha256,
        understood=change_set.reading | {"features": source.features if source.features >= 0 else rows},
        rows=rows,
        add=counted["add"],
        change=counted["change"],
        unchanged=counted["unchanged"],
        retire=counted["retire"],
        left_out=counted["left out"],
        repairs=len(repairs),
        repairs_change_m2=round(sum(repairs), 2),
        issues=_groups(change_set, dataset),
        stopped=changes.stopping(change_set),
    )


def _groups(change_set: ChangeSet, dataset: Dataset) -> list[IssueGroup]:
    found = change_set.issues.values("code", "severity").annotate(count=Count("id")).order_by("severity", "code")
    return [
        IssueGroup(
            code=group["code"],
            severity=group["severity"],
            count=group["count"],
            examples=[
                _example(issue, dataset)
                for issue in change_set.issues.filter(code=group["code"]).order_by("row")[:FIRST_ROWS]
            ],
        )
        for group in found
    ]


def _example(issue: Any, dataset: Dataset) -> dict[str, Any]:
    message, remedy = issues.text(dataset, issue.code, issue.field, issue.params)
    return {"row": issue.row, "ref": issue.ref, "field": issue.field, "message": message, "remedy": remedy}


def as_text(report: FileReport) -> str:
    """The report for a terminal, in the language that is active."""
    understood = report.understood
    read_with = ", ".join(
        str(part)
        for part in (
            understood["driver"],
            understood["layer"],
            _crs(understood["srid"]) if understood["srid"] else None,
            understood["fix"],
            understood["encoding"],
        )
        if part
    )
    lines = [
        f"{report.file} → {report.dataset} ({read_with})",
        *_texts(understood["text"]),
        *_columns(understood),
        _("Columns not used: %(columns)s") % {"columns": ", ".join(understood["unused"]) or "-"},
        _("Rows read: %(rows)s") % {"rows": report.rows},
        _("Added %(add)s, changed %(change)s, unchanged %(unchanged)s, retired %(retire)s, left out %(left_out)s")
        % {
            "add": report.add,
            "change": report.change,
            "unchanged": report.unchanged,
            "retire": report.retire,
            "left_out": report.left_out,
        },
    ]
    if report.repairs:
        lines.append(
            _("Repairs of boundaries: %(count)s; the area changes by %(change)s m² in all")
            % {"count": report.repairs, "change": words.figure(f"{report.repairs_change_m2:+.2f}")}
        )
    for group in report.issues:
        name = _("Error") if group.severity == Severity.STOP else _("Warning")
        lines.append("")
        lines.append(f"{name} {group.code}: {group.count}")
        for example in group.examples:
            where = _("row %(row)s") % {"row": example["row"]} if example["row"] else example["ref"] or _("the file")
            lines.append(f"  {where}: {example['message']} {example['remedy']}")
        more = group.count - len(group.examples)
        if more > 0:
            lines.append("  " + ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more})
    lines += ["", _outcome(report)]
    return "\n".join(lines)


def _crs(srid: int) -> str:
    return f"EPSG:{srid} {geometry.crs(srid).name}"


def _texts(found: list[dict[str, Any]]) -> list[str]:
    """How the text of each field was read, with the first sample before and after."""
    return [
        _("Text of %(column)s read as %(encoding)s (%(percent)s %%): %(samples)s")
        % {
            "column": one["column"],
            "encoding": one["encoding"],
            "percent": round(100 * one["score"]),
            "samples": "; ".join(f"“{before}” → “{after}”" for before, after in one["samples"][:1]),
        }
        for one in found
        if one["encoding"] != "UTF-8"
    ]


def _columns(understood: dict[str, Any]) -> list[str]:
    """What was told by values only, and what looks like personal data."""
    lines = [
        _("Column %(column)s read as %(field)s, by its values") % {"column": name, "field": understood["columns"][name]}
        for name in understood["by_values"]
    ]
    personal = [f"{one['column']} ({_(one['why'])})" for one in understood["personal"]]
    if personal:
        lines.append(_("Personal data, in no public field: %(columns)s") % {"columns": ", ".join(personal)})
    return lines


def _outcome(report: FileReport) -> str:
    if report.committed:
        return _("Published as revision %(number)s.") % {"number": report.revision}
    if report.stopped:
        return _("Stopped by errors: nothing was changed.")
    if not (report.add or report.change or report.retire):
        return _("Everything in the file is in force already: nothing to change.")
    return _("Dry run: nothing was changed. Add --commit to publish.")
