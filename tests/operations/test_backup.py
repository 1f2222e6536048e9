"""What is saved comes back, row for row and byte for byte; what is damaged or cut does not come at all."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import override_settings
from psycopg import sql

from landgis import env
from landgis.accounts.actions import ensure_demo_people
from landgis.catalog import queries
from landgis.changes import audit
from landgis.changes.models import AuditEntry
from landgis.operations import backup, cluster, roles
from landgis.search.actions import follow
from tests import databases, histories, samples, waiting
from tests.programs import environment

HISTORY = 7  # a seed with hidden, retired and returned plots
# Of a condition: PostgreSQL writes one that it read from a dump with other casts and brackets.
WRITING = re.compile(r"::[a-z ]+(\[\])?|[()\s]")
SEARCH_IDS = "to_jsonb(t) - 'id'"  # entries are made again, and their ids with them


@pytest.fixture(scope="module")
def saved(
    migrated: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, str, Path, histories.History]]:
    """A backup of a world with a past, people, change sets and an image: (file, database, store, history)."""
    folder = tmp_path_factory.mktemp("saved")
    store = folder / "media"
    with django_db_blocker.unblock(), databases.made(migrated) as name:
        with databases.used(name), override_settings(MEDIA_ROOT=store):
            history = histories.random_history(HISTORY)
            samples.drafted([samples.plot(900)])
            samples.scene(folder)
            ensure_demo_people({})
            (store / "scenes" / "part-cut").mkdir()
            (store / "scenes" / "part-cut" / "half.tif").write_bytes(b"half an image")
            follow()
            call_command("backup", folder / "all.landgis", verbosity=0)
        yield folder / "all.landgis", name, store, history


@pytest.fixture
def empty(migrated: str, django_db_blocker: Any, tmp_path: Path) -> Iterator[str]:
    """A new database with the extensions and nothing else, in use, with a store of its own; gives its name."""
    with (
        django_db_blocker.unblock(),
        databases.made(databases.TEMPLATE) as name,
        databases.used(name),
        override_settings(MEDIA_ROOT=tmp_path / "media"),
    ):
        yield name


def contents(database: psycopg.Connection[Any]) -> dict[str, Any]:
    """Every row of every table and view of ours but for the clock, and where the sequences stand."""
    relations = database.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE n.nspname IN ('public', 'published') AND relkind IN ('r', 'v')"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
        " AND relname NOT IN ('catalog_clock', 'clock') ORDER BY 1, 2"
    ).fetchall()
    found: dict[str, Any] = {}
    for schema, name in relations:
        row = SEARCH_IDS if name.startswith(("search_", "changes_position")) else "t"
        # Saving and restoring are lines of the audit, written behind what was saved.
        old = " WHERE verb !~ '^data'" if name == "changes_auditentry" else ""
        query = sql.SQL("SELECT ({})::text FROM {} t{} ORDER BY 1").format(
            sql.SQL(row), sql.Identifier(schema, name), sql.SQL(old)
        )
        found[f"{schema}.{name}"] = [text for (text,) in database.execute(query)]
    found["sequences"] = database.execute(
        "SELECT sequencename, last_value FROM pg_sequences WHERE sequencename !~ '^(search_|changes_position|changes_auditentry)' ORDER BY 1"
    ).fetchall()
    found["constraints"] = [
        (table, name, WRITING.sub("", definition))
        for table, name, definition in database.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
        )
    ]
    found["indexes"] = [
        (table, name, WRITING.sub("", definition))
        for table, name, definition in database.execute(
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname IN ('public', 'published')"
            " ORDER BY 1, 2"
        )
    ]
    return found


def as_owner(name: str) -> psycopg.Connection[Any]:
    told = connections["default"].settings_dict
    return psycopg.connect(
        host=told["HOST"], port=told["PORT"], user=told["USER"], password=told["PASSWORD"], dbname=name
    )


def stored(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "part-" not in str(path)
    }


def tables(name: str) -> int:
    with as_owner(name) as database:
        row = database.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'spatial_ref_sys'"
        )
        return row.fetchone()[0]  # type: ignore[index]


# There and back


def test_everything_comes_back_into_an_empty_database(
    saved: tuple[Path, str, Path, histories.History], empty: str
) -> None:
    file, original, store, history = saved
    call_command("restore", file, verbosity=0)
    with as_owner(original) as one, as_owner(empty) as other:
        wanted, found = contents(one), contents(other)
    assert len(wanted["public.publicland_plot"]) > 30 and len(wanted["public.changes_changeset"]) > 10
    assert len(wanted["public.accounts_user"]) > 3 and len(wanted["published.search_entry"]) > 3
    different = [name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)]
    assert different == []
    assert stored(Path(settings.MEDIA_ROOT)) == stored(store)
    assert len(stored(store)) == 1
    # As readers read it, by the public's role: now and at every revision.
    for number in range(1, history.newest + 1):
        rows = queries.rows(samples.public_land(), as_of=number)
        assert [row["ref"] for row in rows] == list(history.public(number))
    assert databases.ALIASES == ("default", "public")
    line = AuditEntry.objects.order_by("-id")[0]
    assert (line.verb, line.subject, line.by) == ("data.restore", file.name, audit.by_command_line())


def test_work_goes_on_after_a_restore(saved: tuple[Path, str, Path, histories.History], empty: str) -> None:
    file, _original, _store, history = saved
    call_command("restore", file, verbosity=0)
    assert samples.applied([samples.plot(901)]) == history.newest + 1
    follow()
    assert queries.feature(samples.public_land(), samples.plot(901)["plot_code"])


@pytest.mark.prove
def test_it_comes_back_into_a_new_private_cluster(saved: tuple[Path, str, Path, histories.History]) -> None:
    """What `docs/operations.md` tells to do after the machine is lost: a new folder, one command."""
    file, original, store, _history = saved
    folder = Path(tempfile.mkdtemp(prefix="landgis-test-"))  # reachable for the user `postgres`
    folder.chmod(0o755)
    state = folder / "state"
    environment = {name: text for name, text in os.environ.items() if not name.startswith("DATABASE")}
    try:
        done = subprocess.run(
            [sys.executable, "manage.py", "restore", file],
            env={**environment, "LANDGIS_STATE": str(state)},
            cwd=env.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Restored: revision" in done.stdout
        held = cluster.hold(state)
        told = json.loads((state / "cluster.json").read_text())
        with (
            as_owner(original) as one,
            psycopg.connect(
                host=told["socket"],
                port=told["port"],
                user=roles.OWNER,
                password=told["passwords"][roles.OWNER],
                dbname=roles.DATABASE,
            ) as other,
        ):
            wanted, found = contents(one), contents(other)
        held.release(wait=waiting.PATIENCE_S)
        assert [name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)] == []
        assert stored(state / "media") == stored(store)
    finally:
        shutil.rmtree(folder)


# What is saved


def test_the_manifest_says_what_is_inside(saved: tuple[Path, str, Path, histories.History]) -> None:
    file, original, store, history = saved
    assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as archive:
        manifest = backup.verified(archive, file)
        dump = archive.read(backup.DUMP)
    assert manifest["revision"] == history.newest
    assert {name for name in manifest["members"] if name != backup.DUMP} == {f"files/{name}" for name in stored(store)}
    with as_owner(original) as database:
        for table, count in manifest["rows"].items():
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            assert (
                database.execute(query).fetchone() == (count,) or table == "changes_auditentry"
            )  # backups are lines of it
    assert b"tile_public_land" not in dump and b"search_searchentry" in dump  # its table, not its rows


def test_a_file_that_exists_is_not_overwritten(saved: tuple[Path, str, Path, histories.History]) -> None:
    file, original, _store, _history = saved
    before = file.read_bytes()
    with databases.used(original), pytest.raises(CommandError, match="exists: choose another name"):
        call_command("backup", file)
    assert file.read_bytes() == before


# Refused


def _flipped(file: Path, member: str) -> None:
    """One byte of a member is another one."""
    with zipfile.ZipFile(file) as archive:
        info = archive.getinfo(member)
    with file.open("r+b") as opened:
        opened.seek(info.header_offset + 30 + len(info.filename) + 60)
        byte = opened.read(1)
        opened.seek(-1, os.SEEK_CUR)
        opened.write(bytes([byte[0] ^ 0x40]))


def _rewritten(file: Path, change: Callable[[dict[str, bytes]], Any]) -> None:
    """The same zip with other members; its own checksums are right."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _told(members: dict[str, bytes], **other: Any) -> None:
    members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), **other}).encode()


def _image(members: dict[str, bytes]) -> str:
    return next(name for name in members if name.startswith("files/"))


def _outside(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    manifest["members"]["files/../../x"] = manifest["members"].pop(_image(members))
    members["files/../../x"] = members.pop(_image(members))
    members["manifest.json"] = json.dumps(manifest).encode()


SPOILED: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a byte of the dump": (lambda file: _flipped(file, "database.dump"), "database.dump is damaged"),
    "a byte of an image": (
        lambda file: _flipped(file, _image(dict.fromkeys(zipfile.ZipFile(file).namelist(), b""))),
        r"files/scenes/\w+\.tif is damaged",
    ),
    "another image": (
        lambda file: _rewritten(file, lambda members: members.update({_image(members): b"x"})),
        r"files/scenes/\w+\.tif is damaged",
    ),
    "an image less": (
        lambda file: _rewritten(file, lambda members: members.pop(_image(members))),
        r"files/scenes/\w+\.tif is missing or too many",
    ),
    "a file more": (
        lambda file: _rewritten(file, lambda members: members.update({"files/x": b"x"})),
        "files/x is missing or too many",
    ),
    "a file outside": (lambda file: _rewritten(file, _outside), "outside the store"),
    "no manifest": (
        lambda file: _rewritten(file, lambda members: members.pop("manifest.json")),
        "manifest.json is missing or damaged",
    ),
    "another form": (lambda file: _rewritten(file, lambda members: _told(members, form=2)), "another landgis"),
    "a newer landgis": (
        lambda file: _rewritten(file, lambda members: _told(members, migrations=["catalog.9999_later"])),
        r"older than the one that saved .*catalog\.9999_later",
    ),
    "cut in the middle": (lambda file: os.truncate(file, file.stat().st_size // 2), "cut short, damaged or no backup"),
    "empty": (lambda file: os.truncate(file, 0), "cut short, damaged or no backup"),
    "gone": (lambda file: file.unlink(), "There is no file"),
}


@pytest.mark.parametrize("case", SPOILED)
def test_what_is_damaged_is_refused_by_name_and_nothing_is_written(
    saved: tuple[Path, str, Path, histories.History], empty: str, tmp_path: Path, case: str
) -> None:
    spoil, said = SPOILED[case]
    file = Path(shutil.copy(saved[0], tmp_path / "spoiled.landgis"))
    spoil(file)
    with pytest.raises(CommandError, match=said):
        call_command("restore", file)
    assert tables(empty) == 0
    assert not (tmp_path / "media").exists()


def test_a_database_in_use_is_refused(saved: tuple[Path, str, Path, histories.History], empty_world: str) -> None:
    with pytest.raises(CommandError, match=r"is not empty.*LANDGIS_STATE=FOLDER"):
        call_command("restore", saved[0])


def test_a_store_with_another_file_of_that_name_is_refused(
    saved: tuple[Path, str, Path, histories.History], empty: str
) -> None:
    [name] = stored(saved[2])
    there = Path(settings.MEDIA_ROOT) / name
    there.parent.mkdir(parents=True)
    there.write_bytes(b"another")
    with pytest.raises(CommandError, match="is there already and is another file"):
        call_command("restore", saved[0])
    assert tables(empty) == 0
    assert there.read_bytes() == b"another"


# Killed


def started(command: str, file: Path, name: str, state: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", command, file],
        env=environment(state, name, as_owner=True),
        cwd=env.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def until(happened: Callable[[], Any], process: subprocess.Popen[bytes]) -> Any:
    """What happened, looked at as often as can be; None when the process ended before."""
    while process.poll() is None:
        if found := happened():
            return found
    return None


def restoring_below(pid: int) -> list[int]:
    """The pg_restore that a process has started."""
    found = []
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            if Path(f"/proc/{child}/comm").read_text().strip() == "pg_restore":
                found.append(int(child))
    return found


@pytest.mark.parametrize("later", [0.0, pytest.param(0.1, marks=pytest.mark.prove)])
def test_a_killed_backup_leaves_no_file_of_that_name(
    saved: tuple[Path, str, Path, histories.History], tmp_path: Path, later: float
) -> None:
    _file, original, store, _history = saved
    (tmp_path / "state").mkdir()
    shutil.copytree(store, tmp_path / "state" / "media")
    wanted, part = tmp_path / "new.landgis", tmp_path / "new.landgis.part"
    process = started("backup", wanted, original, tmp_path / "state")
    assert until(part.exists, process)
    time.sleep(later)
    process.kill()
    process.communicate()
    if wanted.exists():  # it was faster
        with zipfile.ZipFile(wanted) as archive:
            backup.verified(archive, wanted)
        wanted.unlink()
    else:
        assert part.exists()
    with databases.used(original), override_settings(MEDIA_ROOT=store):
        call_command("backup", wanted, verbosity=0)
    assert not part.exists()
    with zipfile.ZipFile(wanted) as archive:
        backup.verified(archive, wanted)


def test_a_restore_that_was_cut_before_its_last_step_goes_on(
    saved: tuple[Path, str, Path, histories.History], empty: str
) -> None:
    with zipfile.ZipFile(saved[0]) as archive:
        backup._load(archive)
    call_command("restore", saved[0], verbosity=0)
    assert queries.latest_number() == saved[3].newest
    assert stored(Path(settings.MEDIA_ROOT)) == stored(saved[2])
    samples.applied([samples.plot(901)])
    with pytest.raises(CommandError, match="is not empty"):  # it is in use by now
        call_command("restore", saved[0])


@pytest.mark.prove
@pytest.mark.parametrize("victim", ["pg_restore", pytest.param("manage.py", marks=pytest.mark.prove)])
def test_a_killed_restore_leaves_the_database_empty_or_whole(
    saved: tuple[Path, str, Path, histories.History], empty: str, tmp_path: Path, victim: str
) -> None:
    file, original, store, _history = saved
    state = tmp_path / "state"
    state.mkdir()
    connections.close_all()
    process = started("restore", file, empty, state)
    [restoring] = until(lambda: restoring_below(process.pid), process)
    os.kill(restoring if victim == "pg_restore" else process.pid, signal.SIGKILL)
    _out, told = process.communicate()
    if victim == "pg_restore":
        assert process.returncode == 1
        assert b"Not restored. pg_restore ended with status -9" in told and b"start the same command again" in told
    waiting.until(lambda: not Path(f"/proc/{restoring}/exe").exists())
    with override_settings(MEDIA_ROOT=state / "media"):
        call_command("restore", file, verbosity=0)
    with as_owner(original) as one, as_owner(empty) as other:
        wanted, found = contents(one), contents(other)
    assert [name for name in wanted if wanted[name] != found.get(name)] == []
    assert stored(state / "media") == stored(store)
    connection.close()
