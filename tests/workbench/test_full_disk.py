"""A disk without room: a sentence instead of an error of the server, and nothing half."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client, override_settings

import manage
from landgis.ingest import store
from landgis.lib.full_disk import is_full_disk
from landgis.workbench.models import Run

ClientOf = Callable[[str], Client]


@pytest.fixture
def full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store in which each file that is begun lies on the device that is always full; gives its folder."""

    @contextmanager
    def folder(**_where: str) -> Iterator[str]:
        begun = tmp_path / "begun"
        begun.mkdir()
        for name in ("0", "file"):
            (begun / name).symlink_to("/dev/full")
        yield str(begun)

    monkeypatch.setattr(store.tempfile, "TemporaryDirectory", folder)
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        yield tmp_path / "media"


@pytest.mark.parametrize("language", ["", "/en"])
def test_a_file_for_which_there_is_no_room_is_refused_whole(
    signed_in: ClientOf, full_disk: Path, language: str
) -> None:
    client = signed_in("officer")
    client.raise_request_exception = False
    sent = {"file": SimpleUploadedFile("plots.csv", b"plot_code\nP-1\n" * 10_000)}
    response = client.post(f"{language}/officer/upload/", sent)
    assert response.status_code == 507
    assert ("The disk of the server is full" if language else "Ổ đĩa của máy chủ đã đầy") in response.content.decode()
    assert not Run.objects.exists()
    assert not [path for path in full_disk.rglob("*") if path.is_file()]


def test_a_command_ends_with_a_sentence(
    world: None, full_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plots.csv").write_text("plot_code\nP-1\n")
    command = ["load", str(tmp_path / "plots.csv"), "--dataset", "public-land", "--source", "Test", "--commit"]
    monkeypatch.setattr(sys, "argv", ["manage.py", *command])
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    with pytest.raises(SystemExit) as ended:
        manage.main()
    assert str(ended.value).startswith("landgis: a disk is full")
    assert not [path for path in full_disk.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("state", "is_full"), [("53100", True), ("53200", False)])
def test_a_full_disk_of_the_database_is_one_too(world: None, state: str, is_full: bool) -> None:
    with pytest.raises(DatabaseError) as raised, connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE 'told by the database' USING ERRCODE = '{state}'; END $$")
    assert is_full_disk(raised.value) is is_full
