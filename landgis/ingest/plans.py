"""How a file is read into a dataset: what was understood of it, before its rows are read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from landgis.changes.issues import Finding
from landgis.ingest import encodings, roads, samples
from landgis.ingest.files import OpenFile
from landgis.ingest.formats import Shape
from landgis.ingest.headings import Personal
from landgis.ingest.mistakes import Mistake
from landgis.ingest.numbers import Notation
from landgis.ingest.placements import Placement
from landgis.ingest.questions import FileQuestion
from landgis.lib import spreadsheets


@dataclass(frozen=True)
class ReadingPlan:
    """How a file is read into a dataset, and what is to be said of it as a whole."""

    source: OpenFile
    columns: Mapping[str, str]  # heading -> field
    encoding: str | None
    encodings: Mapping[str, str | None]  # by heading, where a field has its own
    texts: Sequence[Mapping[str, Any]]
    brings_geometry: bool = False
    shape: Shape | None = None
    srid: int | None = None
    mistake: Mistake | None = None
    repairs: frozenset[str] = frozenset()
    constants: Mapping[str, str] = field(default_factory=dict)
    notations: Mapping[str, Notation] = field(default_factory=dict)  # by field
    by_values: tuple[str, ...] = ()
    said: frozenset[str] = frozenset()  # headings of which somebody said what they are
    personal: tuple[Personal, ...] = ()
    added: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    questions: tuple[FileQuestion, ...] = ()

    @property
    def is_unanswered(self) -> bool:
        return any(question.blocks for question in self.questions)

    @property
    def unused(self) -> list[str]:
        used = {*self.columns, *self.added, *(self.shape.columns if self.shape else ())}
        return [name for name in self.source.field_names if name not in used]

    def texts_of(self, heading: str, column: list[Any]) -> list[Any]:
        """The values of a column with their text decoded."""
        read = encodings.decoded(column, self.encoding_of(heading), self.source.text_is_bytes)
        return [spreadsheets.without_guard(value) for value in read] if self.source.content.is_table else read

    def samples(self, withheld: Iterable[str] = ()) -> dict[str, list[str]]:
        """The first values of each column, none of personal data and of what is withheld."""
        return samples.shown(self.first_values(), {*withheld, *(one.column for one in self.personal)})

    def first_values(self) -> dict[str, list[Any]]:
        """The first values of each column, as text where they are text."""
        batch = self.source.sample
        if batch is None:
            return {}
        return {
            heading: self.texts_of(heading, batch.column(at).to_pylist())
            for at, heading in enumerate(self.source.field_names)
        }

    def encoding_of(self, heading: str) -> str | None:
        return self.encodings.get(heading, self.encoding)

    def as_report(self) -> dict[str, Any]:
        return {
            "layer": self.source.layer,
            "layers": [asdict(one) for one in self.source.content.layers],
            "driver": self.source.driver,
            "features": self.source.features,
            "headings": list(self.source.field_names),
            "srid": self.srid,
            "fix": self.mistake.code if self.mistake else None,
            **(roads.as_report(Placement(self.srid, self.mistake)) if self.srid else {}),
            "encoding": self.encoding,
            "text": list(self.texts),
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "geometry": {"kind": self.shape.kind, "columns": list(self.shape.columns)} if self.shape else None,
            "by_values": list(self.by_values),
            "said": sorted(self.said),
            "personal": [{"column": one.column, "why": one.why} for one in self.personal],
            "added": list(self.added),
            "unused": self.unused,
            "questions": [question.as_data() for question in self.questions],
        }
