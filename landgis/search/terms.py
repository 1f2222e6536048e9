"""Terms of a tsquery, put together."""

from collections.abc import Iterable


def all_of(terms: Iterable[str]) -> str:
    return " & ".join(terms)


def any_of(terms: Iterable[str]) -> str:
    found = [f"({term})" for term in terms]
    return f"({' | '.join(found)})" if found else ""
