"""A value that is taken out is nowhere any more: no exit, no column, no file; what is left says when and why."""

import gzip
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.test import Client, override_settings
from django.utils import translation

from landgis import env
from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.changes import actions as changes
from landgis.changes import item_storage, redactions
from landgis.changes.models import AuditEntry, ChangeSet, Door, Fate, LogEntry, Redaction
from landgis.feedback.actions import take_in
from landgis.ingest import store
from landgis.ingest.actions import Intake, Provenance, take
from landgis.lib.text import nfc
from landgis.operations import verification
from landgis.search.actions import follow
from landgis.workbench.models import Run
from tests import databases, reader, samples
from tests.changes.test_apply_cuts import applier, watching
from tests.contracts import test_canary as canary_of_strangers
from tests.members import some_of
from tests.people import in_whole_office
from tests.programs import environment
from tests.waiting import until

WORD = "zr" + secrets.token_hex(4)  # letters and digits, so that no encoding changes it
NAME = nfc(f"Nguyễn Văn {WORD.capitalize()} (sinh 1970)")
REF = "P-00001"
PUBLIC_REASON = "Tên người đã được công bố do nhầm lẫn."
SCREEN = [
    *("/", "/datasets/", "/datasets/public-land.json", "/tiles/public-land.json", "/api/search?q=nguyen", "/search?q=van"),
    *(f"/public-land{suffix}" for suffix in ("/", ".json", ".geojson", ".csv", ".xlsx", "/feed.atom")),
    *(f"/public-land{suffix}?as_of=1" for suffix in ("/", ".json", ".geojson", ".csv", ".xlsx")),
    *(f"/public-land/{REF}{suffix}" for suffix in ("/", ".json", ".geojson", ".pdf")),
    *(f"/public-land/{REF}{suffix}?as_of=1" for suffix in ("/", ".json", ".geojson", ".pdf")),
    f"/en/public-land/{REF}/",
    f"/feedback/public-land/{REF}/",
]  # fmt: skip


def tell(folder: Path) -> None:
    """A name is published by mistake, corrected, and spoken of wherever something may be written."""
    people = {role: User.objects.create_user(role) for role in (*Role.values, "second")}
    for role, user in people.items():
        user.groups.set(Group.objects.filter(name="approver" if role == "second" else role))
    in_whole_office(*people.values())
    wrong = [samples.plot(1, name=NAME), samples.plot(2)]
    samples.load(samples.write(folder / f"{NAME}.geojson", wrong), source=f"Đơn của {NAME}")
    again = _taken(samples.write(folder / "again.geojson", wrong), people["officer"])
    changes.withdraw(again, by=people["officer"], reason=f"Không phải {NAME.upper()}")
    broken = _taken(
        samples.write(folder / "broken.geojson", [samples.plot(1, name=f"{NAME}\ufffd")]), people["officer"]
    )
    changes.reject(broken, by=people["approver"], reason=f"Xem lại {NAME}")
    samples.load(samples.write(folder / "right.geojson", [samples.plot(1, name="Right"), samples.plot(2)]))
    follow()
    said = {"text": f"Đây là nhà của {NAME.lower()}!", "contact": NAME, "sender": "192.0.2.1", "language": "vi"}
    take_in(dataset="public-land", ref=REF, revision=2, kind="personal", **said)
    about = {"dataset": "public-land", "file_name": f"{NAME}.geojson", "file_sha256": again.file_sha256}
    Run.objects.create(
        by=people["officer"], change_set=again, state="done", choices={"constants": {"name": NAME}}, **about
    )


def _taken(path: Path, by: User) -> ChangeSet:
    intake = Intake(dataset="public-land", provenance=Provenance(source=NAME))
    change_set, _report = take(path, intake, by=by, door=Door.FILE, kept=store.keep(path))
    return change_set


@pytest.fixture(scope="module")
def told(migrated: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A database in which all that has been told, and its file store."""
    files = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files), databases.made(migrated) as name:
        with databases.used(name):
            ensure_roles()
            tell(tmp_path_factory.mktemp("told"))
        yield name, files


@pytest.fixture
def story(told: tuple[str, Path], django_db_blocker: Any, tmp_path: Path) -> Iterator[str]:
    """A copy of it for one test."""
    shutil.copytree(told[1], tmp_path / "media")
    media = override_settings(MEDIA_ROOT=tmp_path / "media")
    with django_db_blocker.unblock(), media, databases.made(told[0]) as name, databases.used(name):
        yield name


def person(name: str) -> User:
    return User.objects.get(username=name)


def asked(*, by: str = "officer", **said: Any) -> Redaction:
    about: dict[str, Any] = {"dataset": "public-land", "ref": REF, "field": "name", "seen_in": 1, "fate": Fate.DESTROY}
    about |= {"reason": "Công văn 12/2026", "public_reason": PUBLIC_REASON}
    return redactions.ask(by=person(by), **{**about, **said})


def redacted(**said: Any) -> Redaction:
    redaction = asked(**said)
    redactions.confirm(redaction, by=person("approver"))
    redaction.refresh_from_db()
    return redaction


def columns_with(word: str) -> set[str]:
    """table.column of every row in which the word stands, in any schema, statistics of the planner included."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', table_schema, table_name), array_agg(column_name::text) FROM information_schema.columns"
            " WHERE table_schema IN ('public', 'published') GROUP BY 1"
        )
        places = [*cursor.fetchall(), ("pg_stats", ["most_common_vals", "histogram_bounds", "most_common_elems"])]
        for table, columns in places:
            for column in columns:
                cursor.execute(f'SELECT count(*) FROM {table} t WHERE t."{column}"::text ILIKE %s', [f"%{word}%"])
                found |= {f"{table}.{column}"} if cursor.fetchone()[0] else set()
    return found


def files_with(word: str) -> list[Path]:
    return [
        path
        for path in Path(settings.MEDIA_ROOT).rglob("*")
        if path.is_file() and word.encode() in _unpacked(path).lower()
    ]


def _unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def exits_with(word: str, addresses: list[str]) -> dict[str, int]:
    answers = {url: canary_of_strangers.ask(url) for url in addresses}
    return {url: answer.status for url, answer in answers.items() if answer.found({word})}


@pytest.mark.parametrize("is_put_away", some_of([True, False], every=2))
def test_it_is_nowhere_any_more(story: str, is_put_away: bool) -> None:
    public = {"public.publicland_plot.name", "published.public_land.name", "public.publicland_plotitem.name",
              "public.changes_changeset.reason", "public.changes_changeset.reading", "public.changes_changeset.file_name",
              "public.changes_issue.params", "public.changes_auditentry.details", "public.catalog_revision.source",
              "public.feedback_report.text", "public.feedback_report.contact", "public.workbench_run.choices"}  # fmt: skip
    if is_put_away:
        public -= {"public.publicland_plotitem.name"}
        assert item_storage.put_away_ended() == 4
    assert columns_with(WORD) >= public
    assert len(files_with(WORD)) == (5 if is_put_away else 2)
    assert set(exits_with(WORD, SCREEN)) >= {
        f"/public-land/{REF}/",
        f"/public-land/{REF}.json?as_of=1",
        "/public-land/?as_of=1",
    }
    before = LogEntry.objects.get(revision=1).begun_sum
    redaction = redacted()
    assert columns_with(WORD) == set()
    assert verification.verify() == []  # with other checksums: by the old ones one could try out names
    assert LogEntry.objects.get(revision=1).begun_sum != before
    assert files_with(WORD) == []
    assert exits_with(WORD, SCREEN) == {}
    assert (redaction.revisions, len(redaction.checksums)) == ([1], 2)
    assert redaction.finished_at is not None


@pytest.mark.prove
def test_no_address_says_it_to_anybody(story: str) -> None:
    """All that the canary asks, as a stranger and, where the server looks at who asks, as somebody who may see most."""
    User.objects.create_superuser("boss")
    addresses = canary_of_strangers.questions()
    assert set(exits_with(WORD, addresses)) >= {f"/public-land/{REF}.pdf", "/public-land.xlsx?as_of=1"}
    redacted()
    assert exits_with(WORD, addresses) == {}
    looking = [url for url in addresses if canary_of_strangers.LOOKS.match(url)]
    answers = canary_of_strangers.asked_of(None, looking, by="boss")
    assert [url for url, answer in answers.items() if answer.found({WORD})] == []


def test_what_is_left_of_it_says_when_and_why(story: str) -> None:
    quick = [url for url in SCREEN if ".pdf" not in url and ".xlsx" not in url]
    before = reader.answered(dict.fromkeys(quick, ""))
    redacted()
    feature = Client().get(f"/en/public-land/{REF}/").content.decode()
    assert "the value was published by mistake and was taken out on" in feature and PUBLIC_REASON in feature
    assert "<del>taken out</del>" in feature
    past = Client().get(f"/en/public-land/{REF}/?as_of=1").content.decode()
    assert "taken out" in past and "Commune 1" in past
    assert Client().get(f"/public-land/{REF}.json?as_of=1").json()["redacted"] == ["name"]
    assert "redacted" not in Client().get(f"/public-land/{REF}.json").json()
    assert PUBLIC_REASON not in Client().get("/en/public-land/P-00002/").content.decode()
    # Whoever has kept an answer that said it is told that it is no longer so.
    after = reader.answered({url: answer.etag for url, answer in before.items()})
    said = [url for url, answer in before.items() if WORD.encode() in answer.body.lower()]
    assert said and all(after[url].status != 304 for url in said)


def test_what_was_never_public_leaves_no_line_in_public(story: str) -> None:
    """Neither a hidden feature nor a field of officers; readers' role sees no more of it than of what never was."""
    for name in (NAME, "Right"):
        samples.applied([samples.plot(8, name=name, is_public=False), samples.plot(2, note=name)])
    redacted(ref="P-00008", seen_in=3)
    redacted(ref="P-00002", field="note", seen_in=3)
    assert Redaction.objects.filter(state="done").count() == 2
    with connections["public"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM published.redaction")
        assert cursor.fetchone() == (0,)
        with pytest.raises(DatabaseError):
            cursor.execute("SELECT * FROM changes_redaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, note FROM publicland_plot WHERE from_revision = 3 ORDER BY ref")
        assert cursor.fetchall() == [("Plot 2", ""), ("", None)]


def test_two_people_and_the_database_sees_to_it(story: str) -> None:
    redaction = asked(by="approver")
    with pytest.raises(redactions.NotRedactable):
        redactions.confirm(redaction, by=person("approver"))
    with pytest.raises(PermissionDenied):
        redactions.confirm(redaction, by=person("officer"))
    with pytest.raises(PermissionDenied):
        asked(by="analyst")
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        Redaction.objects.filter(pk=redaction.pk).update(
            state="done", decided_by=person("approver"), decided_at="2026-01-01 00:00Z"
        )
    assert "public.publicland_plot.name" in columns_with(WORD)
    redactions.confirm(redaction, by=person("second"))
    with pytest.raises(redactions.NotRedactable):
        redactions.decline(redaction, by=person("second"))
    lines = AuditEntry.objects.filter(subject=f"redaction {redaction.pk}").order_by("id")
    assert list(lines.values_list("verb", "by")) == [("redaction.ask", "approver"), ("redaction.confirm", "second")]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"field": "plot_code"}, "texts and lists"),
    ({"field": "area_legal_m2"}, "texts and lists"),
    ({"field": "boundary"}, "texts and lists"),
    ({"dataset": "never-was"}, "texts and lists"),
    ({"seen_in": 2}, "in force still"),
    ({"seen_in": 0}, "said nothing"),
    ({"ref": "P-00009"}, "said nothing"),
    ({"public_reason": f"Che tên {NAME.upper()}"}, "must not repeat"),
    ({"reason": " "}, "Give a reason"),
    ({"fate": Fate.SEAL}, "no certificate"),
]


def test_what_cannot_be_taken_out(story: str) -> None:
    with translation.override("en"):
        for said, why in WRONG:
            with pytest.raises(redactions.NotRedactable, match=why):
                asked(**said)
    assert not Redaction.objects.exists()


def test_a_change_set_that_would_bring_it_back_is_decided_on_first(story: str) -> None:
    redaction = asked()
    coming = samples.drafted([samples.plot(1, name=NAME)])
    with pytest.raises(redactions.NotRedactable, match=str(coming.pk)):
        redactions.confirm(redaction, by=person("approver"))
    changes.withdraw(coming, by=None, reason="nhầm")
    redactions.confirm(redaction, by=person("approver"))
    assert columns_with(WORD) == set()


def test_the_application_can_take_out_nothing_by_itself(story: str) -> None:
    redaction = asked()
    for statement in (
        "UPDATE publicland_plot SET name = ''",
        "UPDATE changes_auditentry SET details = '{}'",
        "DELETE FROM changes_redaction",
        "UPDATE changes_redaction SET ref = 'P-00002'",
        f"SELECT changes_take_out({redaction.pk}, 'publicland_plot', '{{1}}', '{{}}')",
    ):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege('landgis_public', 'changes_take_out(bigint, regclass, bigint[], jsonb)', 'EXECUTE')"
        )
        assert cursor.fetchone() == (False,)


@pytest.fixture
def certificate(tmp_path: Path) -> Iterator[Path]:
    """A certificate of the office; its private key lies beside it, as it would in the safe."""
    path = tmp_path / "office.pem"
    subject = ["-subj", "/CN=office", "-days", "30", "-newkey", "rsa:2048", "-nodes"]
    subprocess.run(["openssl", "req", "-x509", *subject, "-keyout", tmp_path / "office.key", "-out", path], check=True, capture_output=True)  # fmt: skip
    with override_settings(SEAL_CERTIFICATE=path):
        yield path


def test_a_sealed_file_is_read_by_the_office_alone(story: str, certificate: Path, tmp_path: Path) -> None:
    held = {path.name: path.read_bytes() for path in files_with(WORD)}
    redacted(fate=Fate.SEAL)
    assert files_with(WORD) == []
    sealed = {path.stem: path for path in (Path(settings.MEDIA_ROOT) / "sealed").iterdir()}
    assert set(sealed) == set(held)
    for name, content in held.items():
        command = [
            "openssl",
            "cms",
            "-decrypt",
            "-inform",
            "DER",
            "-in",
            sealed[name],
            "-inkey",
            tmp_path / "office.key",
        ]
        assert subprocess.run(command, check=True, capture_output=True).stdout == content


def test_what_a_cut_left_is_done_by_the_next_sweep(
    story: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is gone between the commit and the files; and once more while a file is being sealed."""
    redaction = asked(fate=Fate.SEAL)
    with override_settings(SEAL_CERTIFICATE=certificate.with_name("away.pem")):
        redactions.confirm(redaction, by=person("approver"))
    assert columns_with(WORD) == set() and len(files_with(WORD)) == 2
    redactions.finish()
    redaction.refresh_from_db()
    assert files_with(WORD) == [] and redaction.finished_at is not None


def test_two_people_at_the_terminal(story: str, capsys: pytest.CaptureFixture[str]) -> None:
    about = ["public-land", REF, "name", "--revision=1", "--reason=12/2026", f"--public-reason={PUBLIC_REASON}"]
    call_command("redact", "ask", *about, "--files=destroy", "--by=officer")
    number = Redaction.objects.get().pk
    assert f"confirm {number} " in capsys.readouterr().out
    for name in ("officer", "nobody"):
        with pytest.raises(CommandError):
            call_command("redact", "confirm", str(number), f"--by={name}")
    call_command("redact", "confirm", str(number), "--by=publisher")
    assert columns_with(WORD) == set()


@pytest.mark.prove
@pytest.mark.parametrize("number", range(6))
def test_a_confirmation_that_is_killed_leaves_all_or_nothing_and_the_next_ends_it(story: str, number: int) -> None:
    redaction = asked()
    state = Path(settings.MEDIA_ROOT).parent
    command = [sys.executable, "manage.py", "redact", "confirm", str(redaction.pk), "--by=approver"]
    with (
        subprocess.Popen(command, cwd=env.BASE_DIR, env=environment(state)) as process,
        watching() as watch,
    ):
        until(lambda: applier(watch) or process.poll() is not None, 0.001)
        time.sleep(number * 0.05)
        process.kill()
    connection.close()
    redaction.refresh_from_db()
    assert (
        columns_with(WORD) == set()
        if redaction.state == "done"
        else "public.publicland_plot.name" in columns_with(WORD)
    )
    if redaction.state == "asked":
        until(lambda: not applier_of_now())
        redactions.confirm(redaction, by=person("approver"))
    redactions.finish()
    assert columns_with(WORD) == set() and files_with(WORD) == []


def applier_of_now() -> int | None:
    with watching() as watch:
        return applier(watch)


def test_a_value_in_a_list_goes_with_its_list(story: str) -> None:
    """The documents of an auction: one of them names a person."""
    rows = [{"title": NAME, "kind": "other", "url": None}]
    target = redactions.Target(Redaction(field="documents"), _auctions(), rows, about=frozenset())
    assert target.blank == []
    assert target.without({"a": [f"xem {NAME.lower()}", 3]}) == {"a": [f"xem {redactions.MARK}", 3]}


def _auctions() -> Any:
    from landgis.catalog import registry

    return registry.get("auctions")
