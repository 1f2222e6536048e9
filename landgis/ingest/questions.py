"""What a file leaves open, all of it at once: a page asks it in one form, a terminal names the options that answer it.

A question is data and kept with how the file was read; its words are made in the reader's language. Of a field it says
the name in `params`, and the reader gets its label. A kind of question is one line of `KINDS`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext, ngettext

from landgis.catalog.dataset import Dataset
from landgis.changes import coordinate_words, words
from landgis.changes.issues import Finding
from landgis.ingest import column_answers, coordinate_columns
from landgis.ingest.column_answers import ColumnAnswer
from landgis.ingest.errors import FileError
from landgis.ingest.errors import marked as _


@dataclass(frozen=True)
class FileQuestion:
    """`choices` are the answers that are known; without an answer to one that `blocks` no row can be read."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[Mapping[str, Any], ...] = ()
    blocks: bool = True

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


class Unanswered(FileError):
    """The rows cannot be read before somebody answers. `read` is how the file was read so far, with the questions."""

    def __init__(self, read: Mapping[str, Any], dataset: Dataset):
        super().__init__("answers-missing")
        self.read, self.dataset = read, dataset


Said = Mapping[str, Any]


@dataclass(frozen=True)
class FileQuestionKind:
    """`text` and `option` of the command line are filled with the parameters, `label` puts a choice in words.

    `value` is what a form posts for a choice, as `name`; `says` is the option of the command line that chooses it.
    """

    text: str
    option: str
    name: str = ""
    value: Callable[[Said], str] = lambda choice: str(choice["name"])
    label: Callable[[Said], str] = lambda choice: str(choice["name"])
    says: str | Callable[[Said], str] = ""


def extent(bounds: Sequence[float] | None) -> str:
    """A box of the file in its own coordinates: two corners."""
    if not bounds:
        return ""
    west, south, east, north = (words.figure(f"{one:.{1 if abs(one) > 180 else 4}f}") for one in bounds)
    return f"{west}; {south} – {east}; {north}"


def layer_text(layer: Said) -> str:
    """zones: polygon, 25 rows, between these corners."""
    rows = layer.get("rows", -1)
    parts = [
        words.geometry(layer["geometry"]) if layer["geometry"] else "",
        ngettext("%(rows)s row", "%(rows)s rows", rows) % {"rows": words.figure(rows)} if rows >= 0 else "",
        extent(layer.get("extent")),
    ]
    told = ", ".join(part for part in parts if part)
    return f"{layer['name']}: {told}" if told else str(layer["name"])


def _reading_text(reading: Said) -> str:
    if "because" in reading:
        return coordinate_words.line(reading)
    return f"{reading['name']} (EPSG:{reading['srid']})"


def _reading_value(reading: Said) -> str:
    return f"{reading['srid']}:{reading['fix'] or ''}"


NOTATIONS = {
    "point": _("1,234.5: a point before the decimals"),
    "comma": _("1.234,5: a comma before the decimals"),
    "day-first": _("31/12: the day first"),
    "month-first": _("12/31: the month first"),
}


def notation_text(answer: str) -> str:
    """How somebody says that a column is written, in words."""
    said = column_answers.read(answer)
    return ". ".join(filter(None, (gettext(NOTATIONS[said.way]) if said.way else "", _size_text(said))))


def _size_text(said: ColumnAnswer) -> str:
    if not said.size:
        return ""
    if said.size == column_answers.AS_WRITTEN:
        return gettext("The numbers are right as they are written.")
    return gettext("Each number is multiplied by %(factor)s.") % {"factor": words.figure(f"{said.factor:f}")}


def _of_coordinates(text: str, option: str) -> FileQuestionKind:
    return FileQuestionKind(text, option, "reading", _reading_value, _reading_text, words.option)


KINDS: dict[str, FileQuestionKind] = {
    "layer": FileQuestionKind(
        _("Which layer is to be read?"), _("--layer NAME"), "layer", label=layer_text, says='--layer "%(name)s"'
    ),
    "crs": _of_coordinates(_("In which coordinate system is the file? It does not say so."), "--crs EPSG:5899"),
    "crs-missing": _of_coordinates(_("In which coordinate system is the file? It does not say so."), "--crs EPSG:5899"),
    "crs-doubtful": _of_coordinates(
        _("Read as %(said)s, the data lie %(metres)s m from where they lie as %(meant)s. Which reading is right?"),
        _("--crs EPSG:5899 --fix CODE"),
    ),
    "crs-alike": _of_coordinates(
        _("In which coordinate system is the file? What it describes is like a known one and not equal."),
        _("--crs EPSG:5899 --fix CODE"),
    ),
    "crs-nameless": _of_coordinates(
        _("In which coordinate system is the file? Its form has no name for every one."),
        _("--crs EPSG:5899 --fix CODE"),
    ),
    "crs-operations": _of_coordinates(
        _("Which way leads from %(name)s to WGS 84? Several differ."), _("--crs EPSG:5899 --fix CODE")
    ),
    "geometry": FileQuestionKind(
        _(
            "Where are the boundaries? No column of WKT and no two columns of coordinates (lon and lat, or X and Y) were found."
        ),
        _('--map "COLUMN=east" --map "COLUMN=north", or --map "COLUMN=wkt"'),
        label=lambda choice: f"{choice['column']}: {gettext(coordinate_columns.LABELS[choice['name']])}",
        says='--map "%(column)s=%(name)s"',
    ),
    "column": FileQuestionKind(
        _("What is the column “%(column)s”? It is called like “%(label)s”, but its values (%(samples)s) are none."),
        _('--map "%(column)s=FIELD"'),
        "column:%(column)s",
    ),
    "notation": FileQuestionKind(
        _("How is “%(label)s” written in the column “%(column)s”, for example “%(value)s”?"),
        _('--notation "%(column)s=NOTATION"'),
        "notation:%(column)s",
        label=lambda choice: notation_text(choice["name"]),
        says='--notation "%(column)s=%(name)s"',
    ),
    "magnitude": FileQuestionKind(
        _(
            "“%(value)s” in the column “%(column)s” of “%(label)s” is %(factor)s times %(known)s, and so are its other numbers. "
            "Are they right?"
        ),
        _('--notation "%(column)s=times:%(times)s", or as-written'),
        "notation:%(column)s",
        label=lambda choice: notation_text(choice["name"]),
        says='--notation "%(column)s=%(name)s"',
    ),
    "code": FileQuestionKind(
        _("What is “%(value)s” of “%(label)s”? It stands in %(count)s rows and in no code list."),
        _('--code "%(of)s:%(whole)s=CODE"'),
        "code:%(of)s:%(whole)s",
    ),
    "field": FileQuestionKind(
        _("Which column holds “%(label)s”, or what holds for every row?"),
        _('--map "COLUMN=%(label)s", --set "%(label)s=VALUE"'),
    ),
}


def of_finding(finding: Finding) -> FileQuestion | None:
    """What a finding of the file as a whole leaves to a person; with it the rows can be read all the same."""
    if finding.code not in KINDS:
        return None
    params = dict(finding.params)
    readings = params.pop("readings", None) or [
        one | {"name": name}
        for one, name in [
            ({"srid": params["srid"], "fix": params["fix"]}, params.get("meant") or params["name"]),
            (params.get("keep") or {}, params.get("said")),
        ]
        if one
    ]
    return FileQuestion(finding.code, params, tuple(readings), blocks=False)


def _label(kind: FileQuestionKind, choice: Said, dataset: Dataset) -> str:
    if "of" not in choice:
        return kind.label(choice)
    return f"{choice['name']} – {dataset.choices(choice['of']).get(choice['name'], '')}"


def _says(kind: FileQuestionKind, choice: Said, params: Said) -> str:
    return kind.says % {**params, **choice} if isinstance(kind.says, str) else kind.says(choice)


def in_words(asked: Said, dataset: Dataset) -> dict[str, Any]:
    """A question as a page or a terminal shows it; of a choice also the option that says it on the command line."""
    kind, params = KINDS[asked["code"]], dict(asked["params"])
    if "field" in params:
        params["label"] = dataset.label(params["field"])
    if "of" in params:
        params["label"] = dataset.label(params["of"])
    if "value" in params:
        params.setdefault("whole", params["value"])  # of files that were read before it was kept
    for name in ("metres", "factor", "known"):
        if name in params:
            params[name] = words.figure(params[name])
    return {
        "code": asked["code"],
        "field": params.get("field", ""),
        "column": params.get("column", ""),
        "blocks": asked["blocks"],
        "text": gettext(kind.text) % params,
        "option": gettext(kind.option) % params,
        "name": kind.name % params,
        "choices": [
            {"value": kind.value(one), "label": _label(kind, one, dataset), "option": _says(kind, one, params)} | one
            for one in asked["choices"]
        ],
    }
