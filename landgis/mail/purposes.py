"""What mail is for: each purpose with its title, and how its subscribers are let go. Apps register theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Purpose:
    """`stop` gets the subscriber of a mail and ends his wish; safe to repeat. None: nobody subscribed to it."""

    name: str
    title: Any
    stop: Callable[[str], None] | None = None


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    _purposes[purpose.name] = purpose


def get(name: str) -> Purpose | None:
    return _purposes.get(name)
