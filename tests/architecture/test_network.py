"""The guard of tests/network_guard.py holds: what a test may reach, and what it may not."""

import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.network_guard import NetworkBlocked, is_here

# Documentation addresses (RFC 5737, RFC 3849): nobody has them, so an unguarded attempt would hang, not succeed.
ELSEWHERE = [("192.0.2.1", 80), ("2001:db8::1", 80)]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_connecting_elsewhere_is_refused(address):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as tried, pytest.raises(NetworkBlocked):
        tried.connect(address)
    with socket.socket(family) as tried, pytest.raises(NetworkBlocked):
        tried.connect_ex(address)
    with socket.socket(family, socket.SOCK_DGRAM) as tried, pytest.raises(NetworkBlocked):
        tried.sendto(b"x", address)


@pytest.mark.parametrize("look_up", [socket.getaddrinfo, lambda host, _: socket.gethostbyname(host)])
def test_names_are_not_looked_up(look_up):
    with pytest.raises(NetworkBlocked):
        look_up("example.org", 80)


def test_libraries_are_refused_too():
    with pytest.raises(urllib.error.URLError, match="refused"):
        urllib.request.urlopen("http://192.0.2.1/", timeout=5)


def test_programs_are_pointed_at_nobody():
    program = "import urllib.request; urllib.request.urlopen('http://192.0.2.1/', timeout=20)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "Connection refused" in ended.stderr


def test_this_machine_answers():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        server.accept()[0].close()
    socket.getaddrinfo("localhost", 80)


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("localhost", True), (None, True), (b"localhost", True)]
    + [("10.0.0.1", False), ("localhost.example.org", False), ("::ffff:192.0.2.1", False)],
)
def test_what_counts_as_this_machine(host, here):
    assert is_here(host) is here
