"""So many of a cost at once, in all processes, and no more; what is refused says so as every page does."""

import dataclasses
import io
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from landgis import env
from landgis.catalog import registry
from landgis.lib.reader import has_left
from landgis.operations import admission
from landgis.operations.admission import Admission, cost_of
from tests.waiting import PATIENCE_S, until

MOST = 4


class Workroom:
    """A WSGI application that works until it is told to go on."""

    def __init__(self) -> None:
        self.inside = 0
        self.go_on = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        with self._lock:
            self.inside += 1
        if environ["PATH_INFO"] != "/":
            self.go_on.wait(PATIENCE_S)
        start("200 OK", [])
        yield b"done"


@dataclasses.dataclass
class Answered:
    status: int = 0
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    body: bytes = b""


def asked(application: Any, path: str, **more: Any) -> Answered:
    found = Answered()

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        found.status, found.headers = int(status.split(maxsplit=1)[0]), dict(headers)

    path, _, query = path.partition("?")
    given = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": io.BytesIO()}
    answer = application({**given, **more}, start)
    try:
        found.body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return found


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Workroom, Admission]]:
    """An application with four slots for files, four places in the queue, and all the time of the world to wait."""
    patient = tuple(dataclasses.replace(cost, wait_s=PATIENCE_S) for cost in admission.COSTS)
    monkeypatch.setattr(admission, "COSTS", patient)
    workroom = Workroom()
    with override_settings(LIMITS={"file": MOST}):
        yield workroom, Admission(workroom, tmp_path / "slots")
    workroom.go_on.set()


@contextmanager
def eight_files(workroom: Workroom, application: Admission) -> Iterator[list[Answered]]:
    """Four are being made, four wait."""
    answers: list[Answered] = []
    threads = [
        threading.Thread(target=lambda: answers.append(asked(application, "/parcels.xlsx"))) for _ in range(2 * MOST)
    ]
    for thread in threads:
        thread.start()
    slots = application._slots(cost_of("/parcels.xlsx"))
    until(lambda: (workroom.inside, len(slots._line)) == (MOST, MOST), pause=0.01)
    yield answers
    workroom.go_on.set()
    for thread in threads:
        thread.join(PATIENCE_S)


@pytest.mark.parametrize(
    ("path", "media_type", "said"),
    [
        ("/parcels.xlsx", "text/html", "Máy chủ đang bận"),
        ("/en/parcels.csv", "text/html", "The server is busy"),
        ("/public-land.geojson", "application/problem+json", "Máy chủ đang bận"),
        ("/en/public-land.geojson", "application/problem+json", "The server is busy"),
        ("/public-land.geojson?lang=en", "application/problem+json", "The server is busy"),
    ],
)
def test_the_ninth_is_refused_at_once_in_its_language(
    room: tuple[Workroom, Admission], path: str, media_type: str, said: str
) -> None:
    with eight_files(*room) as answers:
        refused = asked(room[1], path)
        assert answers == [], "nobody was waited for"
        assert asked(room[1], "/").body == b"done", "a page still answers"
    assert [one.status for one in answers] == [200] * 2 * MOST, "all others have their turn"
    assert refused.status == 503 and refused.headers["Content-Type"].startswith(media_type)
    assert 3 <= int(refused.headers["Retry-After"]) <= 10 and refused.headers["Cache-Control"] == "no-store"
    assert said in (json.loads(refused.body)["title"] if "json" in media_type else refused.body.decode())
    assert ("Access-Control-Allow-Origin" in refused.headers) == ("/parcels" in path or "geojson" in path)
    assert asked(room[1], "/parcels.xlsx").status == 200, "the slots are free again"


@pytest.mark.usefixtures("world")
def test_the_refusal_wears_the_dress_and_the_headers_of_every_page(tmp_path: Path) -> None:
    with override_settings(LIMITS={"page": 0}):
        application = Admission(lambda *_given: [], tmp_path)
        refused = asked(application, "/en/")
        head = asked(application, "/en/", REQUEST_METHOD="HEAD")
    page = Client().get("/en/")
    usual = {"Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy"}
    assert {name: refused.headers[name] for name in usual} == {name: page[name] for name in usual}
    html = refused.body.decode()
    assert 'class="site-header"' in html and "site-footer" in html and '<html lang="en">' in html
    assert (head.status, head.body) == (503, b"")


def test_a_slot_is_given_back_whatever_becomes_of_the_work(tmp_path: Path) -> None:
    def fails(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        raise ValueError

    def is_cut(environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        start("200 OK", [])
        yield b"a"
        raise BrokenPipeError

    with override_settings(LIMITS={"file": 1}):
        for work in (fails, is_cut):
            application = Admission(work, tmp_path)
            for _ in range(3):  # a second one would be refused
                with pytest.raises((ValueError, BrokenPipeError)):
                    asked(application, "/parcels.csv")


@pytest.fixture
def left() -> Iterator[socket.socket]:
    """The line of a reader who closed it."""
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours:
        yield ours


def test_nothing_is_begun_for_a_reader_who_left(tmp_path: Path, left: socket.socket) -> None:
    begun: list[str] = []

    def work(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        begun.append(environ["PATH_INFO"])
        start("200 OK", [])
        return [b"done"]

    application = Admission(work, tmp_path)
    assert asked(application, "/print.pdf", **{"gunicorn.socket": left}).status == 499
    assert begun == []
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert asked(application, "/print.pdf", **{"gunicorn.socket": ours}).body == b"done"


def test_of_an_encrypted_line_nothing_is_known(left: socket.socket) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with context.wrap_socket(left, server_side=True, do_handshake_on_connect=False) as encrypted:
        assert not has_left({"gunicorn.socket": encrypted})


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "path",
    ["/public-land.xlsx", "/print.pdf?view=15/10.5/107.17&scale=5000", "/places/26506-a.pdf"],
)
def test_heavy_work_stops_for_a_reader_who_left(client: Client, left: socket.socket, path: str) -> None:
    assert client.get(path, **{"gunicorn.socket": left}).status_code == 499


def test_a_body_arrives_before_a_slot_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who sends a letter now and then holds up nobody, and is cut off."""
    monkeypatch.setattr(admission, "BODY_S", 0.2)
    ours, theirs = socket.socketpair()
    with ours, theirs, override_settings(LIMITS={"page": 1}):
        given = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "10", "gunicorn.socket": ours}
        application = Admission(lambda environ, start: [environ["wsgi.input"].read()], tmp_path)
        theirs.sendall(b"half")
        assert asked(application, "/feedback/", **given, **{"wsgi.input": ours.makefile("rb")}).status == 499
        whole = {"CONTENT_LENGTH": "4", "wsgi.input": io.BytesIO(b"half, and more")}
        assert asked(application, "/feedback/", **given | whole | {"gunicorn.socket": None}).body == b"half"


def heavy_addresses() -> Iterator[tuple[str, str]]:
    """Every way to ask for much, by the names of its addresses."""
    for dataset in registry.all_datasets():
        for ending in ("csv", "xlsx", "geojson"):
            yield reverse(f"pages:list-{ending}", args=[dataset]), "file"
        yield reverse("pages:feature-pdf", args=[dataset, "A-1"]), "pdf"
        yield reverse("pages:feature", args=[dataset, "A-1"]), "page"
        yield reverse("pages:list-json", args=[dataset]), "page"
        yield reverse("tiles:tile", args=[dataset.name, 15, 1, 2]), "tile"
        yield reverse("pictures:outline", args=[dataset.name, "A-1"]), "picture"
        yield reverse("pictures:outline-jpeg", args=[dataset.name, "A-1"]), "picture"
    yield from ((reverse("pictures:still", args=[kind]), "picture") for kind in ("webp", "jpg", "png"))
    yield reverse("imagery:tile", args=["2026-06", 15, 1, 2]), "tile"
    yield reverse("imagery:seen"), "tile"
    yield reverse("tiles:state"), "tile"
    yield reverse("pages:print"), "pdf"
    yield reverse("search:results"), "search"
    yield reverse("search-data:suggest"), "search"
    yield reverse("workbench:upload"), "office"
    yield reverse("admin:index"), "office"
    yield reverse("pages:home"), "page"
    yield reverse("pages:qr"), "page"
    yield from ((path, "free") for path in ("/static/css/site.css", "/livez", "/readyz", reverse("pages:offline")))


def test_every_address_has_its_cost() -> None:
    for path, cost in heavy_addresses():
        assert cost_of(path).name == cost, path
        if not path.startswith(("/tiles", "/static", "/imagery", "/pictures", "/api", "/livez", "/readyz", "/admin")):
            assert cost_of(f"/en{path}").name == cost, path


def test_the_setting_names_the_costs_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {cost.name for cost in admission.LIMITED} == set(env.COSTS)
    with override_settings(LIMITS={}):
        usual = admission.limits()
        assert all(usual.values()) and admission.most_at_once() > sum(usual.values())
    monkeypatch.setenv("LANDGIS_LIMITS", "page=7, pdf=1")
    assert env.value("LANDGIS_LIMITS") == {"page": 7, "pdf": 1}
