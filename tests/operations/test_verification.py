"""What is altered behind the back of the write door is found: rows in force, the log, the files of the store."""

import itertools
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client, override_settings

from landgis.catalog import registry
from landgis.catalog.models import ChecksumForm
from landgis.changes import audit, checksums, seals
from landgis.changes.models import AuditEntry
from landgis.ingest import store
from landgis.operations import backup, ownership, verification
from landgis.operations.models import Damage, DataCheck
from tests import samples

pytestmark = pytest.mark.usefixtures("empty_world")


def as_owner(statement: str) -> None:
    with ownership.as_owner(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def _history(empty_world: str) -> None:
    """Three revisions: plots 0 to 4, then 1 changed, then without 4."""
    samples.the_whole_state([samples.plot(number) for number in range(5)])
    changed = [samples.plot(0), samples.plot(1, name="Other"), *(samples.plot(number) for number in (2, 3))]
    samples.applied(changed[1:2])
    samples.the_whole_state(changed)


PLOT = "publicland_plot"
COPY = (
    f"INSERT INTO {PLOT} SELECT (jsonb_populate_record(f, jsonb_build_object('id', 77, 'ref', 'P-9', 'plot_code', 'P-9',"
    f" 'from_revision', {{}}))).* FROM {PLOT} f WHERE ref = 'P-00000'"
)
ATTACKS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a value": (f"UPDATE {PLOT} SET name = 'x' WHERE ref = 'P-00002'", [("row", "public-land P-00002 (row 3)")]),
    "a boundary by a hair": (
        f"UPDATE {PLOT} SET boundary = ST_Translate(boundary, 1e-9, 0) WHERE ref = 'P-00003'",
        [("row", "public-land P-00003 (row 4)")],
    ),
    "whether it is public": (
        f"UPDATE {PLOT} SET is_public = false WHERE ref = 'P-00000'",
        [("row", "public-land P-00000 (row 1)")],
    ),
    "a past value": (
        f"UPDATE {PLOT} SET commune_name = NULL WHERE ref = 'P-00001' AND until_revision IS NOT NULL",
        [("row", "public-land P-00001 (row 2)")],
    ),
    "a row gone": (f"DELETE FROM {PLOT} WHERE ref = 'P-00002'", [("revision", "public-land 1")]),
    "a past row gone": (
        f"DELETE FROM {PLOT} WHERE ref = 'P-00004'",
        [("revision", "public-land 1"), ("revision", "public-land 3")],
    ),
    "a row more": (COPY.format(2), [("row", "public-land P-9 (row 77)"), ("revision", "public-land 2")]),
    "a row of no revision": (COPY.format(4), [("row", "public-land P-9 (row 77)")]),
    "ended": (f"UPDATE {PLOT} SET until_revision = 3 WHERE ref = 'P-00000'", [("revision", "public-land 3")]),
    "ended by no revision": (
        f"UPDATE {PLOT} SET until_revision = 9 WHERE ref = 'P-00000'",
        [("row", "public-land P-00000 (row 1)")],
    ),
    "in force again": (
        f"UPDATE {PLOT} SET until_revision = NULL WHERE ref = 'P-00004'",
        [("revision", "public-land 3")],
    ),
    "a line of the log": ("DELETE FROM changes_logentry WHERE revision = 2", [("revision", "public-land 2")]),
    "counts of the log": ("UPDATE changes_logentry SET added = 4, changed = 1 WHERE revision = 1", [
        ("revision", "public-land 1")]),
}  # fmt: skip


@pytest.mark.usefixtures("_history")
def test_what_is_altered_is_named() -> None:
    found = {}
    for attack, (statement, _named) in ATTACKS.items():
        with ownership.as_owner(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            found[attack] = verification.verify()
            assert list(Damage.objects.order_by("id").values_list("kind", "place")) == found[attack]
            transaction.set_rollback(True)
    assert found == {attack: named for attack, (_statement, named) in ATTACKS.items()}


@pytest.mark.usefixtures("_history")
def test_whoever_writes_a_fitting_checksum_too_is_found_by_the_log() -> None:
    as_owner(f"UPDATE {PLOT} SET name = 'x' WHERE ref = 'P-00002'")
    with ownership.as_owner():
        checksums._write(samples.public_land(), 0, None)
    assert verification.verify() == [("revision", "public-land 1")]


@pytest.mark.usefixtures("_history")
def test_what_the_apply_wrote_is_whole_in_every_session() -> None:
    with connection.cursor() as cursor:
        for setting in ("DateStyle = 'German'", "TimeZone = 'Asia/Tokyo'", "IntervalStyle = 'sql_standard'"):
            cursor.execute(f"SET {setting}")
    assert verification.verify() == []


def test_every_kind_of_value_of_the_world_is_whole(own_world: str) -> None:
    """Of all datasets: numbers, days, moments, lists, places, and what is missing."""
    written = [dataset for dataset in registry.all_datasets() if dataset.in_force.objects.exists()]
    assert len(written) > 6
    assert verification.verify() == []


@pytest.mark.usefixtures("_history")
def test_all_rows_are_seen_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "LEAST_ROWS", 2)
    as_owner(f"UPDATE {PLOT} SET name = 'x' WHERE ref = 'P-00003'")
    as_owner(f"DELETE FROM {PLOT} WHERE ref = 'P-00002'")
    assert verification.verify_part() == [("revision", "public-land 1")]
    with structlog.testing.capture_logs() as said:
        assert verification.verify_part() == [("row", "public-land P-00003 (row 4)")]
    assert [(one["event"], one["log_level"], one["place"]) for one in said] == [
        ("damaged", "error", "public-land P-00003 (row 4)")
    ]
    check = DataCheck.objects.get(dataset="public-land")
    assert (check.row, check.revision, check.whole_at) == (4, 2, None)
    assert verification.verify_part() == []
    check.refresh_from_db()
    assert (check.row, check.revision) == (0, 0) and check.whole_at is not None
    assert Damage.objects.count() == 2
    verification.verify_part()  # found again it is no other damage
    assert Damage.objects.count() == 2


def test_a_day_is_enough_for_all_rows() -> None:
    assert verification.PARTS < 24 * 60


@pytest.mark.usefixtures("_history")
def test_readiness_says_so_and_still_serves_readers(client: Client) -> None:
    assert client.get("/readyz").json()["checks"]["data"] == "ok"
    as_owner(f"UPDATE {PLOT} SET name = 'x' WHERE ref = 'P-00003'")
    verification.verify_part()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["data"]) == (200, "damaged")
    assert "P-00003" not in answer.text
    as_owner(f"UPDATE {PLOT} SET name = 'Plot 3' WHERE ref = 'P-00003'")
    call_command("verify", verbosity=0)
    assert client.get("/readyz").json()["checks"]["data"] == "ok"
    DataCheck.objects.update(began_at="2026-01-01T00:00Z", whole_at="2026-01-02T00:00Z")
    assert client.get("/readyz").json()["checks"]["data"] == "late"


# The audit

AUDIT_ATTACKS = {
    "who": ("UPDATE changes_auditentry SET by = 'x' WHERE id = {1}", [("audit altered", "line {1}")]),
    "why": (
        "UPDATE changes_auditentry SET details = jsonb_set(details, '{{reason}}', '\"███\"') WHERE id = {1}",
        [("audit altered", "line {1}")],
    ),
    "gone": ("DELETE FROM changes_auditentry WHERE id = {1}", [("audit altered", "line {1}")]),
    "gone with its seal": (
        "WITH x AS (DELETE FROM changes_auditentry WHERE id = {1}) DELETE FROM changes_auditseal WHERE entry = {1}",
        [("audit altered", "line {2}")],
    ),
    "the end": (
        "WITH x AS (DELETE FROM changes_auditentry WHERE id = {2}) DELETE FROM changes_auditseal WHERE entry = {2}",
        [("audit head", "{head}")],
    ),
}


def test_whoever_alters_the_audit_is_found_by_its_chain() -> None:
    for number in range(3):
        audit.write("an", "data.verify", "everything", reason=f"Because {number}")
    assert seals.seal() >= 3
    assert list(seals.altered()) == []
    lines = list(AuditEntry.objects.order_by("id").values_list("id", flat=True))[-3:]
    head, found = seals.head(), {}
    with ownership.as_owner():
        for attack, (statement, _named) in AUDIT_ATTACKS.items():
            with suppress(Undone), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement.format(*lines))
                found[attack] = list(seals.altered(head))
                raise Undone
    wanted = {
        attack: [(kind, place.format(*lines, head=head)) for kind, place in named]
        for attack, (_statement, named) in AUDIT_ATTACKS.items()
    }
    assert found == wanted
    # What is written later is sealed later, and an earlier head is still there.
    audit.write("an", "data.verify", "everything")
    assert verification.verify(head) == []


class Undone(Exception):
    pass


def test_the_application_changes_no_seal() -> None:
    audit.write("an", "data.verify", "everything")
    seals.seal()
    for statement in ("UPDATE changes_auditseal SET digest = ''", "DELETE FROM changes_auditseal"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# Files


@pytest.fixture
def kept(tmp_path: Path) -> Any:
    """A store with a file that was loaded and an image; gives their paths."""
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        samples.load(samples.write(tmp_path / "plots.geojson", [samples.plot(1)]))
        samples.scene(tmp_path)
        files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
        assert len(files) == 2
        yield {path.parts[len(Path(settings.MEDIA_ROOT).parts)]: path for path in files}


def test_a_damaged_file_is_named_and_not_saved(kept: dict[str, Path], tmp_path: Path) -> None:
    call_command("verify", verbosity=0)
    target = tmp_path / "all.zip"
    for folder, kind in itertools.product([store.FOLDER, "scenes"], ["rotten file", "missing file"]):
        path = kept[folder]
        whole = path.read_bytes()
        path.unlink()
        if kind == "rotten file":
            path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        name = path.relative_to(settings.MEDIA_ROOT).as_posix()
        with pytest.raises(CommandError, match="1 damaged"):
            call_command("verify", verbosity=0)
        assert list(Damage.objects.values_list("kind", "place")) == [(kind, name)]
        with pytest.raises(CommandError, match=f"Nothing was saved. {kind} {name}"):
            call_command("backup", target, verbosity=0)
        assert not list(tmp_path.glob("all.zip*"))
        call_command("backup", target, even_damaged=True, verbosity=0)
        with zipfile.ZipFile(target) as archive:
            assert backup.verified(archive, target)["damaged"] == [f"{kind} {name}"]
        target.unlink()
        path.write_bytes(whole)
    call_command("verify", verbosity=0)
    assert not Damage.objects.exists()


def test_who_alters_the_form_alters_no_checksum(own_world: str) -> None:
    """The application's role cannot say that all checksums are to be made anew."""
    with pytest.raises(ProgrammingError, match="permission denied"):
        ChecksumForm.objects.update(form="")


def test_migrating_makes_checksums_where_there_are_none(own_world: str) -> None:
    """As after the release that brought them, and after one that adds a column: by batches, and only what differs."""
    dataset = samples.public_land()
    before = list(dataset.in_force.objects.order_by("id").values_list("id", "checksum"))
    as_owner("DELETE FROM catalog_checksumform WHERE dataset = 'public-land'")
    as_owner("UPDATE changes_logentry SET begun_sum = 0, ended_sum = 0 WHERE dataset = 'public-land'")
    as_owner(f"UPDATE {PLOT} SET checksum = NULL WHERE id % 2 = 0")
    assert verification.verify() == [("form", "public-land")]
    call_command("migrate", verbosity=0)
    assert list(dataset.in_force.objects.order_by("id").values_list("id", "checksum")) == before
    assert verification.verify() == []
