"""Pages of text that belong to the law of a country: how its auctions go, and what its words of land mean.

A country's package registers them; an installation without one has none.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landgis.catalog.codelists import Label, label_of


@dataclass(frozen=True)
class LegalRule:
    """A rule with the law that it is from; `is_read` says whether its text was read, or only a digest of it."""

    text: Label
    source: Label
    is_read: bool


@dataclass(frozen=True)
class ProcedureStep:
    """What the reader does, and the rules behind it."""

    title: Label
    text: Label
    rules: Sequence[LegalRule]


@dataclass(frozen=True)
class Procedure:
    """The steps of a procedure; its rules were `checked` in that month (2026-11)."""

    title: Label
    lead: Label
    checked: str
    steps: Sequence[ProcedureStep]


@dataclass(frozen=True)
class GlossaryWord:
    """A word in the reader's language and in that of papers and signs, and what it means."""

    word: Label
    on_papers: str
    meaning: Label


@dataclass(frozen=True)
class Glossary:
    title: Label
    lead: Label
    words: Sequence[GlossaryWord]


_procedures: dict[str, Procedure] = {}
_glossaries: dict[str, Glossary] = {}


def register_procedure(name: str, path: Path) -> None:
    """Take a procedure from a TOML file; see docs/a-country.md."""
    content = _read(path)
    sources = {key: label_of(said) for key, said in content["sources"].items()}
    steps = [
        ProcedureStep(
            label_of(step["title"]),
            label_of(step["text"]),
            [LegalRule(label_of(rule), sources[rule["source"]], rule["read"]) for rule in step["rules"]],
        )
        for step in content["steps"]
    ]
    _procedures[name] = Procedure(label_of(content["title"]), label_of(content["lead"]), content["checked"], steps)


def register_glossary(name: str, path: Path, language: str) -> None:
    """Take a glossary from a TOML file; papers are in `language`."""
    content = _read(path)
    words = [GlossaryWord(label_of(one), one[language], label_of(one["meaning"])) for one in content["words"]]
    _glossaries[name] = Glossary(label_of(content["title"]), label_of(content["lead"]), words)


def procedures() -> Mapping[str, Procedure]:
    return _procedures


def glossaries() -> Mapping[str, Glossary]:
    return _glossaries


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
