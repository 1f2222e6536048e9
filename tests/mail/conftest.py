"""A real mail server on this machine, which answers as it is told to."""

import asyncio
import email
import email.policy
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import override_settings

from tests.waiting import PATIENCE_S

SENDER = "Văn phòng đất đai <dat.dai@example.org>"


@dataclass
class Post:
    """What the server was given, and what it says: `answers` by the address of the receiver, `at_data` to every mail."""

    received: list[bytes] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    at_data: str = "250 OK"
    asked: list[str] = field(default_factory=list)  # every receiver that was named
    on_data: Callable[[], None] = lambda: None
    port: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self.asked.append(address)
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.at_data.startswith("250"):
            self.received.append(envelope.content)
        self.on_data()
        return self.at_data

    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(one, policy=email.policy.default) for one in self.received]


@pytest.fixture
def post() -> Iterator[Post]:
    """The server, running, and set as that of the office."""
    from aiosmtpd.smtp import SMTP

    told, loop = Post(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    beginning = loop.create_server(lambda: SMTP(told, hostname="mail.example.org", loop=loop), "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(beginning, loop).result(PATIENCE_S)
    told.port = server.sockets[0].getsockname()[1]
    try:
        with office(told.port):
            yield told
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_S)


def office(port: int, **more: Any) -> Any:
    """The settings of an office with a mail server of this machine."""
    return override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        EMAIL_USE_TLS=False,
        EMAIL_TIMEOUT=5,
        DEFAULT_FROM_EMAIL=SENDER,
        MAIL_REPLY_TO="tra-loi@example.org",
        PUBLIC_ADDRESS="https://land.example.org",
        **more,
    )
