"""Pages of documents as pictures: what is drawn, and what a file that means ill gets."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings
from PIL import Image

from landgis.documents import pictures, store
from landgis.documents.page_process import LOCKED, MOST_HEIGHT, TOO_MUCH, UNREADABLE, WIDTH
from landgis.lib import walls
from tests.documents import paper_files

pytestmark = pytest.mark.skipif(not pictures.is_available(), reason="bubblewrap cannot run here")


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        yield tmp_path


def kept(folder: Path, called: str, content: bytes) -> str:
    path = folder / called
    path.write_bytes(content)
    return store.keep(path)


def seen(name: str, number: int = 1) -> Image.Image:
    body = pictures.page(name, number)
    assert body is not None
    return Image.open(io.BytesIO(body), formats=["WEBP"]).convert("RGB")


def test_the_pages_of_a_pdf_are_seen_as_they_are(files: Path) -> None:
    name = kept(files, "notice.pdf", paper_files.pdf(3))
    assert pictures.of(name) is None
    pages = pictures.draw(name)
    assert pages is not None and pages.count == 3 and not pictures.missing_told(pages)
    assert pages.sizes == ((WIDTH, 1416),) * 3
    page = seen(name, 3)
    assert page.size == pages.sizes[2]
    assert page.getpixel((200, 200)) == (0, 0, 255) and page.getpixel((600, 800)) == (255, 255, 255)
    assert pictures.page(name, 4) is None
    assert pictures.draw(name) == pages == pictures.of(name)  # twice is once
    [beside] = [one for one in store.path_of(name).parent.iterdir() if one != store.path_of(name)]
    pictures.take_away(name)
    assert pictures.of(name) is None and not beside.exists() and store.is_kept(name)


@pytest.mark.parametrize(
    ("called", "content", "sizes"),
    [
        ("photo.jpg", paper_files.picture("JPEG", (3000, 1500)), ((1000, 500),)),
        (
            "turned.jpg",
            paper_files.picture(
                "JPEG", (300, 150), exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
            ),
            ((150, 300),),
        ),
        ("scan.png", paper_files.picture("PNG"), ((60, 90),)),
        ("scan.webp", paper_files.picture("WEBP"), ((60, 90),)),
        ("fax.tif", paper_files.scans(2), ((1000, 1415),) * 2),
        ("long.pdf", paper_files.pdf(size=(100, 10_000)), ((20, MOST_HEIGHT),)),
    ],
)
def test_scans_are_seen_upright_and_in_size(
    files: Path, called: str, content: bytes, sizes: tuple[tuple[int, int], ...]
) -> None:
    pages = pictures.draw(kept(files, called, content))
    assert pages == pictures.Pages(len(sizes), sizes)


@pytest.mark.parametrize("called", paper_files.HOSTILE)
def test_what_means_ill_is_not_drawn_and_told(
    files: Path, called: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "CPU_SECONDS", 2)
    path = files / called
    path.write_bytes(paper_files.HOSTILE[called]())
    call_command("document", "add", path)  # which keeps it: it may be opened elsewhere
    out, told = capsys.readouterr()
    name = out.split()[0]
    pages = pictures.of(name)
    assert pages is not None and pages.sizes == ()
    assert pages.fault == LOCKED if called.startswith("locked") else pages.fault in (UNREADABLE, TOO_MUCH)
    assert called in told and pictures.missing_told(pages) in told
    assert pictures.page(name, 1) is None


def test_of_a_file_of_very_many_pages_the_first_are_drawn(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PAGES", 2)
    pages = pictures.draw(kept(files, "all.pdf", paper_files.pdf(10_000)))
    assert pages is not None and (pages.count, len(pages.sizes)) == (10_000, 2)
    assert "2" in pictures.missing_told(pages) and "10000" in pictures.missing_told(pages)


def test_what_was_drawn_before_the_process_ended_is_shown(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a file that takes all its time on a later page."""
    monkeypatch.setattr(pictures, "WRITTEN_BYTES", 1000)  # the first page fits, more does not
    pages = pictures.draw(kept(files, "all.pdf", paper_files.pdf(30)))
    assert pages is not None and pages.count == 30 and 0 < len(pages.sizes) < 30 and pictures.missing_told(pages)


@pytest.mark.parametrize(
    "said",
    [b"", b"{", b"[]", b'{"pages": 1}\n{"width": 9999, "height": 1, "bytes": 12}\nRIFF1234WEBP', b'{"fault": "<b>"}'],
)
def test_what_a_process_says_is_taken_within_bounds(files: Path, said: bytes) -> None:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(), "w") as archive:
        pages = pictures._read(io.BytesIO(said), archive, is_whole=True)
        assert pages.sizes == () and pages.fault == UNREADABLE and archive.namelist() == []


def test_without_walls_nothing_is_drawn_and_it_is_said(
    files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(walls, "stand", lambda *_asked: False)
    path = files / "notice.pdf"
    path.write_bytes(paper_files.pdf())
    call_command("document", "add", path)
    out, told = capsys.readouterr()
    assert pictures.of(out.split()[0]) is None and "bubblewrap" in told


def test_what_cannot_be_read_is_drawn_anew(files: Path) -> None:
    name = kept(files, "notice.pdf", paper_files.pdf())
    pages = pictures.draw(name)
    [beside] = store.path_of(name).parent.glob("*.pages")
    beside.write_bytes(b"")
    assert pictures.of(name) is None and pictures.draw(name) == pages
