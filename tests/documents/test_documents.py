"""Files of documents: what is kept, who may open it, and until when."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from landgis.catalog import queries, registry
from landgis.documents import pictures, store
from landgis.documents import queries as documents
from landgis.documents.tasks import draw_documents
from tests.documents import paper_files

PDF = paper_files.pdf(2)


def packed(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            # Without the time: the names of tests hold what is packed, and are the same in every process.
            archive.writestr(zipfile.ZipInfo(name), "")
    return written.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        yield tmp_path


@pytest.mark.parametrize(
    ("called", "content", "ending"),
    [
        ("notice.pdf", PDF, "pdf"),
        ("no ending", PDF, "pdf"),
        ("scan.PNG", b"\x89PNG\r\n\x1a\n", "png"),
        ("photo.pdf", b"\xff\xd8\xff\xe0", "jpg"),  # what it is, not what it is called
        ("form.docx", packed("[Content_Types].xml", "word/document.xml"), "docx"),
        ("table.xlsx", packed("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
    ],
)
def test_a_file_is_kept_under_its_checksum(files: Path, called: str, content: bytes, ending: str) -> None:
    path = files / called
    path.write_bytes(content)
    name = store.keep(path)
    assert name == f"{hashlib.sha256(content).hexdigest()}.{ending}" and store.is_kept(name)
    assert store.path_of(name).read_bytes() == content
    assert store.keep(path) == name  # twice is once
    assert [one.name for one in (files / "media" / "documents").rglob("*") if one.is_file()] == [name]


@pytest.mark.parametrize(
    ("called", "content"),
    [
        ("page.pdf", b"<html><script>alert(1)</script>"),
        ("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("macros.docx", packed("word/document.xml", "word/vbaProject.bin")),
        ("macros.odt", packed("mimetype", "Basic/script-lc.xml")),
        ("files.zip", packed("notice.pdf")),
        ("cut.docx", packed("word/document.xml")[:40]),
        ("empty.pdf", b""),
    ],
)
def test_what_could_run_or_is_no_document_is_refused_by_name(files: Path, called: str, content: bytes) -> None:
    path = files / called
    path.write_bytes(content)
    with pytest.raises(store.Refused, match=re.escape(called)):
        store.keep(path)
    with pytest.raises(CommandError, match=re.escape(called)):
        call_command("document", "add", path)
    assert not any(one.is_file() for one in (files / "media" / "documents").rglob("*"))


def test_what_is_too_large_is_refused_and_leaves_nothing(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_BYTES", 10)
    path = files / "large.pdf"
    path.write_bytes(PDF)
    with pytest.raises(store.Refused, match=r"large\.pdf"):
        store.keep(path)
    assert not any(one.is_file() for one in (files / "media" / "documents").rglob("*"))


@pytest.mark.parametrize("name", ["../../settings.pdf", "0" * 64 + ".html", "0" * 63 + ".pdf", "0" * 64 + ".pdf\n", ""])
def test_only_names_of_the_store_are_files(files: Path, name: str) -> None:
    assert not store.is_kept(name) and store.told(name) == ""


# Published


def an_auction() -> dict[str, Any]:
    """One whose first notice has a file in the demo."""
    rows = queries.rows(registry.get("auctions"), fields=("ref", "documents", "status"))
    return next(one for one in rows if any(document.get("file") for document in one["documents"] or []))


def names_of(row: dict[str, Any]) -> list[str]:
    return [one["file"] for one in row["documents"] if one.get("file")]


@pytest.fixture
def kept(own_world: str, files: Path) -> dict[str, Any]:
    """An auction of the demo of which a notice has a file that is kept here."""
    path = files / "notice.pdf"
    path.write_bytes(PDF)
    row = an_auction()
    corrected(
        files, row["ref"], [{"kind": "notice", "title": "Thông báo", "number": "01/TB-ĐG", "file": store.keep(path)}]
    )
    return next(one for one in queries.rows(registry.get("auctions")) if one["ref"] == row["ref"])


def corrected(folder: Path, ref: str, said: list[dict[str, str]] | None, *, report: bool = False) -> None:
    file = folder / "auction.csv"
    text = json.dumps(said, ensure_ascii=False).replace('"', '""') if said else ""
    file.write_text(f'auction_code,documents\n{ref},"{text}"\n', encoding="utf-8")
    call_command("load", file, dataset="auctions", commit=not report, json=report, verbosity=0)


def test_a_published_document_is_handed_over_and_runs_nothing(kept: dict[str, Any], client: Client) -> None:
    [name] = names_of(kept)
    page = client.get(f"/auctions/{kept['ref']}/").content.decode()
    assert f'href="/documents/{name}"' in page and f"PDF, {len(PDF)}" in page
    answer = client.get(f"/documents/{name}")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="thong-bao-01-tb-dg.pdf"'
    assert answer["Content-Type"] == "application/pdf" and answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and "default-src 'none'" in answer["Content-Security-Policy"]
    assert client.get(f"/documents/{name}", headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.get(f"/documents/{name}?x=1").status_code == 400
    assert client.post(f"/documents/{name}").status_code == 405


@pytest.mark.skipif(not pictures.is_available(), reason="bubblewrap cannot run here")
def test_its_pages_are_seen_where_it_may_be_opened(kept: dict[str, Any], client: Client, files: Path) -> None:
    [name] = names_of(kept)
    address, page = f"/documents/{name}/1.webp", f"/auctions/{kept['ref']}/"
    assert client.get(address).status_code == 404 and address not in client.get(page).content.decode()
    path = files / "draft.pdf"
    path.write_bytes(PDF + b"draft")
    draft = store.keep(path)
    pictures.draw(draft)
    assert client.get(f"/documents/{draft}/1.webp").status_code == 404  # drawn, and no row names it
    draw_documents()  # which draws what a row names, and leaves no picture of another file
    assert pictures.drawn() == {name}
    [told] = re.findall(rf'<img src="{re.escape(address)}"[^>]*>', client.get(page).content.decode())
    assert 'width="1000" height="1416" loading="lazy"' in told and 'alt="Thông báo, trang 1"' in told
    answer = client.get(address)
    assert answer["Content-Type"] == "image/webp" and answer.content == pictures.page(name, 1)
    assert "sandbox" in answer["Content-Security-Policy"] and answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.get(f"/documents/{name}/3.webp").status_code == 404
    corrected(files, kept["ref"], [{"kind": "notice", "title": "Thông báo"}])
    assert client.get(address).status_code == 404
    then = f"{address}?as_of={kept['from_revision']}"
    assert client.get(then).status_code == 200
    assert f'src="{then}"' in client.get(f"{page}?as_of={kept['from_revision']}").content.decode()


def test_the_lots_of_the_auction_have_it_too(kept: dict[str, Any], client: Client) -> None:
    lots = queries.rows(registry.get("auction-lots"), fields=("ref", "auction_code"))
    lot = next(one for one in lots if one["auction_code"] == kept["ref"])
    assert names_of(kept)[0] in client.get(f"/lots/{lot['ref']}/").content.decode()


def test_what_no_published_row_names_is_like_what_never_was(kept: dict[str, Any], client: Client, files: Path) -> None:
    path = files / "draft.pdf"
    path.write_bytes(PDF + b"secret")
    drafted, never = store.keep(path), f"{1:064x}.pdf"
    answers = [client.get(f"/documents/{name}", headers={"host": "testserver"}) for name in (drafted, never)]
    assert [answer.status_code for answer in answers] == [404, 404]
    contents = [
        answer.content.decode().replace(name, "") for answer, name in zip(answers, (drafted, never), strict=True)
    ]
    assert contents[0] == contents[1]


def test_a_document_that_was_taken_back_is_there_as_of_then_only(
    kept: dict[str, Any], client: Client, files: Path
) -> None:
    [name] = names_of(kept)
    corrected(files, kept["ref"], [{"kind": "notice", "title": "Thông báo"}])
    assert client.get(f"/documents/{name}").status_code == 404
    assert client.get(f"/documents/{name}?as_of={kept['from_revision']}").status_code == 200
    page = client.get(f"/auctions/{kept['ref']}/?as_of={kept['from_revision']}").content.decode()
    assert f'href="/documents/{name}?as_of={kept["from_revision"]}"' in page
    assert name in documents.named_anywhere()


@pytest.mark.skipif(not pictures.is_available(), reason="bubblewrap cannot run here")
def test_a_file_that_is_not_seen_whole_is_warned_of(
    kept: dict[str, Any], files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = files / "locked.pdf"
    path.write_bytes(paper_files.locked())
    name = store.keep(path)
    pictures.draw(name)
    corrected(files, kept["ref"], [{"kind": "notice", "file": name}], report=True)
    report = json.loads(capsys.readouterr().out)
    assert "document-unseen" in {group["code"] for group in report["issues"]} and not report["stopped"]


def test_a_name_without_a_file_stops_the_change_set(
    kept: dict[str, Any], files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        corrected(files, kept["ref"], [{"kind": "notice", "file": f"{2:064x}.pdf"}], report=True)
    report = json.loads(capsys.readouterr().out)
    assert "document-absent" in {group["code"] for group in report["issues"]} and report["stopped"]
