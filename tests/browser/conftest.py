"""Pages opened in a real browser; the server and the browser are fixtures of all tests (tests/serving.py)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

PHONE, DESKTOP = (390, 844), (1440, 900)


@pytest.fixture
def visit(address: str, chromium: Callable[..., Browser]) -> Callable[..., Any]:
    """`with visit(path, size=PHONE) as page`: an opened page; the test fails on any error it reports."""

    @contextmanager
    def opened(
        path: str,
        size: tuple[int, int] = DESKTOP,
        *,
        arguments: tuple[str, ...] = (),
        may_say: tuple[str, ...] = (),
        **context: Any,
    ) -> Iterator[Page]:
        width, height = size
        # What a service worker asks for cannot be counted or changed by a test.
        context.setdefault("service_workers", "block")
        may_say = (*may_say, "Service Worker registration blocked")
        browsing = chromium(*arguments).new_context(viewport={"width": width, "height": height}, **context)
        page = browsing.new_page()
        said: list[str] = []
        page.on(
            "console", lambda message: said.append(_text(message)) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("requestfailed", lambda request: said.append(f"{request.url} {request.failure}"))
        page.goto(address + path, wait_until="load")
        try:
            yield page
        finally:
            browsing.close()
        unexpected = [
            line for line in said if "ERR_ABORTED" not in line and not any(known in line for known in may_say)
        ]
        assert not unexpected

    return opened


def _text(message: ConsoleMessage) -> str:
    return f"{message.type}: {message.text}"
