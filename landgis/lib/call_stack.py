"""Room for calls below a call, so that none of them gets memory of its own and gives it back at once.

CPython keeps what its calls work with in chunks of 16 KB. A loop that calls across the end of a chunk maps a new one for each
call and unmaps it after it: pages of many nested templates and middlewares spent a fifth of their time so. A call that asks
for much itself gets a chunk that holds all that is called below it, of which the system gives what is used.
"""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

WORDS = 80_000  # asked for: the chunk is the next power of two, and the rest of its 131,072 words is room

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def roomy(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The function, with room for all that it calls."""

    def called(*arguments: Given.args, **more: Given.kwargs) -> Answer:
        return function(*arguments, **more)

    called.__code__ = called.__code__.replace(co_stacksize=WORDS)
    return functools.wraps(function)(called)
