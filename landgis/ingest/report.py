"""What was understood of a file, what is wrong with it and what it would change: built once, for terminal and page."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Count, FloatField, Q, Sum, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes import actions as changes
from landgis.changes import issues
from landgis.changes.hidden import NOT_SHOWN
from landgis.changes.models import ChangeSet, Issue, Severity
from landgis.changes.words import REPAIRS
from landgis.ingest import mistakes, questions
from landgis.ingest.errors import marked as _
from landgis.lib import geometry

FIRST_ROWS = 5
UTF_8 = "UTF-8"  # text that is read as it stands
ISSUE_COLUMNS = ("code", "severity", "row", "ref", "field", "message", "remedy")  # of lists of issues to take away
MOST_ROWS = 1000
MOST_REMEDIES = 3
DONE = "geometry-repaired"


@dataclass
class IssueGroup:
    """All issues of one code, with the first of them in words."""

    code: str
    severity: str
    count: int
    examples: list[dict[str, Any]]

    @property
    def is_error(self) -> bool:
        return self.severity == Severity.STOP

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.examples)

    @property
    def remedies(self) -> list[str]:
        return list(dict.fromkeys(line["remedy"] for line in self.examples))[:MOST_REMEDIES]


@dataclass
class RepairGroup:
    """The repairs of one kind: how many, how the area changes in all, and whether they are done."""

    kind: str
    count: int
    change_m2: float
    is_done: bool


@dataclass
class FileReport:
    """`understood` is how the file was read, as data; `facts_of` says it in words. `rows` are those of the file."""

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
    repair_kinds: list[RepairGroup] = field(default_factory=list)
    issues: list[IssueGroup] = field(default_factory=list)
    stopped: bool = False
    committed: bool = False
    revision: int | None = None

    @property
    def has_changes(self) -> bool:
        return bool(self.add or self.change or self.retire)

    @property
    def errors(self) -> int:
        return sum(group.count for group in self.issues if group.is_error)

    @property
    def open_repairs(self) -> list[RepairGroup]:
        """The kinds of which nobody has accepted the repairs."""
        return [group for group in self.repair_kinds if not group.is_done]

    @property
    def has_row_errors(self) -> bool:
        """Whether leaving out rows would take an error away."""
        return any(line["row"] for group in self.issues if group.is_error for line in group.examples)

    def as_dict(self) -> dict[str, Any]:
        """What `load --json` prints; others rely on its names."""
        return asdict(self)


def report_of(
    change_set: ChangeSet, *, on_page: bool = False, first_rows: int = FIRST_ROWS, whole: str = ""
) -> FileReport:
    """The report of a checked change set, its texts in the language that is active.

    Of each code the first rows are named, of the code `whole` (nearly) all. `on_page`: for whoever has no command line.
    """
    dataset = registry.get(change_set.dataset)
    counted = changes.counts(change_set)
    rows = sum(counted.values()) - counted["retire"]
    features = change_set.reading.get("features", -1)
    repairs = _repairs(change_set)
    found = change_set.issues.values("code", "severity").annotate(count=Count("id")).order_by("severity", "code")
    return FileReport(
        dataset=dataset.name,
        file=change_set.file_name,
        sha256=change_set.file_sha256,
        understood=change_set.reading | {"features": features if features >= 0 else rows},
        rows=rows,
        add=counted["add"],
        change=counted["change"],
        unchanged=counted["unchanged"],
        retire=counted["retire"],
        left_out=counted["left out"],
        repairs=sum(group.count for group in repairs),
        repairs_change_m2=round(sum(group.change_m2 for group in repairs), 2),
        repair_kinds=repairs,
        issues=[
            _group(change_set, dataset, one, on_page, MOST_ROWS if one["code"] == whole else first_rows)
            for one in found
        ],
        stopped=changes.stopping(change_set),
    )


def _repairs(change_set: ChangeSet) -> list[RepairGroup]:
    """The repairs by their kind, those that change least first; a change set of long ago names none."""
    found = change_set.issues.filter(params__has_key="repair_change").annotate(
        kind=Coalesce(KeyTextTransform("repair", "params"), Value("", TextField())),
        is_done=Q(code=DONE),
        change=Cast(KeyTextTransform("repair_change", "params"), FloatField()),
    )
    grouped = found.values("kind", "is_done").annotate(count=Count("id"), change_m2=Sum("change"))
    groups = [RepairGroup(one["kind"], one["count"], round(one["change_m2"], 2), one["is_done"]) for one in grouped]
    order = list(REPAIRS)
    return sorted(groups, key=lambda group: (order.index(group.kind) if group.kind in order else -1, group.is_done))


def _group(change_set: ChangeSet, dataset: Dataset, found: Mapping[str, Any], on_page: bool, most: int) -> IssueGroup:
    first = change_set.issues.filter(code=found["code"]).order_by("row", "ref")[:most]
    lines = [issue_line(dataset, issue, on_page=on_page) for issue in first]
    return IssueGroup(found["code"], found["severity"], found["count"], lines)


def issue_line(dataset: Dataset, issue: Issue, *, on_page: bool = False) -> dict[str, Any]:
    """An issue in words; `field` is a name of the dataset."""
    message, remedy = issues.text(dataset, issue.code, issue.field, issue.params, on_page=on_page)
    return {"row": issue.row, "ref": issue.ref, "field": issue.field, "message": message, "remedy": remedy}


HOW = {
    "said": _("as was said"),
    "heading": _("by its heading"),
    "values": _("by its values"),
    "coordinates": _("as coordinates"),
    "personal": _("personal data"),
    "added": _("written by this site, not needed"),
}


def facts_of(read: Mapping[str, Any], dataset: Dataset | None) -> dict[str, Any]:
    """How a file was read, in words: format, layers, coordinates, texts before and after, every column, and questions.

    Without a dataset the columns are no fields yet. A change set that no file made, or one of long ago, may say nothing
    of some.
    """
    srid, fix = read.get("srid"), read.get("fix")
    mistake = mistakes.by_code(fix, srid) if fix and srid else None
    texts = [one | {"percent": round(100 * one["score"])} for one in seen_texts(read, dataset)]
    return {
        "format": read.get("driver", ""),
        "layer": read.get("layer", ""),
        "layers": [questions.layer_text(one) for one in read.get("layers", [])],
        "srid": srid,
        "crs": geometry.crs(srid).name if srid else "",
        "fix": fix,
        "mistake": gettext(mistake.name) if mistake else "",
        "encoding": read.get("encoding"),
        "texts": texts,
        "shown_texts": [one for one in texts if one["samples"] and one["encoding"] != UTF_8],
        "personal": [{"column": one["column"], "why": gettext(one["why"])} for one in read.get("personal", [])],
        "constants": [
            (dataset.label(name), NOT_SHOWN if dataset.is_hidden(name) else text)
            for name, text in read.get("constants", {}).items()
            if dataset
        ],
        "columns": [_column(heading, read, dataset) for heading in headings_of(read)],
        "unused": read.get("unused", []),
        "questions": [questions.in_words(one, dataset) for one in read.get("questions", []) if dataset],
    }


def headings_of(read: Mapping[str, Any]) -> list[str]:
    return list(read.get("headings") or [*read.get("columns", {}), *read.get("unused", [])])


def _column(heading: str, read: Mapping[str, Any], dataset: Dataset | None) -> dict[str, Any]:
    """A column: what it is read as and by what that was told, and its first values."""
    name = read.get("columns", {}).get(heading)
    how = _told_by(heading, read)
    return {
        "heading": heading,
        "field": name,
        "label": dataset.label(name) if dataset and name else "",
        "meaning": dataset.meaning(name).text if dataset and name else "",
        "how": how,
        "told_by": gettext(HOW[how]) if how else "",
        "samples": read.get("samples", {}).get(heading, []),
    }


def _told_by(heading: str, read: Mapping[str, Any]) -> str:
    if heading in read.get("columns", {}):
        is_said, by_values = heading in read.get("said", []), heading in read.get("by_values", [])
        return "said" if is_said else "values" if by_values else "heading"
    if heading in ((read.get("geometry") or {}).get("columns") or []):
        return "coordinates"
    if heading in read.get("added", []):
        return "added"
    return "personal" if heading in [one["column"] for one in read.get("personal", [])] else ""


def seen_texts(read: Mapping[str, Any], dataset: Dataset | None) -> list[dict[str, Any]]:
    """How the text of each column was read, with samples where it became a field that the public sees."""
    columns = read.get("columns", {})
    public = {heading for heading, name in columns.items() if dataset and not dataset.is_hidden(name)}
    return [one if one["column"] in public else one | {"samples": []} for one in read.get("text", [])]
