"""The kept world of the tests: never half made, never older than the code, never dropped while it is used."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from landgis.operations.ownership import as_owner
from tests import databases, kept

OLD, NEW = "0" * 11 + "a", "0" * 11 + "b"


@pytest.fixture
def folder(tmp_path: Path, django_db_blocker: Any) -> Iterator[Path]:
    with django_db_blocker.unblock():
        yield tmp_path
        for digest in (OLD, NEW):
            for name in [
                *databases.named(f"{databases.CLONE}_{digest}"),
                *databases.named(f"{databases.CLONE}_part_{digest}"),
            ]:
                databases.administer("DROP DATABASE {}", name)


def filled(text: str) -> Any:
    """What fills a stage: one table and one file."""

    def fill() -> None:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE told AS SELECT %s AS text", [text])
        (Path(settings.MEDIA_ROOT) / "told").write_text(text)

    return fill


def told(database: str) -> str:
    with databases.used(database), connection.cursor() as cursor:
        cursor.execute("SELECT text FROM told")
        return cursor.fetchone()[0]


def never() -> None:
    raise AssertionError("it is there already")


def test_a_stage_is_made_once(folder: Path) -> None:
    with kept.held(OLD, folder) as world:
        database, files = world.stage("seeded", databases.TEMPLATE, filled("once"))
    with kept.held(OLD, folder) as again:
        assert again.stage("seeded", databases.TEMPLATE, never) == (database, files)
    assert (told(database), (files / "told").read_text()) == ("once", "once")


def test_what_is_half_made_is_never_used(folder: Path) -> None:
    def breaks() -> None:
        filled("half")()
        raise KeyboardInterrupt

    with kept.held(OLD, folder) as world:
        with pytest.raises(KeyboardInterrupt):
            world.stage("seeded", databases.TEMPLATE, breaks)
        database, files = world.stage("seeded", databases.TEMPLATE, filled("whole"))
    assert (told(database), (files / "told").read_text()) == ("whole", "whole")


def test_a_file_is_written_once_and_never_half(folder: Path) -> None:
    def breaks(path: Path) -> None:
        path.write_text("half")
        raise KeyboardInterrupt

    def refused(_path: Path) -> None:
        never()

    with kept.held(OLD, folder) as world:
        with pytest.raises(KeyboardInterrupt):
            world.file("told", breaks)
        path = world.file("told", lambda path: path.write_text("whole"))
        assert world.file("told", refused) == path
    assert path.read_text() == "whole"


def test_the_next_code_drops_the_world_that_nobody_uses(folder: Path) -> None:
    with kept.held(OLD, folder) as world:
        database, files = world.stage("seeded", databases.TEMPLATE, filled("old"))
        with kept.held(NEW, folder):
            assert databases.named(database) and files.exists()  # somebody uses it
    with kept.held(NEW, folder):
        assert not databases.named(database) and not files.parent.exists()


def test_a_developer_may_keep_the_world_though_the_code_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDGIS_TEST_WORLD", "keep")
    monkeypatch.setattr(kept, "digest", lambda: NEW)  # not that of the world in use, which would be dropped
    with kept.held(folder=folder) as world:
        assert world.digest == NEW  # there is none to keep
    with kept.held(OLD, folder) as world:
        world.stage("seeded", databases.TEMPLATE, filled("old"))
    with kept.held(folder=folder) as world:
        assert world.digest == OLD


@pytest.mark.parametrize(
    ("changed", "matters"),
    [
        ("landgis/changes/actions.py", True),
        ("landgis/vn/places.csv", True),
        ("landgis/places/migrations/0001_initial.py", True),
        ("tests/conftest.py", True),
        ("landgis/pages/lists.py", False),
        ("landgis/static/css/site.css", False),
    ],
)
def test_the_digest_knows_what_the_world_is_made_from(tmp_path: Path, changed: str, matters: bool) -> None:
    for source in kept.SOURCES:
        original = kept.ROOT / source
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        if original.is_dir():
            shutil.copytree(original, tmp_path / source)
        else:
            shutil.copy(original, tmp_path / source)
    before = kept.digest(tmp_path)
    path = tmp_path / changed
    assert path.exists()
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert (kept.digest(tmp_path) != before) == matters
