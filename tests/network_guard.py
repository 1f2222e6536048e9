"""A pytest plugin: no test talks to anything but this machine.

Python's sockets refuse other addresses and names. Libraries in C (curl inside GDAL) and other programs do not pass
there; they are given a proxy that nobody listens on, and this machine as the exception.
"""

import ipaddress
import os
import socket
from typing import Any

NOBODY = "http://127.0.0.1:9"
HERE = ("localhost", "")


class NetworkBlocked(OSError):
    """A test tried to leave this machine."""


def is_here(host: object) -> bool:
    """Whether an address or name is this machine; no name is looked up."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in HERE:
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(host: object) -> None:
    if not is_here(host):
        raise NetworkBlocked(f"The tests may not use the network: {host!r}")


def _addressed(name: str) -> Any:
    original = getattr(socket.socket, name)

    def guarded(self: socket.socket, *arguments: Any) -> Any:
        # sendto(data[, flags], address), connect(address); a connected sendmsg has no address.
        address = arguments[-1] if arguments else None
        if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
            _refuse(address[0])
        return original(self, *arguments)

    return guarded


def _named(name: str) -> Any:
    original = getattr(socket, name)

    def guarded(host: Any, *arguments: Any, **more: Any) -> Any:
        _refuse(host)
        return original(host, *arguments, **more)

    return guarded


def install() -> None:
    """Guard this process for good, and point the programs it starts at nobody."""
    for name in ("connect", "connect_ex", "sendto", "sendmsg"):
        setattr(socket.socket, name, _addressed(name))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        setattr(socket, name, _named(name))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ[name] = NOBODY
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = "localhost,127.0.0.1,::1"
    os.environ["GDAL_HTTP_PROXY"] = NOBODY.removeprefix("http://")
    os.environ["PROJ_NETWORK"] = "OFF"


install()
