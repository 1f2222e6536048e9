"""How much may be sent."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("own_world")


class Untouched:
    """A body that nobody may read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def send(client: Client, path: str, length: int) -> Any:
    """A POST that says how long its body is."""
    body = {"CONTENT_LENGTH": str(length), "wsgi.input": Untouched()}
    return client.post(path, content_type="multipart/form-data; boundary=x", **body)


def test_what_is_too_large_is_refused_unread_with_a_page(signed_in: Callable[[str], Client], settings: Any) -> None:
    client = signed_in("officer")
    for prefix, said in (("", "tối đa 512 MB"), ("/en", "At most 512 MB")):
        answer = send(client, f"{prefix}/officer/upload/", settings.MAX_UPLOAD + 1)
        assert answer.status_code == 413
        assert said in answer.content.decode()
    assert send(client, "/officer/sign-in/", settings.MAX_BODY + 1).status_code == 413
    assert send(client, "/api/search", settings.MAX_BODY + 1)["Content-Type"] == "application/problem+json"


def test_files_are_taken_only_from_whoever_is_signed_in(signed_in: Callable[[str], Client], settings: Any) -> None:
    assert send(Client(), "/officer/upload/", settings.MAX_BODY + 1).status_code == 413
    with pytest.raises(AssertionError, match="the body was read"):
        send(signed_in("officer"), "/officer/upload/", settings.MAX_BODY + 1)
