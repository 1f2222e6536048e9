"""Items of change sets that have ended lie in files: pages say the same of them, and neither a cut nor damage loses any."""

import gzip
import io
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from landgis.accounts.models import User
from landgis.changes import actions as changes
from landgis.changes import item_files, item_storage, items
from landgis.changes.item_models import ItemFile
from landgis.changes.models import Action, ChangeSet, Door
from landgis.operations import verification
from tests import databases, samples
from tests.changes import loading

AWKWARD = "Đường 'x'\t\\N \\ \"y\"\nhai"
PLOTS = item_files.LINES + 20  # of more than one block
MOMENTS = ["begun", "written", "noted", "removed", "done"]


@pytest.fixture(scope="module")
def told(migrated: str, django_db_blocker: Any) -> Iterator[str]:
    """A database with a file of many plots (change set 1), one that changes all and adds and retires some (2), and what is not put away."""
    with django_db_blocker.unblock(), databases.made(migrated) as name:
        with databases.used(name), override_settings(CONFIRM_FEATURES=1_000_000):
            samples.the_whole_state(samples.plot(number) for number in range(PLOTS))
            some = [samples.plot(number, name=AWKWARD, note=None) for number in range(10, PLOTS)]
            moved = [samples.plot(PLOTS, box=(107.9, 10.9, 107.9004, 10.9004))]
            change_set = samples.drafted([*some, *moved, *[samples.plot(5)] * 2], is_complete=True)
            changes.check(change_set, leave_out=True)
            changes.submit(change_set, by=None)
            changes.approve(change_set, by=None)
            changes.apply(change_set, by=None)
            changes.withdraw(samples.drafted([samples.plot(1)]), by=None, reason="nhầm")
            samples.drafted([samples.plot(1)])
            boss = User.objects.create_superuser("boss")
            ended = samples.drafted([samples.plot(1, name="Of an officer")], by=boss)
            changes.withdraw(ended, by=boss, reason="nhầm")
        yield name


@pytest.fixture
def story(told: str, django_db_blocker: Any, tmp_path: Path) -> Iterator[str]:
    """A copy of it, with a file store, for one test."""
    media = override_settings(MEDIA_ROOT=tmp_path / "media")
    with django_db_blocker.unblock(), media, databases.made(told) as name, databases.used(name):
        yield name


def asked(number: int, what: str = "") -> HttpResponse:
    client = Client()
    client.force_login(User.objects.get(username="boss"))
    return client.get(f"/en/officer/changes/{number}/{what}")


def in_the_table() -> set[int]:
    return set(samples.public_land().proposed._default_manager.values_list("change_set", flat=True))


def said_of(number: int) -> dict[str, Any]:
    """All that is said of the items of a change set; how often the database was asked for it."""
    with CaptureQueriesContext(connection) as queries:
        page = asked(number).content.decode()
    with CaptureQueriesContext(connection) as more:
        drawn = asked(number, "items.geojson").json()
    change_set = ChangeSet.objects.get(pk=number)
    door = items.of(change_set)
    names = [field.attname for field in samples.public_land().proposed._meta.concrete_fields]
    everything = [{name: getattr(item, name) for name in names} for item in door.first(10 * PLOTS)]
    return {
        "page": re.sub(r'name="csrfmiddlewaretoken" value="\w+"|\d\d:\d\d', "", page),
        "drawn": drawn,
        "asked": (len(queries), len(more)),
        "everything": everything,
        "rows": [item.pk for item in door.of_rows([3, PLOTS - 15, 10**6])],
        "refs": sorted(item.pk for item in door.of_refs(["P-00003", f"P-{PLOTS - 15:05d}", "P-none"])),
        "first": [item.pk for item in door.first(3, only=[Action.RETIRE, Action.ADD])],
        "others": [item.pk for item in door.first(3, without=[Action.ADD, Action.CHANGE])],
        "numbers": (door.counts(), door.count(without=[Action.CHANGE]), door.stops(), door.box(), door.sheets()),
    }


def test_values_are_written_as_copy_writes_them(story: str) -> None:
    texts = [AWKWARD, "", None, "\b\f\v\r", "\\t", "\\"]
    places = ", ".join(["%s::text"] * len(texts))
    with connection.cursor() as cursor, cursor.copy(f"COPY (SELECT unnest(ARRAY[{places}])) TO STDOUT", texts) as copy:
        lines = [bytes(line).removesuffix(b"\n") for line in copy]
    assert [item_files.text_of(line) for line in lines] == texts
    assert [item_files.written(text) for text in texts] == lines


def test_what_is_put_away_says_the_same_as_before(story: str) -> None:
    first, second = ChangeSet.objects.filter(revision__isnull=False).order_by("pk").values_list("pk", flat=True)
    for number in (first, second):  # what the first page of a process finds out once, and a line of the audit
        assert (asked(number).status_code, asked(number, "issues.gpkg").status_code) == (200, 200)
    before = {number: said_of(number) for number in (first, second)}
    assert before[second]["numbers"][0]["retire"] and before[second]["numbers"][0]["left out"]
    assert item_storage.put_away_ended() == 3
    officers = ChangeSet.objects.get(door=Door.OFFICER)
    waiting = ChangeSet.objects.get(state="draft")
    assert in_the_table() == {officers.pk, waiting.pk}
    for number, said in before.items():
        after, questions = said_of(number), said.pop("asked")
        assert all(now <= then for now, then in zip(after.pop("asked"), questions, strict=True))
        assert after == said
    assert items.of(ChangeSet.objects.get(pk=officers.pk)).count(without=[]) == 1
    assert item_storage.put_away_ended() == 0
    assert verification.verify() == []


def test_the_file_is_what_copy_reads(story: str) -> None:
    """Without the application: `zcat FILE` into COPY puts the items back."""
    dataset = samples.public_land()
    table = dataset.proposed._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE change_set_id IN (1, 2) ORDER BY id")
        before = cursor.fetchall()
        item_storage.put_away_ended()
        for record in ItemFile.objects.filter(pk__in=[1, 2]):
            content = gzip.decompress(item_files.path_of(record).read_bytes())
            names = ", ".join(record.columns)
            lines = b"".join(b"%d\t%s" % (record.pk, line) for line in io.BytesIO(content))
            with cursor.copy(f"COPY {table} (change_set_id, {names}) FROM STDIN") as copy:
                copy.write(lines)
        cursor.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE change_set_id IN (1, 2) ORDER BY id")
        assert cursor.fetchall() == before


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_cut_at_any_moment_loses_nothing(story: str, moment: str) -> None:
    before = {number: len(items.of(ChangeSet.objects.get(pk=number)).first(10 * PLOTS)) for number in (1, 2)}
    process = loading._processes.Process(target=_put_away_until, args=(story, settings.MEDIA_ROOT, moment), daemon=True)
    connection.close()
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    counted = {number: len(items.of(ChangeSet.objects.get(pk=number)).first(10 * PLOTS)) for number in before}
    assert counted == before
    assert ItemFile.objects.count() == (1 if moment == "done" else 0)
    item_storage.put_away_ended()
    assert {number: len(items.of(ChangeSet.objects.get(pk=number)).first(10 * PLOTS)) for number in before} == before
    assert sorted(path.name for path in (Path(settings.MEDIA_ROOT) / item_files.FOLDER).iterdir()) == sorted(
        item_files.path_of(record).name for record in ItemFile.objects.all()
    )
    assert ItemFile.objects.count() == 3 and verification.verify() == []


def _put_away_until(database: str, media: Path, moment: str) -> None:
    """Put items away in a process that is killed: at the first block, behind the file, the record, the rows, or the commit."""

    def cut(*_told: Any, **_more: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def then_cut(holder: Any, name: str) -> None:
        act = getattr(holder, name)
        setattr(holder, name, lambda *told, **more: cut(act(*told, **more)))

    holder, name = {
        "begun": (item_files.Written, "block"),
        "written": (item_files, "write"),
        "noted": (ItemFile, "save"),
        "removed": (item_storage, "_remove"),
        "done": (item_storage, "put_away"),
    }[moment]
    act = getattr(holder, name)
    setattr(holder, name, lambda *told, **more: cut(act(*told, **more)))
    with override_settings(MEDIA_ROOT=media), databases.used(database):
        item_storage.put_away_ended()


def test_damage_is_found_and_said(story: str) -> None:
    item_storage.put_away_ended()
    record = ItemFile.objects.get(pk=2)
    path = item_files.path_of(record)
    whole = path.read_bytes()
    half = whole[:200] + b"x" + whole[201:]
    for content, kind in ((half, "rotten file"), (whole[: len(whole) // 3], "rotten file"), (None, "missing file")):
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        page = asked(2)
        assert page.status_code == 200 and f"The file {item_files.name_of(record)}" in page.content.decode()
        drawn = asked(2, "items.geojson")
        assert drawn.status_code == 503 and item_files.name_of(record) in drawn.content.decode()
        assert verification.verify() == [(kind, item_files.name_of(record))]
        assert asked(1).status_code == 200
    assert asked(2, "issues.gpkg").status_code == 503


def test_columns_that_changed_since_are_no_guess(story: str) -> None:
    item_storage.put_away_ended()
    change_set = ChangeSet.objects.get(pk=1)
    (item,) = items.of(change_set).of_refs(["P-00003"])
    record = change_set.item_file
    at = record.columns.index("name")
    record.columns[at] = "before_it_was_renamed"
    with pytest.raises(item_files.ItemsUnreadable):
        items.of(change_set).of_refs(["P-00003"])
    also = record.columns.index("note")
    record.columns[at], record.columns[also] = "note", "name"
    (other,) = items.of(change_set).of_refs(["P-00003"])
    assert (other.name, other.note) == (item.note, item.name)


def test_a_full_disk_leaves_them_where_they_are(story: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_told: Any) -> None:
        raise OSError(28, "No space left on device")

    before = in_the_table()
    with monkeypatch.context() as patched:
        patched.setattr(item_files.Written, "block", full)
        assert item_storage.put_away_ended() == 0
    assert in_the_table() == before and not list((Path(settings.MEDIA_ROOT) / item_files.FOLDER).iterdir())
    assert item_storage.put_away_ended() == 3
