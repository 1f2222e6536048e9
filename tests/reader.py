"""A web process of its own, for tests of what processes remember: `python -m tests.reader DATABASE FOLDER_OF_FILES FOLDER_OF_TILES`.

Each line that it gets is JSON: who asks ("" for a stranger), and addresses with an ETag or "" each; it answers with a line
of [status, headers, body in Base64, whether the server looked at who asks] for each of them.
"""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from landgis.lib.call_stack import roomy

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Reading:
    status: int
    headers: Mapping[str, str]
    body: bytes
    has_looked: bool = False  # at who asks: what kind of people somebody is stands behind the session alone

    @property
    def etag(self) -> str:
        return self.headers.get("ETag", "")

    @property
    def control(self) -> str:
        return self.headers.get("Cache-Control", "")


@dataclass(frozen=True)
class Reader:
    """The other process, as the test sees it."""

    process: "subprocess.Popen[str]"

    def ask(self, asked: Mapping[str, str], by: str = "") -> dict[str, Reading]:
        """By address what is answered to whoever is signed in as `by`; `asked` are addresses with the ETag that the reader has, or ""."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([by, list(asked.items())]) + "\n")
        self.process.stdin.flush()
        found = json.loads(self.process.stdout.readline())
        return {
            address: Reading(status, headers, base64.b64decode(body), has_looked)
            for address, (status, headers, body, has_looked) in zip(asked, found, strict=True)
        }


@contextmanager
def started(database: str) -> Iterator[Reader]:
    """A reader of a database, and of the files and tiles of this process."""
    command = [sys.executable, "-m", "tests.reader", database, str(settings.MEDIA_ROOT), str(settings.TILES)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Reader(process)
        assert process.stdin
        process.stdin.close()


def answered(asked: Mapping[str, str], by: str = "") -> dict[str, Reading]:
    """What this process answers."""
    from django.test import Client

    from landgis.accounts.models import User

    person = User.objects.get(username=by) if by else None
    found = {}
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person)
    session = client.cookies
    for address, etag in asked.items():
        client.cookies = session.copy()  # nobody is told what another answer left
        answer = client.get(address, headers={"If-None-Match": etag} if etag else {})
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        opened = getattr(answer.wsgi_request, "session", None)  # none where a file is sent before there is one
        has_looked = opened is not None and bool(opened.accessed)
        found[address] = Reading(answer.status_code, dict(answer.headers), body, has_looked)
    return found


def _serve(database: str, files: str, tiles: str) -> None:
    import django

    django.setup()
    from django.test import override_settings
    from django.test.utils import setup_test_environment

    from tests import databases

    setup_test_environment()
    with databases.used(database), override_settings(MEDIA_ROOT=Path(files), TILES=Path(tiles)):
        for line in sys.stdin:
            by, asked = json.loads(line)
            told = roomy(answered)(dict(asked), by).values()
            lines = [[one.status, one.headers, base64.b64encode(one.body).decode(), one.has_looked] for one in told]
            sys.stdout.write(json.dumps(lines) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "landgis.settings")
    _serve(*sys.argv[1:])
