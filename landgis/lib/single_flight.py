"""What several threads want at once is worked out by one of them."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class SingleFlight:
    """One working out at a time of each question, in this process; nothing is kept after it."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, Future[Any]] = {}
        self._lock = threading.Lock()

    def of(self, question: Hashable, work_out: Callable[[], T]) -> T:
        """What `work_out` gives, or gave to whoever asked the same a moment before; what it raises all get.

        The question names all that the answer depends on, a state of the data too.
        """
        with self._lock:
            theirs = self._under_way.get(question)
            if theirs is None:
                mine: Future[T] = Future()
                self._under_way[question] = mine
        if theirs is not None:
            answer: T = theirs.result()
            return answer
        try:
            mine.set_result(work_out())
        except BaseException as error:
            mine.set_exception(error)
        finally:
            with self._lock:
                del self._under_way[question]
        return mine.result()
