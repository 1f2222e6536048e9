"""Data go over the line in Brotli to those who take it, and are the same data."""

import brotli
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from landgis.lib.compression import brotli_data

BODY = b'{"features": [' + b'{"ref": "BR-26548-0001"}, ' * 200 + b"{}]}"


def answer(accepted: str, kind: str = "application/geo+json", body: bytes = BODY) -> HttpResponse:
    response = HttpResponse(body, content_type=kind, headers={"ETag": '"abc"'})
    return brotli_data(lambda _request: response)(RequestFactory().get("/", headers={"accept-encoding": accepted}))


@pytest.mark.parametrize("accepted", ["br", "gzip, deflate, br, zstd", "gzip,br;q=0.5", "GZIP, BR"])
def test_who_takes_it_gets_it(accepted: str) -> None:
    found = answer(accepted)
    assert found["Content-Encoding"] == "br"
    assert brotli.decompress(found.content) == BODY
    assert len(found.content) < len(BODY) / 10 and found["Content-Length"] == str(len(found.content))
    assert found["ETag"] == 'W/"abc"' and "Accept-Encoding" in found["Vary"]


@pytest.mark.parametrize("accepted", ["", "gzip", "br;q=0", "gzip, br; q=0.0", "brown"])
def test_others_get_it_as_it_is(accepted: str) -> None:
    found = answer(accepted)
    assert "Content-Encoding" not in found and found.content == BODY
    assert found["ETag"] == '"abc"' and "Accept-Encoding" in found["Vary"]


@pytest.mark.parametrize(("kind", "body"), [("application/json", b"{}"), ("image/webp", BODY)])
def test_pictures_and_little_things_are_left_alone(kind: str, body: bytes) -> None:
    assert answer("br", kind, body).content == body


def test_public_pages_are_squeezed_and_those_with_a_token_never(client: Client, world: None) -> None:
    """The sign-in form holds a token, which the length of what is squeezed would give away letter by letter."""
    taken = {"accept-encoding": "gzip, br"}
    assert client.get("/public-land/", headers=taken)["Content-Encoding"] == "br"
    form = client.get("/officer/sign-in/", headers=taken)
    assert form["Content-Encoding"] == "gzip" and "Cookie" in form["Vary"]
