"""A real server on the committed world, and a real browser; fixtures of all tests, by tests/conftest.py."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas
import pandas
import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from playwright.sync_api import Browser, expect, sync_playwright

from demo import public_land, scenes
from demo.scenes import Frame
from landgis.imagery.actions import About, add_scene
from landgis.lib.call_stack import roomy
from tests import databases, kept
from tests.waiting import PATIENCE_MS, PATIENCE_S

# Playwright's loop runs in this thread; Django would refuse the database to the tests beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Software drawing, so that the pixels do not depend on the machine's graphics.
CHROMIUM = "/usr/bin/chromium-headless-shell"
ARGUMENTS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Letters and boxes drawn by the processor itself take a tenth less than by the graphics that it plays.
    "--disable-gpu-rasterization",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A page that is open for seconds is left before its scripts are compiled a second time.
    "--js-flags=--no-opt",
]
# For pages with the editor: software that plays a graphics card takes seconds for each frame of a canvas.
SOFT = "--disable-accelerated-2d-canvas"


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        """The application logs its requests itself."""


@contextmanager
def server_of(application: Callable[..., Any]) -> Iterator[int]:
    """A server of a WSGI application on the database in use; gives its port on this machine."""
    with databases.pooled():
        server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
        server.daemon_threads = True
        server.set_app(application)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE_S)


# Coarser than the demo's, so that they are drawn in seconds: metres of EPSG:5899, and of a pixel.
FRAMES = (
    Frame("province", "Bà Rịa - Vũng Tàu", 413_000, 1_137_500, 486_000, 1_198_500, 40.0),
    Frame("town", "Bà Rịa", 433_000, 1_157_000, 443_000, 1_165_000, 5.0),
)


@pytest.fixture(scope="module")
def plots(kept_world: kept.World) -> geopandas.GeoDataFrame:
    """The demo's plots, as public_land.plots() gives them in ten seconds; the module's own copy."""
    return kept_plots(kept_world)


def kept_plots(world: kept.World) -> geopandas.GeoDataFrame:
    return pandas.read_pickle(world.file("plots.pickle", lambda path: public_land.plots().to_pickle(path)))


@pytest.fixture(scope="session")
def pictured(
    kept_world: kept.World,
    seeded: str,
    file_store: Path,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, Path]:
    """The world with two scenes: the name of its database, a template, and the folder of its files."""

    def add_scenes() -> None:
        for made in scenes.write_all(tmp_path_factory.mktemp("drawn"), kept_plots(kept_world), FRAMES):
            about = About(made.name, made.acquired_on, "Test", "CC0-1.0", "Test", cloud_percent=0, is_made_up=True)
            add_scene(made.path, about, by=None)

    with django_db_blocker.unblock():
        name, files = kept_world.stage("pictured", seeded, add_scenes)
    store = Path(shutil.copytree(files, tmp_path_factory.mktemp("media"), dirs_exist_ok=True))
    shutil.copytree(file_store / "documents", store / "documents")  # which the world named before it had scenes
    return name, store


class Counted:
    """A WSGI application that notes what it sends: (path, bytes as they go over the line, the lines of the head too)."""

    def __init__(self, application: Callable[..., Any]):
        self.application = application
        self.sent: list[tuple[str, int]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        length = 0

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal length
            length += sum(len(name) + len(value) + len(": \r\n") for name, value in headers)
            return start_response(status, headers, *more)

        answer = self.application(environ, started)
        try:
            for piece in answer:
                length += len(piece)
                yield piece
        finally:
            if hasattr(answer, "close"):
                answer.close()
            self.sent.append((environ["PATH_INFO"], length))


@pytest.fixture(scope="module")
def counted() -> Counted:
    """The application of the server, and what it has sent."""
    return Counted(roomy(get_wsgi_application()))


@pytest.fixture(scope="session")
def gallery(pictured: tuple[str, Path], django_db_blocker: Any) -> Iterator[str]:
    """A copy of it that all files of tests read; what one of them writes there it takes away again."""
    with django_db_blocker.unblock(), databases.made(pictured[0]) as name:
        yield name


@pytest.fixture(scope="module")
def address(
    django_db_setup: None, gallery: str, pictured: tuple[str, Path], django_db_blocker: Any, counted: Counted
) -> Iterator[str]:
    """The address of a server that reads the world and its scenes."""
    with (
        django_db_blocker.unblock(),
        databases.used(gallery),
        override_settings(MEDIA_ROOT=pictured[1]),
        server_of(counted) as port,
    ):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Callable[..., Browser]]:
    """Starts Debian's Chromium, built without windows (half the time); more arguments may be given."""
    expect.set_options(timeout=PATIENCE_MS)  # five seconds are little on a busy machine
    with sync_playwright() as playwright:
        started: dict[tuple[str, ...], Browser] = {}

        def start(*more: str) -> Browser:
            if more not in started:
                started[more] = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *more])
            return started[more]

        yield start
        for browser in started.values():
            browser.close()
