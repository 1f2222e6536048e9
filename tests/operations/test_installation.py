"""The files of deploy/, with the real nginx: what readers and officers get, and what is left while parts are away."""

import gzip
import json
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from tests import samples
from tests.changes.test_apply_cuts import OwnCluster, pointed_to
from tests.operations.front import Front, installed
from tests.operations.test_web_server import variables_of
from tests.people import in_whole_office
from tests.waiting import PATIENCE_S, until

PASSWORD = "not a secret of anybody"
PLOTS = 40
TILE = re.compile(r"tiles/public-land/(\d+/\d+/\d+)\.mvt\.gz$")


@pytest.fixture
def written(tmp_path: Path) -> Front:
    """Files alone: nothing runs."""
    (tmp_path / "state").mkdir()
    return Front(tmp_path, {"LANDGIS_STATE": str(tmp_path / "state")}, 1)


def test_nginx_takes_its_file(written: Front) -> None:
    done = subprocess.run([*written.write(), "-t"], capture_output=True, text=True, check=False)
    assert (done.returncode, "warn" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize(
    "unit", ["web.service", "office.service", "worker.service", "backup.service", "verify.service"]
)
def test_a_unit_is_hardened_and_named_whole(written: Front, unit: str) -> None:
    told = written.filled(f"systemd/{unit}").splitlines()
    assert {"User=landgis", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="} <= set(told)
    assert "Restart=always" in told or "Type=oneshot" in told


def test_half_a_configuration_is_none(written: Front) -> None:
    done = subprocess.run(["deploy/fill.sh", "deploy/nginx/landgis.conf"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "@STATE@" in done.stderr


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["--servr", "x"], "deploy/install.sh --server"),
        (["--server"], "wants a value"),
    ],
)
def test_what_the_installation_does_not_understand_it_does_not_do(told: list[str], said: str) -> None:
    done = subprocess.run(["deploy/install.sh", *told], capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2) and said in done.stderr, done.stderr
    assert done.stdout == ""


# The whole, running


@pytest.fixture(scope="module")
def own_cluster(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnCluster]:
    folder = Path(tempfile.mkdtemp(prefix="landgis-installation-"))
    folder.chmod(0o755)  # the server's user has to pass
    own = OwnCluster(folder / "state")
    try:
        with django_db_blocker.unblock(), pointed_to(own):
            call_command("migrate", verbosity=0)
            samples.load(
                samples.write(tmp_path_factory.mktemp("plots") / "p.geojson", map(samples.plot, range(1, PLOTS + 1)))
            )
            ensure_roles()
            officer = User.objects.create_user("lan", password=PASSWORD)
            officer.groups.set(Group.objects.filter(name=Role.OFFICER))
            in_whole_office(officer)
            yield own
    finally:
        for held in own.holds:
            held.release()
        own.holds[-1].release(wait=PATIENCE_S)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def front(own_cluster: OwnCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("front")
    (folder / "state").mkdir()
    variables = variables_of(folder / "state")
    with installed(folder, variables) as front:
        front.manage("tiles", "build")
        yield front


def stored(front: Front) -> str:
    """The address of a stored tile near the ground."""
    files = sorted((front.state / "tiles/public-land").rglob("*.mvt.gz"))
    found = [match[1] for path in files if (match := TILE.search(path.as_posix()))]
    return f"/tiles/public-land/{max(found, key=lambda key: int(key.split('/')[0]))}.mvt"


@pytest.mark.prove
def test_what_a_reader_gets(front: Front) -> None:
    page = front.ask("/en/public-land/", Accept_Encoding="gzip")
    assert (page.status, page.headers["Content-Encoding"]) == (200, "gzip")
    assert page.headers["X-Frame-Options"] == "DENY" and page.headers["Content-Security-Policy"]
    assert re.fullmatch(r"[0-9a-f]{32}", page.headers["X-Request-ID"])
    assert "last-page" not in page.text and "X-Made-At" not in page.headers
    until(lambda: page.headers["X-Request-ID"] in (front.folder / "web.log").read_text())
    sheet = re.search(r'href="(/static/css/site\.[0-9a-f]+\.css)"', page.text)[1]
    style = front.ask(sheet, Accept_Encoding="gzip")
    assert (style.status, style.headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in style.headers["Cache-Control"]
    data = front.ask("/public-land.json")
    assert front.ask("/public-land.json", If_None_Match=data.headers["ETag"]).status == 304
    assert front.ask("/nothing-here/").status == front.ask("/static/none.css").status == 404
    assert front.ask("/en/public-land/?nam=x").status == 400
    module = next((front.state / "static/vendor").glob("maplibre-gl-*/*worker.mjs"))
    assert (
        front.ask(f"/static/{module.relative_to(front.state / 'static')}").headers["Content-Type"] == "text/javascript"
    )


@pytest.mark.prove
def test_tiles_are_files_with_the_etag_that_the_application_gives(front: Front) -> None:
    address = stored(front)
    by_file = front.ask(address, Accept_Encoding="gzip")
    # A question leads to the application, which leaves an empty one alone.
    front.stop("web")
    still = front.ask(address, Accept_Encoding="gzip")
    front.start("web")
    until(lambda: front.answers("/livez") == 200)
    assert (still.status, still.body, still.headers["ETag"]) == (200, by_file.body, by_file.headers["ETag"])
    assert front.ask(address, Accept_Encoding="gzip", If_None_Match=by_file.headers["ETag"]).status == 304
    plain = front.ask(address)
    assert (plain.status, plain.body) == (200, gzip.decompress(by_file.body))
    path = front.state / address.removeprefix("/").replace(".mvt", ".mvt.gz")
    away = path.rename(path.with_suffix(".away"))
    z, x, y = address.removesuffix(".mvt").split("/")[-3:]
    mark = front.state / f"tiles/public-land/marks/{z}-{x}-{y}"
    mark.parent.mkdir(exist_ok=True)
    mark.touch()
    cut = front.ask(address, Accept_Encoding="gzip")
    away.unlink()
    assert (cut.status, cut.body, cut.headers["ETag"]) == (200, by_file.body, by_file.headers["ETag"])
    assert front.ask("/tiles/public-land/14/0/0.mvt").status == 204
    assert front.ask("/tiles/public-land/14/99999999/0.mvt").status == 404


@pytest.mark.prove
def test_an_officer_signs_in_and_nothing_of_it_is_kept(front: Front) -> None:
    asked = front.ask("/en/officer/sign-in/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', asked.text)[1]
    cookie = asked.headers["Set-Cookie"].split(";")[0]
    here = f"http://localhost:{front.port}"
    done = front.ask(
        "/en/officer/sign-in/",
        method="POST",
        body=f"csrfmiddlewaretoken={token}&login=lan&password={PASSWORD.replace(' ', '+')}",
        Cookie=cookie,
        Origin=here,
        Content_Type="application/x-www-form-urlencoded",
    )
    assert done.status == 302, done.text
    session = next(one.split(";")[0] for one in done.headers.get_all("Set-Cookie") if one.startswith("sessionid"))
    assert front.ask("/en/officer/", Cookie=session).status == 200
    assert front.ask("/en/officer/").status == 302
    mine = front.ask("/en/public-land/?as_of=1", Cookie=session)
    theirs = front.ask("/en/public-land/?as_of=1")
    assert (mine.status, theirs.status) == (200, 200)
    assert "lan" not in kept_names(theirs.text)
    until(lambda: '"path": "/en/officer/"' in (front.folder / "office.log").read_text())
    assert "/officer/" not in (front.folder / "web.log").read_text()


def kept_names(text: str) -> list[str]:
    return re.findall(r'class="desk__name">([^<]+)<', text)


@pytest.mark.prove
def test_what_was_kept_before_a_revision_is_not_shown(front: Front) -> None:
    """Also while nothing answers: it may have been withheld."""
    assert front.ask("/en/auctions/").status == 200
    before = (front.state / "pages/now").readlink()
    samples.the_whole_state(samples.plot(number) for number in range(1, PLOTS))
    until(lambda: (front.state / "pages/now").readlink() != before)
    front.stop("web")
    assert front.ask("/en/auctions/").status == 503
    front.start("web")
    until(lambda: is_whole(front))


@pytest.mark.prove
def test_what_is_left_while_parts_are_away(front: Front, own_cluster: OwnCluster) -> None:
    pages = ["/", "/en/public-land/", "/public-land/", "/public-land.json", "/tiles/public-land.json"]
    assert [front.ask(page).status for page in pages] == [200] * len(pages)
    address = stored(front)

    front.stop("web")
    told_away(front, pages, address)
    front.start("web")
    until(lambda: is_whole(front))

    own_cluster.kill(own_cluster.postmaster())
    until(lambda: front.answers("/readyz") == 503)
    told_away(front, pages, address)
    own_cluster.recover()
    until(lambda: is_whole(front))


def told_away(front: Front, pages: list[str], tile: str) -> None:
    # What was kept is not five seconds old: it is shown as it is until then, and with its date from then on.
    until(lambda: "last-page" in front.ask("/public-land/").text)
    last = [front.ask(page) for page in pages]
    assert [one.status for one in last] == [200] * len(pages)
    until(lambda: all("last-page" in front.ask(page).text for page in pages if not page.endswith("json")))
    assert re.search(r"Đây là trang được lập lúc \d\d:\d\d \d\d/\d\d/\d{4}\.", front.ask("/public-land/").text)
    assert re.search(r"was made at \d\d:\d\d on \d\d \w{3} \d{4}\.", front.ask("/en/public-land/").text)
    assert json.loads(last[3].text)
    assert front.ask(tile, Accept_Encoding="gzip").status == 200
    assert front.ask("/tiles/public-land/14/0/0.mvt").status == 204
    never = front.ask("/en/planning/")
    assert (never.status, bool(never.headers["Retry-After"])) == (503, True)
    assert "site-header" in never.text and "site-footer" in never.text
    assert front.ask("/en/public-land/", Cookie="sessionid=x").status == 503


def is_whole(front: Front) -> bool:
    """All is back, the worker too, and by itself."""
    front.start_what_ended()
    return front.answers("/readyz") == 200 and "last-page" not in front.ask("/public-land/").text


@pytest.mark.prove
def test_one_address_does_not_take_all(front: Front) -> None:
    answers = [front.ask("/en/officer/sign-in/") for _ in range(40)]
    refused = [one for one in answers if one.status == 429]
    assert refused and answers[0].status == 200
    assert refused[0].headers["Retry-After"] and "Too much was asked" in refused[0].text
    assert front.ask("/en/public-land/").status == 200


@pytest.mark.prove
def test_half_a_header_is_let_go(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.port), timeout=PATIENCE_S) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-")
        with suppress(ConnectionResetError):
            assert line.recv(1000) == b""
