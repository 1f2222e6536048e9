"""The entries follow what is published: in order, once, again after a cut, and never past the policy."""

import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections
from procrastinate.contrib.django import app

from landgis import env
from landgis.catalog import registry
from landgis.changes.followers import FOLLOW_LOCK
from landgis.changes.models import Position
from landgis.search import answers, words
from landgis.search.actions import FOLLOWER, follow
from landgis.search.models import SearchEntry, SearchWord
from tests import histories, samples
from tests.programs import environment
from tests.waiting import PATIENCE_S, until

LATEST_S = 5  # a reader finds what was applied after so many seconds at most


def refs(text: str) -> list[str]:
    return [hit.ref for hit in answers.answer(text, limit=20).hits]


def entries() -> dict[str, str]:
    return dict(SearchEntry.objects.filter(dataset="public-land").values_list("ref", "keys"))


def in_use() -> Counter[str]:
    """The words of the entries, folded and as they are written, counted from them."""
    found = SearchEntry.objects.values_list("keys", "written")
    return Counter(word for both in found for words_of in both for word in words_of.split() if words.is_kept(word))


@pytest.fixture
def plots(empty_world: str) -> list[samples.Plot]:
    """Twenty plots in force, and followed."""
    plots = [samples.plot(number, name=f"Khu Hoa Sen {number}") for number in range(20)]
    samples.the_whole_state(plots)
    follow()
    return plots


def changed(plots: list[samples.Plot], number: int, **values: object) -> list[samples.Plot]:
    return [{**one, **values} if place == number else one for place, one in enumerate(plots)]


def test_what_was_applied_is_found(plots: list[samples.Plot]) -> None:
    assert refs("hoa sen 7") == ["P-00007"]
    samples.the_whole_state(changed(plots, 7, name="Vườn Bàng"))
    assert follow() == {"public-land": 1}
    assert refs("vuon bang") == ["P-00007"]
    assert "P-00007" not in refs("hoa sen 7")


def test_what_was_retired_is_not(plots: list[samples.Plot]) -> None:
    samples.the_whole_state(plots[:5])
    assert refs("P-00007") == []  # not even before the entries follow
    follow()
    assert sorted(entries()) == [f"P-{number:05d}" for number in range(5)]


def test_what_was_hidden_is_not_found_even_before_the_entries_follow(plots: list[samples.Plot]) -> None:
    samples.the_whole_state(changed(plots, 7, is_public=False))
    assert refs("P-00007") == []
    assert "P-00007" not in refs("hoa sen")
    follow()
    assert "P-00007" not in entries()


def test_a_new_title_is_shown_before_the_entries_follow(plots: list[samples.Plot]) -> None:
    samples.the_whole_state(changed(plots, 7, name="Vườn Bàng"))
    assert [hit.title for hit in answers.answer("P-00007", limit=5).hits] == ["Vườn Bàng"]


def test_following_again_writes_nothing(plots: list[samples.Plot]) -> None:
    before = list(SearchEntry.objects.order_by("id").values_list("id", "ref"))
    assert follow() == {}
    assert list(SearchEntry.objects.order_by("id").values_list("id", "ref")) == before


def test_only_touched_features_are_written(plots: list[samples.Plot]) -> None:
    before = dict(SearchEntry.objects.values_list("ref", "id"))
    samples.the_whole_state(changed(plots, 3, name="Vườn Bàng"))
    samples.the_whole_state(changed(plots, 4, name="Vườn Xoài"))
    assert follow() == {"public-land": 2}
    after = dict(SearchEntry.objects.values_list("ref", "id"))
    assert {ref for ref in before if before[ref] != after[ref]} == {"P-00003", "P-00004"}


def test_after_any_history_the_entries_are_what_a_rebuild_makes(empty_world: str) -> None:
    history = histories.random_history(7)
    follow()
    assert set(entries()) == set(history.public(history.newest))
    Position.objects.filter(follower=FOLLOWER).delete()
    followed = entries()
    follow()
    assert entries() == followed
    assert dict(SearchWord.objects.values_list("word", "uses")) == in_use()


def test_the_words_are_counted_while_following(plots: list[samples.Plot]) -> None:
    samples.the_whole_state(changed(plots, 7, name="Vườn Bàng"))
    follow()
    assert dict(SearchWord.objects.values_list("word", "uses")) == in_use()
    samples.the_whole_state(changed(plots, 7, is_public=False))
    follow()
    assert not SearchWord.objects.filter(word="bang").exists()
    assert dict(SearchWord.objects.values_list("word", "uses")) == in_use()


def test_another_declaration_makes_the_entries_anew(plots: list[samples.Plot], monkeypatch: pytest.MonkeyPatch) -> None:
    assert refs("commune 1") != []
    dataset = registry.get("public-land")
    fields = [replace(one, searched=False) if one.name == "commune_name" else one for one in dataset.fields]
    monkeypatch.setattr(dataset, "fields", tuple(fields))
    assert follow()["public-land"] == len(plots)
    assert refs("commune 1") == refs("commune") == []


def test_a_column_that_is_not_public_is_never_searched(
    plots: list[samples.Plot], monkeypatch: pytest.MonkeyPatch
) -> None:
    samples.the_whole_state(changed(plots, 7, note="Bằng Lăng"))
    dataset = registry.get("public-land")
    fields = [replace(one, searched=True) if one.name == "note" else one for one in dataset.fields]
    monkeypatch.setattr(dataset, "fields", tuple(fields))
    follow()
    assert refs("bang lang") == []
    assert all("bang" not in keys for keys in entries().values())


def test_a_dataset_that_is_gone_leaves_no_entries(plots: list[samples.Plot]) -> None:
    with samples.taken_out("public-land"):
        follow()
        assert entries() == {}
        assert not SearchWord.objects.exists()


def test_a_cut_in_the_middle_costs_nothing(plots: list[samples.Plot], empty_world: str) -> None:
    """The server ends the follower while it writes: all is as before, and the next one goes on from there."""
    samples.the_whole_state([{**one, "name": "Vườn Bàng"} for one in plots])
    before, position = entries(), Position.objects.get(follower=FOLLOWER, dataset="public-land").revision
    with _waiting_follower() as ended:
        pass
    assert isinstance(ended[0], OperationalError)
    assert (entries(), Position.objects.get(follower=FOLLOWER, dataset="public-land").revision) == (before, position)
    assert follow() == {"public-land": len(plots)}
    assert len(refs("vuon bang")) == len(plots)


class _waiting_follower:  # noqa: N801  # read as a phrase
    """A follower in its own thread that has deleted entries and waits to write; at the end its backend is killed."""

    def __enter__(self) -> list[BaseException]:
        self.ended: list[BaseException] = []
        self.cursor = connection.cursor()
        self.cursor.execute("BEGIN")
        self.cursor.execute("LOCK TABLE search_searchword IN EXCLUSIVE MODE")
        self.thread = threading.Thread(target=self._follow)
        self.thread.start()
        return self.ended

    def _follow(self) -> None:
        try:
            follow()
        except OperationalError as error:
            self.ended.append(error)
        finally:
            connections.close_all()

    def __exit__(self, *_error: object) -> None:
        waiting = (
            "SELECT pid FROM pg_locks WHERE relation = 'search_searchword'::regclass AND NOT granted"
            " AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND granted)"
        )

        def found() -> tuple[int] | None:
            self.cursor.execute(waiting, [FOLLOW_LOCK])
            return self.cursor.fetchone()

        self.cursor.execute("SELECT pg_terminate_backend(%s)", until(found))
        self.thread.join(PATIENCE_S)
        self.cursor.execute("ROLLBACK")
        self.cursor.close()


def test_followers_begin_so_often_that_a_reader_waits_for_seconds() -> None:
    """The clock of a busy machine proves nothing: how often the work begins is what was promised."""
    [cron] = [one.cron for one in app.periodic_registry.periodic_tasks.values() if one.task.name == "follow_search"]
    every_s = cron.removeprefix("* * * * * */")
    assert int(every_s) <= LATEST_S / 2


def test_a_running_worker_follows_by_itself(plots: list[samples.Plot], tmp_path: Path) -> None:
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker"],
        cwd=env.BASE_DIR,
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for number in (1, 2, 3):  # the first change only shows that the worker has come up
            samples.the_whole_state(changed(plots, number, name=f"Vườn Bàng {number}"))
            until(lambda number=number: f"vuon bang {number}" in entries()[f"P-{number:05d}"])
    finally:
        worker.terminate()
        worker.wait(PATIENCE_S)
        connections.close_all()
