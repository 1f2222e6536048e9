"""What the levels of cadastral drawings hold: told by national packages."""

import tomllib
from pathlib import Path

_levels: dict[str, tuple[int, ...]] = {}


def register_file(path: Path) -> None:
    """Take over the levels of a TOML file: "boundary", and one line for each column of texts."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    _levels.clear()
    _levels.update({name: tuple(numbers) for name, numbers in content["levels"].items()})


def levels() -> dict[str, tuple[int, ...]]:
    return dict(_levels)
