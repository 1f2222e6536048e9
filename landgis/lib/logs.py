"""The log: one JSON line an event, with the request it belongs to, and without rows of the database.

PostgreSQL adds DETAIL and CONTEXT to its errors, which print whole rows, and errors of wrong data (SQLSTATE class
22) quote the value itself. psycopg puts all of it in the text of its exceptions, so exceptions are written by
`describe`, which keeps the sentence and drops the data.
"""

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog

# What follows the sentence in the text of a database error; the rest may run over many lines.
_ADDED = re.compile(r"\s*^(DETAIL|CONTEXT|HINT|LINE \d+|QUERY|STATEMENT|WHERE): .*", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r'"[^"]*("|$)', re.DOTALL)


def describe(error: BaseException) -> str:
    """The text of an exception without data of the database."""
    text = without_detail(str(error))
    return _QUOTED.sub('"..."', text) if _is_data_error(error) else text


def without_detail(text: str) -> str:
    """A database message without its DETAIL, CONTEXT and the like."""
    return _ADDED.sub("", text)


def _is_data_error(error: BaseException) -> bool:
    """Whether this is psycopg's or Django's DataError; by name, as this module knows neither."""
    return any(kind.__name__ == "DataError" for kind in type(error).__mro__)


def traceback_of(error: BaseException | None) -> str:
    """The chain of exceptions as Python prints it, each by `describe`."""
    parts: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        kind = type(error)
        name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        grouped = "".join(f"\n{traceback_of(one)}" for one in getattr(error, "exceptions", ()))
        lines = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{lines}{name}: {describe(error)}{grouped}\n")
        if error.__cause__ is not None:
            parts.append("\nThe above exception was the direct cause of the following exception:\n\n")
            error = error.__cause__
        elif error.__context__ is not None and not error.__suppress_context__:
            parts.append("\nDuring handling of the above exception, another exception occurred:\n\n")
            error = error.__context__
        else:
            error = None
    return "".join(reversed(parts)).rstrip("\n")


def excepthook(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    """For `sys.excepthook`: what a command prints when it fails."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, _)
    else:
        sys.stderr.write(traceback_of(error) + "\n")


class WithoutData(logging.Filter):
    """Turns exceptions that are arguments of a message into their `describe` text."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, BaseException):
            record.msg = describe(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_safe(value) for value in record.args)
        return True


def _safe(value: Any) -> Any:
    return describe(value) if isinstance(value, BaseException) else value


def _exceptions_without_data(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = traceback_of(error)
    for key, value in event.items():
        if isinstance(value, BaseException):
            event[key] = describe(value)
        elif isinstance(value, str) and key != "exception":
            event[key] = without_detail(value)
    return event


_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    _exceptions_without_data,
]


class OneLine(structlog.stdlib.ProcessorFormatter):
    """Formats records of structlog and of the standard library alike."""

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )


# What libraries say beside the lines that are wanted.
LOGGERS: dict[str, dict[str, Any]] = {
    # 4xx answers are in the request line; here only what failed.
    "django.request": {"level": "ERROR"},
    # Print statements with their values, and addresses with their queries.
    "django.db.backends": {"level": "INFO"},
    "django.server": {"handlers": [], "propagate": False, "level": "CRITICAL"},
    # Says at every HEAD that the page it did not send had a body.
    "gunicorn.http.wsgi": {"level": "ERROR"},
    "pyogrio": {"level": "WARNING"},
    "fontTools": {"level": "ERROR"},
    "weasyprint": {"level": "ERROR"},
    # Says at its import how many threads it takes.
    "numexpr": {"level": "WARNING"},
    # Says the arguments of every task.
    "procrastinate": {"level": "WARNING"},
}


def configuration(level: str) -> dict[str, Any]:
    """Django's LOGGING; also sets structlog up, whose loggers end in the same handler."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_data": {"()": WithoutData}},
        "formatters": {"one_line": {"()": OneLine}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["without_data"],
                "formatter": "one_line",
            },
        },
        "root": {"handlers": ["stderr"], "level": level},
        # The first replaces Django's own handlers, which write mail and a second form of every line.
        "loggers": {"django": {"handlers": [], "propagate": True, "level": level}, **LOGGERS},
    }
