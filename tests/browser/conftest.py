"""Pages opened in a real browser; the server and the browser are fixtures of all tests (tests/serving.py)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route

from tests.waiting import PATIENCE_MS

PHONE, DESKTOP = (390, 844), (1440, 900)
# What the size changes little about: `make test` looks at the telephone, `make prove` at the desk too.
SIZES = pytest.mark.parametrize("size", [PHONE, pytest.param(DESKTOP, marks=pytest.mark.prove)])
# Where nobody looks at single pixels: software draws a quarter of them in a quarter of the time.
COARSE = {"device_scale_factor": 0.5}
# A browser that draws no maps. Most of the time of these tests is software that draws what graphics cards draw.
NO_WEBGL = """{
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
    return kind.startsWith("webgl") ? null : getContext.call(this, kind, ...more);
  };
}"""


@pytest.fixture
def visit(address: str, chromium: Callable[..., Browser]) -> Callable[..., Any]:
    """`with visit(path, size=PHONE) as page`: an opened page; the test fails on any error it reports.

    `with_map=False` where the map is not what is looked at: the page shows the pictures of the server instead.
    """

    @contextmanager
    def opened(
        path: str,
        size: tuple[int, int] = DESKTOP,
        *,
        arguments: tuple[str, ...] = (),
        may_say: tuple[str, ...] = (),
        with_map: bool = True,
        **context: Any,
    ) -> Iterator[Page]:
        width, height = size
        # What a service worker asks for cannot be counted or changed by a test.
        context.setdefault("service_workers", "block")
        context.setdefault("reduced_motion", "reduce")  # what moves is waited for, and drawn by software
        may_say = (*may_say, "Service Worker registration blocked")
        browsing = chromium(*arguments).new_context(viewport={"width": width, "height": height}, **context)
        browsing.set_default_timeout(PATIENCE_MS)
        if not with_map:
            browsing.add_init_script(NO_WEBGL)
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


def open_before_scripts(page: Page, address: str, *scripts: str) -> Callable[[], None]:
    """Opens a page whose scripts (patterns of addresses) are asked for and do not come before what this gives is called."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    with ExitStack() as asked:
        for script in scripts:
            page.route(script, hold)
            asked.enter_context(page.expect_request(script))
        page.goto(address)

    def let_come() -> None:
        for route in held:
            route.continue_()

    return let_come
