"""What mail is for: each purpose with its title, and how its subscribers are let go. Apps register theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Purpose:
    """`stop` gets the subscriber of a mail and ends his wish; safe to repeat. None: nobody subscribed to it.

    What `is_secret` is read by its receiver alone: no page shows it, and it is deleted once it was sent.
    """

    name: str
    title: Any
    stop: Callable[[str], None] | None = None
    is_secret: bool = False


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    _purposes[purpose.name] = purpose


def is_secret(name: str) -> bool:
    purpose = _purposes.get(name)
    return purpose is not None and purpose.is_secret


def get(name: str) -> Purpose | None:
    return _purposes.get(name)
