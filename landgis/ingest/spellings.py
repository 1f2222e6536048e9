"""Texts that look like others: kept in one spelling, and told once for each field."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from landgis.catalog.dataset import Dataset
from landgis.changes.issues import Finding
from landgis.ingest.plans import ReadingPlan
from landgis.lib.text import one_spelling


@dataclass
class Spellings:
    """How many values of each field were spelled otherwise than they are kept, with the first of them."""

    counts: dict[str, int] = field(default_factory=dict)
    first: dict[str, tuple[str, str]] = field(default_factory=dict)

    def see(self, batch: pa.RecordBatch, plan: ReadingPlan, dataset: Dataset) -> None:
        for heading, name in plan.columns.items():
            if not dataset.is_free_text(name) or not pa.types.is_string(batch.schema.field(heading).type):
                continue
            for text in plan.texts_of(heading, batch.column(heading).to_pylist()):
                kept = one_spelling(text) if text else ""
                if text and kept != text.strip():
                    self.counts[name] = self.counts.get(name, 0) + 1
                    self.first.setdefault(name, (text[:80], kept[:80]))

    def told(self) -> Iterator[Finding]:
        for name, count in self.counts.items():
            value, kept = self.first[name]
            yield Finding("text-alike", field=name, params={"value": value, "kept": kept, "count": count})
