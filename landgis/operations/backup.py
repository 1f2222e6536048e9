"""Database and file store in one file, and back into an empty place.

The file is a zip that any program opens: `database.dump` (PostgreSQL's own custom format), `files/...` as they lie in
the store, and last `manifest.json` with size and SHA-256 of each, the revision, and the number of rows of each table.
All of it is one state: the database is read in one snapshot, and files of the store are never changed.

What is derived is left out and made again: the schema `published` and the entries of search.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from psycopg import conninfo, sql

from landgis.catalog import published
from landgis.lib import files, statements
from landgis.operations import cluster, ownership, roles, stored_files

FORM = 1  # of the file; a new one is not read by old code
DUMP, FILES, MANIFEST = "database.dump", "files/", "manifest.json"
CHUNK = 1 << 20

Manifest = dict[str, Any]


class BackupError(Exception):
    """It cannot be saved or restored; the text says what is wrong and what to do. Nothing was changed."""


# Saving


def write(path: Path, *, even_damaged: bool = False) -> Manifest:
    """Save everything to a new file, whole or not at all. A cut leaves `<path>.part`, which the next call replaces.

    BackupError names files of the store that are missing or rotten; or, `even_damaged`, the manifest of the rest does.
    """
    if path.exists():
        raise BackupError(f"{path} exists: choose another name, or remove it.")
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        # It holds what only officers may know: for this user's eyes.
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w") as archive:
                manifest = _fill(archive)
                if manifest["damaged"] and not even_damaged:
                    raise BackupError(stored_files.REMEDY.format("; ".join(manifest["damaged"])))
                archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        files.sync(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return manifest


def _fill(archive: zipfile.ZipFile) -> Manifest:
    with transaction.atomic():
        statements.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = statements.value("SELECT pg_export_snapshot()")
        about, named = _about_the_database(), stored_files.named()
        members = {DUMP: _add(archive, DUMP, _dumped(snapshot))}
    # After the database: whatever it names lies in the store by now.
    for name, file in stored_files.lying().items():
        with file.open("rb") as content:
            members[FILES + name] = _add(archive, FILES + name, _chunks(content))
    sums = {name.removeprefix(FILES): told["sha256"] for name, told in members.items()}
    damaged = [f"{kind} {name}" for kind, name in stored_files.unlike(named, sums)]
    return {"form": FORM, "made_at": timezone.now().isoformat(), **about, "damaged": damaged, "members": members}


def _about_the_database() -> Manifest:
    migrations = statements.rows("SELECT app, name FROM django_migrations ORDER BY app, name")
    return {
        "postgresql": statements.value("SHOW server_version"),
        "revision": statements.value("SELECT max(number) FROM catalog_revision"),
        "migrations": [f"{app}.{name}" for app, name in migrations],
        "rows": row_counts(),
    }


def row_counts() -> dict[str, int]:
    """Rows of every table that is saved, by its name."""
    saved = sorted(set(_tables()) - _derived_tables())
    return {
        table: statements.value(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table)))
        for table in saved
    }


def _tables() -> list[str]:
    """All tables of ours: those of the extensions are not."""
    found = statements.rows(
        "SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY relname"
    )
    return [name for (name,) in found]


def _derived_tables() -> set[str]:
    followed = [*apps.get_app_config("search").get_models(), apps.get_model("changes.Position")]
    return {model._meta.db_table for model in followed}


def _dumped(snapshot: str) -> Iterator[bytes]:
    """What pg_dump writes of a snapshot. BackupError with its own words when it fails."""
    options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={snapshot}"]
    options += [f"--exclude-schema={published.SCHEMA}", "--exclude-table-data=public.spatial_ref_sys"]
    options += [f"--exclude-table-data=public.{table}" for table in _derived_tables()]
    with tempfile.TemporaryFile() as told:
        with _started("pg_dump", *options, stdout=subprocess.PIPE, stderr=told) as process:
            yield from _chunks(process.stdout)
        _raise_for(process, "pg_dump", told)


def _add(archive: zipfile.ZipFile, name: str, chunks: Iterator[bytes]) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as member:
        for chunk in chunks:
            member.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return {"size": size, "sha256": digest.hexdigest()}


# Restoring


def restore(path: Path) -> Manifest:
    """Put a saved state into an empty database and the file store, then make what is derived.

    The file is read through before anything is written. The database is one transaction and comes last, so a cut leaves it
    empty, or whole and without what is derived. The same file again goes on from there.
    """
    with contextlib.ExitStack() as opened:
        try:
            archive = opened.enter_context(zipfile.ZipFile(path))
        except FileNotFoundError:
            raise BackupError(f"There is no file {path}.") from None
        except zipfile.BadZipFile:
            raise BackupError(f"{path} is cut short, damaged or no backup: take another one.") from None
        manifest = verified(archive, path)
        _refuse_a_newer_one(manifest)
        is_there = bool(_tables()) and row_counts() == manifest["rows"]  # a restore was cut before its last step
        if not is_there:
            _refuse_a_database_in_use()
        for name, told in manifest["members"].items():
            if name.startswith(FILES):
                _put_back(archive, name, told["sha256"])
        if not is_there:
            _load(archive)
    if (counted := row_counts()) != manifest["rows"]:
        wrong = sorted(set(counted.items()) ^ set(manifest["rows"].items()))
        raise BackupError(f"The rows restored are not those saved: {wrong}. Do not use this database.")
    call_command("migrate", verbosity=0, interactive=False)
    return manifest


def verified(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """The manifest of a file all of whose members are what it says they are; BackupError names the one that is not."""
    try:
        manifest: Manifest = json.loads(archive.read(MANIFEST))
        form, members = manifest["form"], manifest["members"]
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile):
        raise BackupError(f"{path}: {MANIFEST} is missing or damaged: take another backup.") from None
    if form != FORM:
        raise BackupError(f"{path} was written by another landgis (form {form}, this one reads {FORM}).")
    others = set(archive.namelist()) ^ {*members, MANIFEST}
    if others:
        raise BackupError(f"{path}: {', '.join(sorted(others))} is missing or too many: take another backup.")
    for name, told in members.items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise BackupError(f"{path}: {name} would lie outside the store.")
        if _checked(archive, name) != told:
            raise BackupError(f"{path}: {name} is damaged: its checksum is not that of the manifest.")
    return manifest


def _checked(archive: zipfile.ZipFile, name: str) -> dict[str, Any] | None:
    """Size and checksum of a member; None where it cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(name) as member:
            for chunk in _chunks(member):
                digest.update(chunk)
                size += len(chunk)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError):
        return None
    return {"size": size, "sha256": digest.hexdigest()}


def _refuse_a_newer_one(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = [name for name in manifest["migrations"] if name not in known]
    if unknown:
        raise BackupError(
            f"This landgis is older than the one that saved the file (it does not know {unknown[-1]}), or lacks one of "
            "its apps: restore with the same one or a newer."
        )


def _refuse_a_database_in_use() -> None:
    if _tables():
        name = connection.settings_dict["NAME"]
        raise BackupError(
            f"The database {name} is not empty. Restore into a new one: LANDGIS_STATE=FOLDER manage.py restore FILE "
            "makes a private cluster in a new folder; for a server of your own run what `manage.py roles --name NEW` "
            "prints and set DATABASE_URL."
        )
    missing = set(roles.EXTENSIONS) - {name for (name,) in statements.rows("SELECT extname FROM pg_extension")}
    if missing:
        raise BackupError(
            f"The database lacks the extensions {', '.join(sorted(missing))}: run what `manage.py roles` prints."
        )


def _put_back(archive: zipfile.ZipFile, name: str, sha256: str) -> None:
    """A file into the store, in one step; one that is there already has to be the same."""
    target = Path(settings.MEDIA_ROOT) / name.removeprefix(FILES)
    if target.exists():
        if files.sha256_of(target) != sha256:
            raise BackupError(f"{target} is there already and is another file: restore into an empty store.")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=stored_files.UNFINISHED) as folder:
        part = Path(folder) / target.name
        with archive.open(name) as member, part.open("wb") as file:
            shutil.copyfileobj(member, file, CHUNK)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)


@ownership.as_owner()
def _load(archive: zipfile.ZipFile) -> None:
    """The database, in one transaction."""
    options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    with tempfile.TemporaryFile() as told:
        with (
            archive.open(DUMP) as member,
            _started("pg_restore", *options, stdin=subprocess.PIPE, stdout=told, stderr=told) as process,
            contextlib.suppress(BrokenPipeError),  # what it says is read below
        ):
            assert process.stdin  # noqa: S101  # asked for above
            shutil.copyfileobj(member, process.stdin, CHUNK)
            process.stdin.close()
        _raise_for(process, "pg_restore", told)


# PostgreSQL's programs


def _started(program: str, *options: str, **more: Any) -> subprocess.Popen[bytes]:
    connection.ensure_connection()
    told: Mapping[str, Any] = connection.settings_dict
    place = {"dbname": told["NAME"], "user": told["USER"], "host": told["HOST"], "port": told["PORT"]}
    place |= {name: text for name, text in told["OPTIONS"].items() if name.startswith("ssl")}
    address = conninfo.make_conninfo(**{name: text for name, text in place.items() if text})
    env = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
    env |= {"PGPASSWORD": told["PASSWORD"], "LC_ALL": "C"}
    return subprocess.Popen([_program(program), "--dbname", address, *options], env=env, **more)


def _program(name: str) -> str:
    """pg_dump or pg_restore: of the private cluster's version, else the newest."""
    with contextlib.suppress(cluster.ClusterError):
        found = cluster.programs(settings.STATE) / name
        if found.exists():
            return str(found)
    on_path = shutil.which(name)
    if on_path is None:
        raise BackupError(f"{name} was not found: run `make setup`, or set LANDGIS_POSTGRES_BIN to its folder.")
    return on_path


def _raise_for(process: subprocess.Popen[bytes], program: str, told: IO[bytes]) -> None:
    if process.wait() != 0:
        told.seek(0)
        # Its errors may quote rows; the first line says what failed.
        lines = told.read().decode(errors="replace").strip().splitlines()
        said = f"{program} ended with status {process.returncode}: {lines[0] if lines else ''}"
        raise BackupError(f"{said} Nothing is kept of it: start the same command again.")


def _chunks(file: IO[bytes] | None) -> Iterator[bytes]:
    while file and (chunk := file.read(CHUNK)):
        yield chunk
