"""Whether the reader of an answer is still there: nobody works for one who has left.

Servers that give their socket (gunicorn does) let it be known; with others every reader counts as present.
"""

import socket
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

LEFT = 499  # as nginx logs it; nobody reads the answer


class ReaderLeft(Exception):
    """The reader closed the connection: what is under way is of no use to anybody."""


def has_left(environ: Mapping[str, Any]) -> bool:
    """Whether the connection of a WSGI request was closed at its other end; half of it counts, as with nginx."""
    line = environ.get("gunicorn.socket")
    if type(line) is not socket.socket:  # behind TLS nobody can look without reading
        return False
    try:
        return line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False  # nothing more was said, as usual
    except OSError:
        return True


def check_presence(request: HttpRequest) -> None:
    """Between the steps of heavy work. Raises ReaderLeft."""
    if has_left(request.META):
        raise ReaderLeft
