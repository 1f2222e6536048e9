"""A disk without room: a sentence instead of an error of the server, and nothing half."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from landgis.ingest import store
from landgis.workbench.models import Run

ClientOf = Callable[[str], Client]


@pytest.fixture
def full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store in which each file that is begun lies on the device that is always full; gives its folder."""

    @contextmanager
    def folder(**_where: str) -> Iterator[str]:
        begun = tmp_path / "begun"
        begun.mkdir()
        (begun / "0").symlink_to("/dev/full")
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
