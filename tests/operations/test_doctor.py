"""`manage.py doctor`: things are broken on purpose, and it names each, and no other."""

import shutil
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.test import override_settings

from landgis.accounts.models import User
from landgis.catalog import exits
from landgis.changes import audit
from landgis.lib import statements, walls
from landgis.operations import diagnosis, kept_pages, standing_pages
from landgis.operations.models import Damage, PublishedCheck
from landgis.tiles import pyramid
from landgis.tiles.store import Kept

Patch = pytest.MonkeyPatch


@pytest.fixture
def well(db: None, tmp_path: Path) -> Iterator[Path]:
    """An installation of which nothing is wrong; its folder of state."""
    statements.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    audit.write(None, "data.backup", "one.zip")
    User.objects.create_superuser("an", password="x")
    with override_settings(STATE=tmp_path, TILES=tmp_path / "tiles", MEDIA_ROOT=tmp_path / "media", DEBUG=False):
        kept_pages.folder().mkdir()
        standing_pages.write(tmp_path / "standing")
        for dataset in exits.datasets("tiles"):
            pyramid.store_of(dataset).begin(Kept(pyramid.form_of_now(dataset)), [], after=None)
        yield tmp_path


def no_walls(state: Path, patch: Patch) -> None:
    patch.setenv("PATH", str(state))
    patch.setattr(walls, "stand", walls.stand.__wrapped__)


def a_file_for_a_folder(state: Path, patch: Patch) -> None:
    (state / "file").touch()
    patch.setattr(settings, "MEDIA_ROOT", state / "file")


def a_worker_that_stopped(state: Path, patch: Patch) -> None:
    statements.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")


def work_that_failed(state: Path, patch: Patch) -> None:
    statements.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'tests', 'failed')"
    )


def mail_that_does_not_leave(state: Path, patch: Patch) -> None:
    patch.setattr(settings, "EMAIL_HOST", "mail.example.org")
    statements.execute(
        'INSERT INTO mail_mail (purpose, about, "to", to_key, subject, text, language, message_id, subscriber, until, error, reply, attempts, state)'
        " VALUES ('t', 't', 't', 't', 't', 't', 'vi', 't', '', now() + interval '1 day', 'refused', '', 1, 'waiting')"
    )


BROKEN: dict[str, Callable[[Path, Patch], object]] = {
    "static-files": lambda state, patch: patch.setattr(settings, "STATIC_ROOT", state / "nowhere"),
    "standing-pages": lambda state, patch: (state / "standing/503.en.html").unlink(),
    "writable": a_file_for_a_folder,
    "disk": lambda state, patch: patch.setattr(diagnosis, "LEAST_FREE", shutil.disk_usage(state).total + 1),
    "debugging": lambda state, patch: patch.setattr(settings, "DEBUG", True),
    "walls": no_walls,
    "worker": a_worker_that_stopped,
    "work-left": work_that_failed,
    "data": lambda state, patch: Damage.objects.create(kind="row", place="parcels 1"),
    "published": lambda state, patch: PublishedCheck.objects.create(revision=10**6, dataset="parcels", differences=3),
    "backup": lambda state, patch: patch.setattr(diagnosis, "BACKUP_LATE_S", 0),
    "stored-tiles": lambda state, patch: shutil.rmtree(state / "tiles/parcels"),
    "clock": lambda state, patch: patch.setattr(diagnosis.time, "time", lambda: 1.0),
    "people": lambda state, patch: User.objects.filter(is_superuser=True).update(is_active=False),
    "mail": mail_that_does_not_leave,
}


def named() -> list[str]:
    return [one.name for one in diagnosis.troubles()]


@pytest.mark.prove
@pytest.mark.django_db(databases=["default", "public"])
def test_each_that_is_broken_is_named_and_no_other(well: Path, monkeypatch: Patch) -> None:
    assert named() == []
    for name, break_it in BROKEN.items():
        kept = Path(shutil.copytree(well, well.with_name(name)))
        with transaction.atomic(), monkeypatch.context() as patch:
            patch.setattr(settings, "STATE", kept)
            patch.setattr(settings, "TILES", kept / "tiles")
            break_it(kept, patch)
            assert named() == [name]
            transaction.set_rollback(True)
    assert named() == []


@pytest.mark.django_db(databases=["default", "public"])
def test_the_page_says_it_in_both_languages(well: Path, monkeypatch: Patch) -> None:
    told = StringIO()
    call_command("doctor", stdout=told)
    assert told.getvalue() == "Không phát hiện vấn đề gì.\n"
    monkeypatch.setattr(settings, "DEBUG", True)
    for language, said in (("vi", "chi tiết kỹ thuật"), ("en", "show details to readers")):
        with pytest.raises(CommandError, match="1"):
            call_command("doctor", language=language, stdout=(told := StringIO()))
        assert told.getvalue().startswith("debugging: ") and said in told.getvalue()


@pytest.mark.parametrize(("alias", "name"), [("default", "database"), ("public", "public-role")])
def test_a_database_that_is_away_hides_nothing_else(world: None, alias: str, name: str, monkeypatch: Patch) -> None:
    connections[alias].close()
    monkeypatch.setitem(connections[alias].settings_dict, "NAME", "no-such-database")
    monkeypatch.setattr(settings, "DEBUG", True)
    try:
        found = named()
    finally:
        connections[alias].close()
    assert "debugging" in found and name in found
    assert ("worker" in found) == (name != "database"), "what needs it is not asked without it"
