"""`manage.py demo`: everything together on one port, until Ctrl-C."""

import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.shortcuts import resolve_url

from landgis import env
from landgis.lib import static_files
from landgis.operations import admission, cluster, web_worker
from landgis.operations.children import end_with_parent
from landgis.operations.supervision import Program, Supervisor

STATE: Path = settings.STATE
READY_SECONDS = 90
STOP_SECONDS = 25


class Command(BaseCommand):
    help = "Prepares the database and starts web server and background worker; PORT says where (default 8000)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.monotonic()
        host, port = options["host"], env.port()
        _stop_on_signals()
        programs: list[Program] = []
        try:
            _refuse_a_taken_port(host, port)
            self._prepare()
            programs = _programs(host, port)
            self._step("Starting web server and worker")
            for program in programs:
                program.start()
            _wait_until_ready(programs, host, port)
            self._welcome(host, port, time.monotonic() - start)
            _watch(programs, self._tell)
        except Stopped:
            self.stdout.write("\nStopping.")
        finally:
            _stop(programs)

    def _step(self, text: str) -> None:
        self.stdout.write(f"- {text}")
        self.stdout.flush()

    def _tell(self, text: str) -> None:
        self.stdout.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}")
        self.stdout.flush()

    def _prepare(self) -> None:
        self._step("Migrations")
        call_command("migrate", verbosity=0, interactive=False)
        from landgis.operations import seeding

        if seeding.is_due():
            self._step("Data of the demo (made up), only at the first start or after one that was cut off")
            _seed()
        if _stale_catalogues():
            self._step("Translations")
            call_command("compilemessages", verbosity=0, ignore_patterns=[".venv", "node_modules"])
        digest = static_files.digest()
        if digest != _noted("static.digest") or not settings.STATIC_ROOT.exists():
            self._step("Static files")
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            _note("static.digest", digest)

    def _welcome(self, host: str, port: int, seconds: float) -> None:
        from landgis.operations.demo_people import kept_people

        people = kept_people(_noted, _note)
        width = max(len(person.name) for person in people)
        lines = [
            "",
            f"landgis is ready after {seconds:.0f} s:  http://{host}:{port}/",
            f"Sign in at http://{host}:{port}{resolve_url(settings.LOGIN_URL)} as",
            *(f"  {one.name:<{width}}  {one.password}" + ("  and a code" if one.secret else "") for one in people),
            "The code, new every half minute:  .venv/bin/python manage.py code NAME",
            f"Logs are in {STATE / 'log'}. Ctrl-C stops everything.",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


# Data


def _seed() -> None:
    """In a process of its own: what it needs of memory goes with it."""
    seed = subprocess.Popen(
        [sys.executable, "manage.py", "seed"],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches the demo alone
        preexec_fn=end_with_parent,  # noqa: PLW1509  # this process has one thread
    )
    try:
        status = seed.wait()
    except Stopped:
        seed.send_signal(signal.SIGINT)
        seed.wait()
        raise
    if status:
        raise CommandError(f"The data of the demo could not be loaded (status {status}); see above.")


# What may be out of date


def _noted(name: str) -> str:
    try:
        return (STATE / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _note(name: str, text: str) -> None:
    """Write whole or not at all, for this user only."""
    part = STATE / f"{name}.part"
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(STATE / name)


def _stale_catalogues() -> bool:
    sources = Path(settings.BASE_DIR, "landgis").rglob("*.po")
    compiled = [(source, source.with_suffix(".mo")) for source in sources]
    return any(not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime for po, mo in compiled)


# Children


class Stopped(Exception):
    """Somebody asked the demo to stop."""


@dataclass
class PrivateServer:
    """The private cluster: whatever ended it, what was committed is there again after a start."""

    name: str = "database server"
    held: list[cluster.Hold] = field(default_factory=list)

    def start(self) -> None:
        try:
            self.held.append(cluster.hold(STATE))
        except cluster.ClusterError as error:
            raise RuntimeError(str(error)) from None

    def ending(self) -> str:
        return "" if cluster.is_running(STATE) else "The database server ended. Nothing committed is lost."


def _stop_on_signals() -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        # Once: a second Ctrl-C must not cut the stopping short.
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        raise Stopped

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)


def _refuse_a_taken_port(host: str, port: int) -> None:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            remedy = f"choose another, as in `PORT={port + 1} make demo`"
            raise CommandError(f"Port {port} of {host} cannot be used ({error.strerror}): {remedy}.") from None


def _programs(host: str, port: int) -> list[Program]:
    web = web_worker.arguments(host, port, admission.most_at_once())
    logs = STATE / "log"
    logs.mkdir(exist_ok=True)
    programs = [
        Program("web server", partial(_launch, web), logs / "web.log"),
        Program("worker", partial(_launch, ["manage.py", "procrastinate", "worker"]), logs / "worker.log"),
    ]
    for program in programs:
        program.log.write_bytes(b"")
    return programs


def _launch(arguments: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "landgis.settings", "LANDGIS_POOL": "12"},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the demo alone, which then stops its children in order
            preexec_fn=end_with_parent,  # noqa: PLW1509  # this process has one thread
        )


def _raise_for_ended(programs: list[Program]) -> None:
    """What cannot even begin is not tried again."""
    for program in programs:
        if ending := program.ending():
            raise CommandError(ending)


def _wait_until_ready(programs: list[Program], host: str, port: int) -> None:
    # Every address of this machine means this one, too.
    asked = "127.0.0.1" if ipaddress.ip_address(host).is_unspecified else host
    request = urllib.request.Request(f"http://{asked}:{port}/readyz", headers={"Host": "localhost"})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + READY_SECONDS
    told = "no answer"
    while time.monotonic() < deadline:
        _raise_for_ended(programs)
        try:
            with direct.open(request, timeout=10) as answer:
                checks = json.load(answer)["checks"]
            told = json.dumps(checks)
            if checks["worker"] == "ok":
                return
        except urllib.error.HTTPError as error:
            told = error.read(500).decode("utf-8", errors="replace")
        except OSError as error:
            told = str(error)
        time.sleep(0.2)
    raise CommandError(f"landgis was not ready after {READY_SECONDS} s; /readyz said: {told}. Logs: {STATE / 'log'}")


def _watch(programs: list[Program], tell: Callable[[str], object]) -> None:
    """Until somebody asks the demo to stop. The server first: the others need it."""
    private = not os.environ.get("DATABASE_URL", "").strip()
    supervisor = Supervisor([PrivateServer(), *programs] if private else [*programs], tell)
    while True:
        supervisor.look()
        time.sleep(1)


def _stop(programs: list[Program]) -> None:
    running = [program.process for program in programs if program.process and program.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
