"""kill -9 of the browser, of the web server and of the database while an officer saves: nothing is lost, nothing is done twice.

`make soak` kills as often as SOAK_KILLS says. The cluster is one of its own: the tests of others would feel it.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page

from landgis import env
from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.operations import admission, web_worker
from landgis.workbench.models import Edit, Receipt
from tests import samples
from tests.browser.test_outbox import OFFER, kill
from tests.changes.test_apply_cuts import OwnCluster, pointed_to
from tests.people import in_whole_office
from tests.programs import environment
from tests.serving import ARGUMENTS, CHROMIUM, SOFT
from tests.waiting import PATIENCE_MS, PATIENCE_S, until

pytestmark = [pytest.mark.browser, pytest.mark.prove]
KILLS = int(os.environ.get("SOAK_KILLS", "6"))
KINDS = ("browser", "server", "database")
SEED = int(os.environ.get("CUTS_SEED", "17"))
WITHIN_S = 0.6  # of the button
FORM = "/officer/edit/public-land/P-00000/"


class Machine:
    """All that can be killed, and is started anew."""

    def __init__(self, own: OwnCluster, folder: Path, chromium: Callable[..., Browser]):
        self.own, self.folder, self.kind = own, folder, chromium().browser_type
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (folder / "static").symlink_to(settings.STATIC_ROOT)
        more = {"LANDGIS_POOL": "4", "DJANGO_SETTINGS_MODULE": "landgis.settings"}
        # The sessions of this process are those of the server.
        self.variables = environment(folder) | more | {"LANDGIS_SECRET_KEY": settings.SECRET_KEY}
        self.server: subprocess.Popen[bytes] | None = None
        self.context: BrowserContext | None = None

    def serve(self) -> None:
        words = web_worker.arguments("127.0.0.1", self.port, admission.most_at_once())
        with (self.folder / "web.log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, *words],
                cwd=env.BASE_DIR,
                env=self.variables,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self) -> None:
        """All its processes: those that answer would keep the port and go on answering."""
        if self.server:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait(PATIENCE_S)

    def page(self) -> Page:
        """The form in the browser, which keeps its profile."""
        if self.context is None:
            self.context = self.kind.launch_persistent_context(
                self.folder / "profile",
                executable_path=CHROMIUM,
                args=[*ARGUMENTS, SOFT],
                base_url=f"http://127.0.0.1:{self.port}",
                service_workers="block",
            )
            self.context.set_default_timeout(PATIENCE_MS)
            client = Client()
            client.force_login(User.objects.get(username="officer"))
            value = client.cookies["sessionid"].value
            self.context.add_cookies([{"name": "sessionid", "value": value, "url": f"http://127.0.0.1:{self.port}"}])
        page = self.context.pages[0]
        until(lambda: self._opens(page))
        return page

    @staticmethod
    def _opens(page: Page) -> bool:
        try:
            answer = page.goto(FORM)
        except Error:
            return False
        return answer is not None and answer.status == 200

    def cut(self, kind: str) -> None:
        """kill -9, and what comes after it."""
        if kind == "browser":
            kill(self.folder / "profile")
            self.context = None
        elif kind == "server":
            self.stop()
            self.serve()
        else:
            self.own.kill(self.own.postmaster())
            self.own.recover()

    def end(self) -> None:
        if self.context:
            self.context.close()
        self.stop()


@pytest.fixture
def machine(django_db_blocker: Any, chromium: Callable[..., Browser]) -> Iterator[Machine]:
    folder = Path(tempfile.mkdtemp(prefix="landgis-kills-"))
    folder.chmod(0o755)  # the server's user has to pass
    own = OwnCluster(folder / "state")
    try:
        with django_db_blocker.unblock(), pointed_to(own):
            call_command("migrate", verbosity=0)
            ensure_roles()
            User.objects.create_user("officer").groups.set([Group.objects.get(name=Role.OFFICER.value)])
            in_whole_office(*User.objects.all())
            samples.applied([samples.plot(0)])
            (folder / "web").mkdir()
            found = Machine(own, folder / "web", chromium)
            found.serve()
            yield found
            found.end()
    finally:
        for held in own.holds:
            held.release()
        own.holds[-1].release(wait=PATIENCE_S)
        shutil.rmtree(folder, ignore_errors=True)


def test_what_is_killed_while_it_saves_loses_nothing_and_does_nothing_twice(machine: Machine) -> None:
    moments = random.Random(SEED)
    for number in range(KILLS):
        kind, text = KINDS[number % len(KINDS)], f"Name {number}"
        page = machine.page()
        page.fill("#f-name", text)
        page.locator(".outbox[data-state=kept]").wait_for()
        page.click("button[value=save]", no_wait_after=True)
        time.sleep(moments.random() * WITHIN_S)
        machine.cut(kind)
        _is_sent(machine, text)
        # Each save has its receipt, and each receipt its save.
        edit = Edit.objects.get()
        assert (edit.facts["name"]["text"], edit.saves) == (text, Receipt.objects.count()), f"{kind}, CUTS_SEED={SEED}"


def _is_sent(machine: Machine, text: str) -> None:
    """Whoever comes back finds it saved, or being sent, or offered: then it is taken back and sent."""
    page = machine.page()
    offers = page.locator(OFFER).filter(has_text=text)
    saved = Edit.objects.filter(facts__name__text=text)
    until(lambda: saved.exists() or offers.count())
    if not saved.exists():
        offers.get_by_role("button").first.click()
        page.click("button[value=save]")
    until(saved.exists)
    until(lambda: page.locator(".outbox[data-state]:not([data-state=waiting]):not([data-state=sending])").count())
