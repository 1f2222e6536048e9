"""The private PostGIS cluster of this clone: made, started, shared and stopped without touching any other.

A process that needs the database calls `hold(state)`: the cluster is made or repaired if need be and started, and
the process keeps a shared lock on `cluster.lock` until it ends, in whatever way. A small guard process waits for
that lock alone; when it gets it, nobody is left, and it stops the cluster. The kernel gives the locks of a killed
process back, so no state on disk has to be believed:

    cluster.start   exclusive, short: one process at a time makes, repairs or starts
    cluster.lock    shared by the holders; exclusive while the guard stops the cluster
    cluster.guard   exclusive: one guard
    cluster.json    the pointer that settings read: socket, port, passwords (0600)
    pg/             data, run (socket), log; belongs to the unprivileged user `postgres` when started as root,
                    and lies under /var/lib/landgis/<hash> where that user cannot reach the clone

This file runs as the guard too, without its package: the standard library only.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ELSEWHERE = Path("/var/lib/landgis")
SUPERUSER = "postgres"
START_SECONDS = 300  # crash recovery may have to read the whole write-ahead log
LONGEST_SOCKET = 100  # bytes of a socket's path; the limit of the smallest system is 104

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "jit": "off",
    "timezone": "UTC",
    # A log that may be shown around: the DETAIL of an error prints whole rows, the statement holds its values,
    # and so may the error itself; the application logs errors without them.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",
    "log_parameter_max_length": "0",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_timezone": "UTC",
}

# The superuser comes in by the socket, as its own unix user, and in no other way.
RULES = f"""\
local all {SUPERUSER} peer map=superuser
host  all {SUPERUSER} all reject
local all all scram-sha-256
host  all all 127.0.0.1/32 scram-sha-256
"""


class ClusterError(Exception):
    """The private cluster cannot be used; the text says what to do."""


# The unix user, the programs


@dataclass(frozen=True)
class Account:
    """Whom the server runs as."""

    name: str
    uid: int
    gid: int

    def run(self, *command: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a program of PostgreSQL as this user, away from any PG* variable that leads elsewhere."""
        env = {key: text for key, text in os.environ.items() if not key.startswith("PG")}
        env.update(LC_ALL="C", HOME="/")
        if os.geteuid() == 0:
            more.update(user=self.uid, group=self.gid, extra_groups=[])
        return subprocess.run(
            [str(part) for part in command],
            env=env,
            umask=0o077,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **{"cwd": "/", **({} if "input" in more else {"stdin": subprocess.DEVNULL}), **more},
        )


def _account() -> Account:
    if os.geteuid() != 0:
        found = pwd.getpwuid(os.geteuid())
    else:
        try:
            found = pwd.getpwnam("postgres")
        except KeyError:
            raise ClusterError(
                "PostgreSQL refuses to run as root and the user `postgres` does not exist: "
                "run `make setup`, or start landgis as an ordinary user."
            ) from None
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def _version_key(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())


def _tells(program: Path, option: str) -> str:
    try:
        shown = subprocess.run([program, option], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return shown.stdout.strip()


def _has_postgis(place: Path) -> bool:
    share = _tells(place / "pg_config", "--sharedir")
    return bool(share) and (Path(share) / "extension/postgis.control").exists()


def _major(place: Path) -> str:
    """ "15" from "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"."""
    words = _tells(place / "postgres", "--version").split()
    return words[2].split(".")[0] if len(words) > 2 else ""


def binaries(data: Path) -> Path:
    """The folder of initdb and pg_ctl: of the version that made the data, else the newest that has PostGIS."""
    given = os.environ.get("LANDGIS_POSTGRES_BIN")
    if given:
        places = [Path(given)]
    else:
        places = [Path(sys.prefix) / "bin"]  # conda
        places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version_key, reverse=True)
        on_path = shutil.which("initdb")
        places += [Path(on_path).resolve().parent] if on_path else []
    usable = [place for place in places if (place / "initdb").exists() and _has_postgis(place)]
    if not usable:
        raise ClusterError("PostgreSQL with PostGIS was not found: run `make setup`.")
    if not (data / "PG_VERSION").exists():
        return usable[0]
    made_by = (data / "PG_VERSION").read_text().strip()
    for place in usable:
        if _major(place) == made_by:
            return place
    raise ClusterError(
        f"The data in {data} were made by PostgreSQL {made_by}, which is not installed with PostGIS. Install it; "
        f"or, if the data may be lost, remove {data.parent}, and the next start begins anew."
    )


def programs(state: Path) -> Path:
    """The folder of pg_dump and pg_restore: those of the private cluster of this clone, else the newest."""
    return binaries(Path(_pointer(state.resolve()).get("place", state)) / "data")


# The place of the data


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _pointer(state: Path) -> dict[str, Any]:
    """What the last start wrote; empty where it is absent or damaged: everything in it can be made anew."""
    try:
        found = json.loads((state / "cluster.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _place(state: Path, account: Account) -> Path:
    """The folder of the cluster's files, made if need be and owned by the account.

    In the clone, if the account can reach it there. A clone that was moved takes its data along; a copy of a clone
    begins its own.
    """
    own, elsewhere = state / "pg", ELSEWHERE / _short(state)
    reachable = account.run("test", "-x", state).returncode == 0
    noted = Path(_pointer(state).get("place", own))
    if noted.parent == ELSEWHERE and noted != elsewhere and not elsewhere.exists() and _lost_its_clone(noted):
        noted.rename(elsewhere)
    if not reachable and own.exists() and not elsewhere.exists():
        _own_folder(ELSEWHERE, None)
        subprocess.run(["mv", own, elsewhere], check=True)  # keeps the owner of the files
    home = own if reachable and (own.exists() or not elsewhere.exists()) else elsewhere
    if home == elsewhere:
        _own_folder(ELSEWHERE, None)
    _own_folder(home, account)
    if home == elsewhere:
        (home / "clone").write_text(f"{state}\n", encoding="utf-8")
    return home


def _lost_its_clone(place: Path) -> bool:
    """The clone whose data these are is no longer where it was, so it was moved and not copied."""
    try:
        state = Path((place / "clone").read_text(encoding="utf-8").strip())
    except OSError:
        return False
    return not (state / "cluster.json").exists()


def _own_folder(folder: Path, account: Account | None) -> None:
    """A folder of the account's alone, or of root's that others may pass through."""
    folder.mkdir(parents=True, exist_ok=True)
    if account is None:
        folder.chmod(0o755)
        return
    if folder.stat().st_uid != account.uid:
        if os.geteuid() != 0:
            owner = pwd.getpwuid(folder.stat().st_uid).pw_name
            raise ClusterError(f"{folder} belongs to {owner}: run landgis as the user who ran it before.")
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _socket_folder(place: Path, account: Account) -> Path:
    """Beside the data, or in the folder for temporary files where that path is too long for a socket."""
    folder = place / "run"
    if len(os.fsencode(folder / ".s.PGSQL.65535.lock")) > LONGEST_SOCKET:
        folder = Path(tempfile.gettempdir()) / f"landgis-{_short(place)}"
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        # There anybody could have made it first; as the account's own folder it was made by us.
        if folder.is_symlink() or folder.stat().st_uid not in (account.uid, os.geteuid()):
            raise ClusterError(f"{folder} was made by another user: remove it.")
    _own_folder(folder, account)
    return folder


# One cluster


@dataclass(frozen=True)
class Cluster:
    """The files and programs of one cluster."""

    account: Account
    binaries: Path
    place: Path
    socket: Path

    @property
    def data(self) -> Path:
        return self.place / "data"

    def run(self, program: str, *arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
        return self.account.run(self.binaries / program, *arguments, cwd=self.place, **more)

    def make(self) -> None:
        """initdb beside its final place, then one rename: a cut leaves nothing that looks finished."""
        part = self.place / "data.part"
        shutil.rmtree(part, ignore_errors=True)
        options = ["--locale=C.UTF-8"]
        if int(_major(self.binaries)) >= 17:
            options = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *options]
        elif sys.platform == "darwin":
            options = ["--locale=en_US.UTF-8"]
        options += ["--encoding=UTF8", "--data-checksums", "--auth-local=peer", "--auth-host=reject"]
        made = self.run("initdb", "--pgdata", part, "--username", SUPERUSER, *options)
        if made.returncode != 0:
            raise ClusterError(f"The private cluster could not be made:\n{made.stdout}")
        self._write(part / "pg_hba.conf", RULES)
        self._write(part / "pg_ident.conf", f"superuser {self.account.name} {SUPERUSER}\n")
        done = self.account.run("mv", part, self.data)
        if done.returncode != 0:
            raise ClusterError(f"The private cluster could not be put in its place:\n{done.stdout}")

    def _write(self, path: Path, content: str) -> None:
        done = self.account.run("tee", path, input=content)
        if done.returncode != 0:
            raise ClusterError(f"{path} could not be written:\n{done.stdout}")

    def postmaster(self) -> dict[str, Any] | None:
        """Process, port and state of the running server, or None."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            pid, port = int(lines[0]), int(lines[3])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        if pid not in self.processes(pid):
            return None  # killed, and the number may be somebody else's by now
        return {"pid": pid, "port": port, "socket": lines[4], "ready": len(lines) > 7 and lines[7].strip() == "ready"}

    def processes(self, named: int | None = None) -> list[int]:
        """The processes that work in this data folder: the server's, and those a killed server left behind."""
        if not Path("/proc/self").exists():  # macOS: only the process named in the file can be asked for
            if named is None:
                return []
            shown = subprocess.run(["ps", "-o", "comm=", "-p", str(named)], capture_output=True, text=True, check=False)
            return [named] if "postgres" in shown.stdout else []
        # Asked by the account itself: in a container not even root may look at another user's processes.
        script = 'for cwd in /proc/[0-9]*/cwd; do if [ "$cwd" -ef "$0" ]; then echo "$cwd"; fi; done'
        shown = self.account.run("sh", "-c", script, self.data)
        return [int(line.split("/")[2]) for line in shown.stdout.splitlines() if line.startswith("/proc/")]

    def start(self, port: int | None) -> int:
        """Start the server and wait until it answers; the port it was given."""
        self._clear_what_a_crash_left()
        options = {**SETTINGS, "unix_socket_directories": str(self.socket), "log_directory": str(self.place / "log")}
        _own_folder(self.place / "log", self.account)
        told = ""
        for _ in range(5):
            port = port if port and _is_free(port) else _free_port()
            flags = " ".join(f"-c {shlex.quote(f'{name}={text}')}" for name, text in {**options, "port": port}.items())
            log = self.place / "log" / "start.log"
            done = self.run(
                "pg_ctl",
                *("start", "-w", "-s", "-t", str(START_SECONDS), "-D", self.data, "-l", log, "-o", flags),
            )
            if done.returncode == 0:
                return port
            told = done.stdout + _tail(log)
            if "could not bind" not in told and "could not create any TCP/IP sockets" not in told:
                break
            port = None  # taken between our look and the start
        raise ClusterError(f"The private cluster did not start; its log is in {self.place / 'log'}.\n{told}")

    def _clear_what_a_crash_left(self) -> None:
        """PostgreSQL recovers its data by itself, but not from a pid that now belongs to somebody else."""
        deadline = time.monotonic() + 30
        while left := self.processes():  # children of a killed server, about to notice
            if time.monotonic() > deadline:
                raise ClusterError(f"Processes {left} still work in {self.data}: end them, then start again.")
            time.sleep(0.05)
        for stale in (self.data / "postmaster.pid", *self.socket.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def stop(self) -> None:
        """End every connection and stop; nothing happens where no server runs."""
        if self.postmaster():
            self.run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-t", str(START_SECONDS), "-D", self.data)

    def sql(self, script: str, port: int) -> None:
        """Run a psql script as superuser, by the socket."""
        done = self.run(
            "psql",
            *("-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.socket, "-p", str(port), "-U", SUPERUSER),
            *("-d", "postgres", "-o", os.devnull, "-f", "-"),
            input=script,
        )
        if done.returncode != 0:
            raise ClusterError(f"The roles and databases could not be made:\n{done.stdout}")


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _tail(log: Path) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-10:])
    return ""


# Sharing


@contextlib.contextmanager
def _locked(path: Path, how: int) -> Iterator[IO[str]]:
    with path.open("a", encoding="utf-8") as file:
        path.chmod(0o600)
        fcntl.flock(file, how)
        yield file  # closing gives the lock back


class Hold:
    """A share in the running cluster; lasts until `release`, or the end of the process."""

    def __init__(self, state: Path, lock: IO[str]) -> None:
        self.state = state
        self._lock = lock

    def release(self, wait: float = 0) -> None:
        """Give the share back; if nobody else holds one, wait up to so many seconds until the guard is done."""
        self._lock.close()
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline and not _is_free_lock(self.state / "cluster.guard"):
            shared = self.state / "cluster.lock"
            if not _is_free_lock(shared) and _is_free_lock(shared, fcntl.LOCK_SH):
                return  # others hold it
            time.sleep(0.02)


def _is_free_lock(path: Path, how: int = fcntl.LOCK_EX) -> bool:
    try:
        with _locked(path, how | fcntl.LOCK_NB):
            return True
    except FileNotFoundError:  # the whole folder was moved or removed
        return True
    except BlockingIOError:
        return False


def hold(state: Path) -> Hold:
    """Make sure that the cluster of this clone runs, and keep it running until the hold ends.

    Raises ClusterError with the remedy. Several processes may call this at once.
    """
    state = state.resolve()
    try:
        if not state.exists():
            state.mkdir(parents=True)
            state.chmod(0o755)  # the server's user has to pass through it
        with _locked(state / "cluster.start", fcntl.LOCK_EX):
            # Waits here while a guard stops the server.
            lock = os.fdopen(os.open(state / "cluster.lock", os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")
            fcntl.flock(lock, fcntl.LOCK_SH)
            try:
                _ensure_running(state)
            except BaseException:
                lock.close()
                raise
    except PermissionError as error:
        raise ClusterError(
            f"{error.filename} may not be used by this user: run landgis as the user who ran it before, "
            f"or remove {state} (its data are lost)."
        ) from None
    return Hold(state, lock)


def is_running(state: Path) -> bool:
    """Whether the server of this clone is alive; starts nothing."""
    place = _pointer(state.resolve()).get("place", "")
    return place != "" and Cluster(_account(), Path(), Path(place), Path()).postmaster() is not None


def _ensure_running(state: Path) -> None:
    account = _account()
    place = _place(state, account)
    cluster = Cluster(account, binaries(place / "data"), place, _socket_folder(place, account))
    if not (cluster.data / "PG_VERSION").exists():
        cluster.make()
    pointer = _pointer(state)
    running = cluster.postmaster()
    if running and not (running["ready"] and Path(running["socket"]) == cluster.socket):
        # Another user's start, cut short, or a clone moved while it ran.
        cluster.stop()
        running = None
    port = running["port"] if running else cluster.start(pointer.get("port"))
    passwords = _prepare(cluster, port, pointer.get("passwords", {}))
    told = {"place": str(place), "socket": str(cluster.socket), "port": port, "passwords": passwords}
    if told != pointer:
        _write_pointer(state, told)
    _make_sure_of_a_guard(state, cluster)


def _prepare(cluster: Cluster, port: int, passwords: dict[str, str]) -> dict[str, str]:
    """Roles, template and database, if this code's have not been made with these passwords yet."""
    from landgis.operations import roles

    if set(passwords) != set(roles.LOGINS):
        passwords = {name: secrets.token_urlsafe(24) for name in roles.LOGINS}
    script = roles.cluster_sql(*(passwords[name] for name in roles.LOGINS))
    mark, digest = cluster.data / "landgis.prepared", hashlib.sha256(script.encode()).hexdigest()
    if not mark.exists() or mark.read_text().strip() != digest:
        cluster.sql(script, port)
        cluster._write(mark, digest)
    return passwords


def _write_pointer(state: Path, told: dict[str, Any]) -> None:
    part = state / "cluster.json.part"
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(told, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(state / "cluster.json")


# The guard


def _make_sure_of_a_guard(state: Path, cluster: Cluster) -> None:
    account = cluster.account
    told = [state, account.name, account.uid, account.gid, cluster.binaries, cluster.place, cluster.socket]
    with contextlib.suppress(BlockingIOError), _locked(state / "cluster.guard", fcntl.LOCK_EX | fcntl.LOCK_NB) as lock:
        # The guard inherits the lock with the open file: from here on there is exactly one.
        _guards.append(
            subprocess.Popen(
                [sys.executable, "-I", "-S", __file__, "guard", str(lock.fileno()), *map(str, told)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                pass_fds=[lock.fileno()],
                start_new_session=True,  # Ctrl-C at the terminal is not for it
            )
        )


_guards: list[subprocess.Popen[bytes]] = []  # kept, as they outlive whoever started them


def _guard(only: int, state: Path, cluster: Cluster) -> None:
    """Wait until nobody holds the cluster, then stop it. `only` is the open file whose lock makes this the one guard."""
    lock = os.open(state / "cluster.lock", os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    cluster.stop()
    os.close(only)  # first, so that whoever gets the shared lock next finds no guard and makes one
    os.close(lock)


if __name__ == "__main__" and sys.argv[1:2] == ["guard"]:
    _only, _state, _name, _uid, _gid, *_folders = sys.argv[2:]
    _guard(int(_only), Path(_state), Cluster(Account(_name, int(_uid), int(_gid)), *map(Path, _folders)))
