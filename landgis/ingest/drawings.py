"""What the levels of cadastral drawings hold, and how their texts look: told by national packages."""

import tomllib
from pathlib import Path
from typing import Any

_legend: dict[str, dict[str, Any]] = {}


def register_file(path: Path) -> None:
    """Take over a TOML file: `levels` with "boundary" and a line for each column of texts, `forms` of these, `labels`."""
    _legend.clear()
    _legend.update(tomllib.loads(path.read_text(encoding="utf-8")))


def legend() -> dict[str, dict[str, Any]]:
    return dict(_legend)
