"""What the form of one feature shows, and what comes back in it."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from landgis.catalog import codelists
from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Dataset, Field
from landgis.changes import issues
from landgis.changes.hidden import NOT_SHOWN
from landgis.changes.models import ChangeSet, Issue
from landgis.workbench import change_sets, corner_forms, corners, edit_fields, edit_files, edits, inherited, restoring
from landgis.workbench.edit_fields import SPARE_ROWS, Fact
from landgis.workbench.edits import Feature
from landgis.workbench.models import EditKind

LONG = 100  # characters from which a text has several lines


def facts_of(found: Feature, said: QueryDict) -> dict[str, Fact]:
    """What was touched: what differs from the state that the author sees, and what was touched before."""
    dataset, facts = found.dataset, {}
    known = found.edit.facts if found.edit else {}
    editable = edit_fields.editable(dataset, is_new=is_new(found))
    for field in editable:
        fact = _fact(found, field, known.get(field.name), said)
        if fact is not None:
            facts[field.name] = fact
    facts |= corner_forms.said_in(found, said)
    others = {name: fact for name, fact in known.items() if name not in {one.name for one in editable}}
    said_too = {str(dataset.geometry)} if "corners" in said else set()
    return {name: fact for name, fact in others.items() if name not in said_too} | facts


def is_new(found: Feature) -> bool:
    """Whether the form has the fields that name the feature."""
    return (
        found.row is None and found.base is None and not (found.edit is not None and "as_of" in str(found.edit.facts))
    )


def _fact(found: Feature, field: Field, known: Fact | None, said: QueryDict) -> Fact | None:
    if f"leave-{field.name}" in said:
        return None
    if not edit_fields.is_brought(field, said):
        return known
    text = edit_fields.typed(field, said)
    if found.dataset.is_hidden(field.name):
        if text:
            return {"text": text}
        return {"text": [] if field.parts else ""} if f"empty-{field.name}" in said else known
    if known is not None and "as_of" in known and text == _text(found, field, known):
        return known
    if text == _in_force(found, field):
        return None
    mark = said.get(f"reading-{field.name}", "")
    is_as_before = known is not None and known.get("text") == text
    mark = mark or (known.get("mark", "") if known and is_as_before else "")
    return {"text": text} | ({"mark": mark} if mark in ("decimal", "group") else {})


def _in_force(found: Feature, field: Field) -> Any:
    """The text of what the author sees in force; of a new feature what it is by default."""
    if found.base is None:
        return edit_fields.text_of(found.dataset, field.name, found.dataset.model_field(field.name).get_default())
    return edit_fields.text_of(found.dataset, field.name, getattr(found.base, field.name))


def _text(found: Feature, field: Field, fact: Fact | None) -> Any:
    """What stands in the form."""
    if found.dataset.is_hidden(field.name):
        return [] if field.parts else ""
    if fact is None:
        return _in_force(found, field)
    if "text" in fact:
        return fact["text"]
    past = change_sets.row_as_of(found.dataset, found.ref, fact["as_of"])
    return edit_fields.text_of(found.dataset, field.name, getattr(past, field.name, None))


def fields(found: Feature, facts: Mapping[str, Fact], errors: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """The controls of the form, those of one heading together; `errors` are those of the checks."""
    shown = []
    group: Label = ""
    editable = edit_fields.editable(found.dataset, is_new=is_new(found))
    headings = list(dict.fromkeys(["", *(field.group for field in editable)]))
    for field in sorted(editable, key=lambda field: headings.index(field.group)):
        line = _control(found, field, facts.get(field.name))
        line["errors"] = [*([line["error"]] if line["error"] else []), *errors.get(field.name, [])]
        line["heading"] = field.group if field.group != group else ""
        group = field.group or group
        shown.append(line)
    return shown


def _control(found: Feature, field: Field, fact: Fact | None) -> dict[str, Any]:
    dataset = found.dataset
    text, read = _text(found, field, fact), _read(dataset, field, fact)
    is_hidden = dataset.is_hidden(field.name)
    control: dict[str, Any] = {
        "name": field.name,
        "label": dataset.label(field.name),
        "help": dataset.meaning(field.name).text,
        "unit": edit_fields.unit_text(field),
        "text": text,
        "required": field.required,
        "is_hidden": is_hidden,
        "is_touched": fact is not None,
        "has_text": is_hidden and fact is not None and bool(fact.get("text")),
        "is_emptied": is_hidden and fact is not None and not fact.get("text") and "as_of" not in fact,
        "now": str(NOT_SHOWN) if is_hidden else _now(found, field),
        "error": read.error,
        "readings": read.readings,
        "is_long": isinstance(text, str) and (len(text) > LONG or "\n" in text),
    }
    if field.parts:
        width = len(field.parts)
        rows = [*text, *([""] * width for _spare in range(SPARE_ROWS))]
        control["rows"] = [
            [_cell(field, at, place, cell) for place, cell in enumerate(row)] for at, row in enumerate(rows)
        ]
    elif choices := edit_fields.labels_of(dataset, field):
        control["choices"] = _with_own(choices, text)
    return control


def _read(dataset: Dataset, field: Field, fact: Fact | None) -> edit_fields.Read:
    return edit_fields.read(dataset, field.name, fact) if fact is not None and "text" in fact else edit_fields.Read()


def _now(found: Feature, field: Field) -> str:
    return edit_fields.shown(found.dataset, field.name, getattr(found.row, field.name)) if found.row is not None else ""


def _with_own(choices: Mapping[str, Any], text: str) -> list[tuple[str, Any]]:
    """The choices; and what stands there, where it is none of them."""
    own = [(text, text)] if text and text not in choices else []
    return [*own, *choices.items()]


def _cell(field: Field, at: int, place: int, text: str) -> dict[str, Any]:
    part = field.parts[place]
    choices = codelists.labels(part.codes)
    name = f"{field.name}-{at}-{part.name}"
    return {
        "name": name,
        "label": f"{part.label or part.name} {at + 1}",
        "text": text,
        "choices": _with_own(choices, text) if choices else (),
        **(edit_files.control(name, text) if part.is_file else {}),
    }


def changed(found: Feature, facts: Mapping[str, Fact]) -> list[dict[str, Any]]:
    """What was read, field by field: as it is in force, and as it would be."""
    lines = []
    for name, fact in facts.items():
        if name == found.dataset.geometry:
            lines.append(_boundary(found, fact))
            continue
        is_hidden = found.dataset.is_hidden(name)
        if "as_of" in fact:
            after = getattr(change_sets.row_as_of(found.dataset, found.ref, fact["as_of"]), name, None)
        elif "of" in fact:
            after = inherited.value(found.dataset, name, fact)
        else:
            after = edit_fields.read(found.dataset, name, fact).value
        before = getattr(found.base, name) if found.base is not None else None
        texts = [edit_fields.shown(found.dataset, name, value) for value in (before, after)]
        if is_hidden and name != found.dataset.public_when:
            texts = [str(NOT_SHOWN)] * 2
        lines.append({"name": name, "label": found.dataset.label(name), "before": texts[0], "after": texts[1]})
    return lines


def differing(found: Feature, facts: Mapping[str, Fact]) -> list[dict[str, str]]:
    """Where what was saved of an edit and these facts differ: label, what was saved, and what these say."""
    known = found.edit.facts if found.edit else {}
    saved, typed = ({line["name"]: line for line in changed(found, one)} for one in (known, facts))
    return [
        {
            "label": line["label"],
            "saved": saved[name]["after"] if name in saved else line["before"],
            "typed": typed[name]["after"] if name in typed else line["before"],
        }
        for name, line in (saved | typed).items()
        if known.get(name) != facts.get(name)
    ]


def _boundary(found: Feature, fact: Fact) -> dict[str, Any]:
    name = str(found.dataset.geometry)
    measure = found.dataset.geometry_kind.measure
    before = corners.size_text(found.dataset, getattr(found.base, measure.column, None) if measure else None)
    if "as_of" in fact:
        after = _("as of revision %(number)s") % {"number": fact["as_of"]}
    else:
        after = corners.size_text(found.dataset, corners.read(found.dataset, fact).measure)
    return {"name": name, "label": found.dataset.label(name), "before": before, "after": after}


def conflict(found: Feature) -> list[dict[str, Any]]:
    """Field by field what the author saw, what is in force now and what the author wrote, where two of these differ."""
    if found.edit is None or not found.has_moved:
        return []
    mine = {line["name"]: line["after"] for line in changed(found, found.edit.facts)}
    open_ones, lines = restoring.contested(found), []
    names = [field.name for field in found.dataset.fields] + (
        [found.dataset.geometry] if found.dataset.geometry else []
    )
    for name in names:
        values = [getattr(row, str(name), None) for row in (found.base, found.row)]
        if name not in mine and values[0] == values[1]:
            continue
        texts = [_side(found.dataset, str(name), row) for row in (found.base, found.row)]
        lines.append(
            {
                "name": name,
                "label": found.dataset.label(str(name)),
                "base": texts[0],
                "theirs": texts[1],
                "mine": mine.get(str(name), ""),
                "is_open": name in open_ones,
            }
        )
    return lines


def _side(dataset: Dataset, name: str, row: Any) -> str:
    if row is None:
        return "–"
    if name == dataset.geometry:
        return _("as of revision %(number)s") % {"number": row.from_revision}
    return str(NOT_SHOWN) if dataset.is_hidden(name) else edit_fields.shown(dataset, name, getattr(row, name))


def issue_texts(dataset: Dataset, found: Iterable[Issue]) -> dict[int | None, list[str]]:
    """The texts of issues by their row."""
    told: dict[int | None, list[str]] = {}
    for issue in found:
        message, remedy = issues.text(dataset, issue.code, issue.field, issue.params, on_page=True)
        told.setdefault(issue.row, []).append(f"{message} {remedy}")
    return told


def by_field(dataset: Dataset, found: list[Issue]) -> dict[str, list[str]]:
    """The texts of issues by their field; those of none, and of what moves along, under the empty name."""
    told: dict[str, list[str]] = {}
    for issue in found:
        message, remedy = issues.text(dataset, issue.code, issue.field, issue.params, on_page=True)
        is_own = issue.row in (None, 1)
        told.setdefault(issue.field if is_own else "", []).append(
            f"{'' if is_own else f'{issue.ref}: '}{message} {remedy}"
        )
    return told


def listed(change_set: ChangeSet, dataset: Dataset) -> list[dict[str, Any]]:
    """The edits of a change set with what each would change."""
    lines: list[dict[str, Any]] = []
    into = change_set if change_set.responsible else None
    for edit in change_set.edits.filter(refused_by=None).select_related("passage"):
        found = edits.Feature(dataset, edit.ref, edits.in_force(dataset, edit.ref), edit, into)
        told = changed(found, edit.facts) if edit.kind != EditKind.RETIRE else []
        lines.append(
            {
                "edit": edit,
                "title": title(found),
                "url": "" if edit.passage else address(found),
                "changed": told,
                "has_moved": found.has_moved,
                "leaves_alone": edit.passage is None or edit.passage not in (one["edit"].passage for one in lines),
            }
        )
    return lines


def title(found: Feature) -> str:
    """What the feature is called, or would be."""
    if found.base is None:
        return _("New: %(title)s") % {"title": found.ref or found.dataset.title}
    names = [field.name for field in found.dataset.stated_fields]
    return found.dataset.title_of({name: getattr(found.base, name) for name in (*names, "ref")})


def address(found: Feature) -> str:
    """Where it is edited."""
    into = {"in": found.into.pk} if found.into else {}
    if found.edit is not None and found.edit.kind == EditKind.ADD:
        path, query = reverse("workbench:edit-new", args=[found.dataset.name]), {"draft": found.edit.pk, **into}
    elif not found.ref:
        path, query = reverse("workbench:edit-new", args=[found.dataset.name]), into
    else:
        path, query = reverse("workbench:edit", args=[found.dataset.name, found.ref]), into
    return f"{path}?{urlencode(query)}" if query else path
