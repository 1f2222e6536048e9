"""Abbreviations that readers and documents use, for the search."""

import tomllib
from pathlib import Path

from landgis.search import words


def register() -> None:
    known = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    words.register_abbreviations(known["written_out"], set(known["before_numbers"]))
