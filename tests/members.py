"""Members of a kind, of which `make test` asks some and `make prove` the others."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest


def some_of(members: Iterable[Any], *, every: int) -> Sequence[Any]:
    """Parameters: the first member and each so many after it as they are, the others as proofs.

    A tuple is one value for each of several names; where it is the value of one name it comes as `pytest.param`.
    """
    return [member if number % every == 0 else _proof(member) for number, member in enumerate(members)]


def _proof(member: Any) -> Any:
    if isinstance(member, type(pytest.param())):
        return pytest.param(*member.values, id=member.id, marks=[*member.marks, pytest.mark.prove])
    values = member if isinstance(member, tuple) else (member,)
    return pytest.param(*values, marks=pytest.mark.prove)
