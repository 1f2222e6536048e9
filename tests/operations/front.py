"""A whole installation on the files of deploy/: nginx, the web servers of readers and officers, the worker, a database of its own."""

import gzip
import http.client
import os
import shlex
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from landgis import env
from tests.waiting import PATIENCE_S, until

DEPLOY = Path(env.BASE_DIR) / "deploy"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
MAIN = """
{user} daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ }}
http {{
  include /etc/nginx/mime.types;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/landgis.conf;
}}
"""


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


@dataclass
class Front:
    """`folder` holds all that it writes, `state` in it is LANDGIS_STATE."""

    folder: Path
    variables: dict[str, str]
    port: int
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        return Path(self.variables["LANDGIS_STATE"])

    def filled(self, template: str) -> str:
        """A file of deploy/, as deploy/install.sh would fill it."""
        values = {
            "CLONE": env.BASE_DIR,
            "STATE": self.state,
            "RUN": self.folder / "run",
            "CACHE": self.folder / "cache",
            "LOGS": self.folder,
            "BACKUPS": self.folder / "backups",
            "ENVIRONMENT": self.folder / "env",
            "USER_NAME": "landgis",
            "SERVER": "localhost",
            "LISTEN": f"listen 127.0.0.1:{self.port};",
            "UPLOAD_MB": 512,
        }
        told = {name: str(value) for name, value in values.items()}
        command = [str(DEPLOY / "fill.sh"), str(DEPLOY / template)]
        return subprocess.run(command, env={**os.environ, **told}, check=True, capture_output=True, text=True).stdout

    def write(self) -> list[str]:
        """nginx's files; gives the command that starts it on them."""
        for name in ("run/web", "run/office", "cache"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        shutil.copy("/etc/nginx/mime.types", self.folder)
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "landgis.conf").write_text(self.filled("nginx/landgis.conf"), encoding="utf-8")
        (self.folder / "nginx.conf").write_text(MAIN.format(folder=self.folder, user=user), encoding="utf-8")
        return [NGINX, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def start(self, name: str) -> None:
        """nginx, or the unit of that name, by what its file says."""
        command, more = (self.write(), {}) if name == "nginx" else self._of_unit(name)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, cwd=env.BASE_DIR, env={**self.variables, **more}, stdout=log, stderr=log
            )

    def stop(self, name: str, by: int = signal.SIGTERM) -> None:
        process = self.running.pop(name)
        process.send_signal(by)
        process.wait(PATIENCE_S)

    def start_what_ended(self) -> None:
        """As systemd does (Restart=always)."""
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.start(name)

    def manage(self, *arguments: str) -> None:
        command = [str(Path(env.BASE_DIR) / ".venv/bin/python"), "manage.py", *arguments]
        subprocess.run(command, cwd=env.BASE_DIR, env=self.variables, check=True, capture_output=True)

    def ask(self, path: str, *, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        """One answer by nginx; in names of headers _ stands for -."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            told = {name.replace("_", "-"): value for name, value in headers.items()}
            line.request(method, path, body, {"Host": f"localhost:{self.port}", **told})
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            line.close()

    def answers(self, path: str) -> int:
        """The status; 0 while nobody listens."""
        try:
            return self.ask(path).status
        except OSError:
            return 0

    def _of_unit(self, name: str) -> tuple[list[str], dict[str, str]]:
        lines = [line.partition("=") for line in self.filled(f"systemd/{name}.service").splitlines()]
        (command,) = [value for key, _, value in lines if key == "ExecStart"]
        told = [value.partition("=") for key, _, value in lines if key == "Environment"]
        return shlex.split(command), {key: value for key, _, value in told}


@contextmanager
def installed(folder: Path, variables: dict[str, str]) -> Iterator[Front]:
    """All of it, running; what is still there at the end is stopped."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        front = Front(folder, variables, free.getsockname()[1])
    (front.state / "pages").mkdir()
    front.manage("standing_pages")
    try:
        for name in ("web", "office", "worker", "nginx"):
            front.start(name)
        until(lambda: front.answers("/livez") == front.answers("/officer/sign-in/") == 200)
        until((front.state / "pages/now").is_dir)
        yield front
    finally:
        for name in list(front.running):
            with suppress(ProcessLookupError):
                front.stop(name)
