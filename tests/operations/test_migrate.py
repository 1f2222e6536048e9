"""`migrate` brings the derived schema `published` along, and readers read all the while."""

import io
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, connections

from landgis.catalog import published, queries, registry
from landgis.catalog.dataset import OFFICER, StateByClock
from landgis.operations.ownership import as_owner
from tests import samples

MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("publicland", "{before}")]
    atomic = {atomic}
    operations = [{operations}]
"""
RETYPED = 'migrations.AlterField("plot", "name", models.CharField(max_length=999, null=True))'
RELABELLED = 'migrations.AlterField("plot", "plot_code", models.CharField("x", max_length=40, null=True))'
DROPPED = 'migrations.RemoveField("plot", "address")'
ADDED = 'migrations.AddField("plot", "storeys", models.IntegerField(null=True))'


def _published() -> dict[str, int]:
    """Name -> file node (of a view its oid) of what the schema holds; what is made anew has another."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT relname, coalesce(nullif(relfilenode, 0), oid)::bigint FROM pg_class"
            " WHERE relnamespace = 'published'::regnamespace AND relkind IN ('r', 'v')"
        )
        return dict(cursor.fetchall())


def _migrate(*args: str) -> str:
    said = io.StringIO()
    call_command("migrate", *args, verbosity=0, stdout=said)
    return said.getvalue()


@pytest.fixture
def first(empty_world: str) -> Iterator[dict[str, int]]:
    """What is published of three plots; the test works as the owner of the tables."""
    samples.the_whole_state([samples.plot(number) for number in range(3)])
    found = _published()
    assert found
    with as_owner():
        yield found


@pytest.fixture
def another_migration(tmp_path: Path, settings: Any) -> Iterator[Callable[..., None]]:
    """Gives a function that adds a migration to those of public land."""
    import landgis.publicland.migrations as real

    folder = tmp_path / "more_migrations"
    shutil.copytree(Path(real.__path__[0]), folder)
    sys.path.insert(0, str(tmp_path))
    settings.MIGRATION_MODULES = {"publicland": folder.name}

    def add(*operations: str, atomic: bool = True) -> None:
        newest = max(path.stem for path in folder.glob("0*.py"))
        text = MIGRATION.format(before=newest, atomic=atomic, operations=", ".join(operations))
        (folder / f"{int(newest[:4]) + 1:04d}_more.py").write_text(text)

    yield add
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.split(".")[0] == folder.name]:
        del sys.modules[name]


class Reader(threading.Thread):
    """Reads what is published, as the public's role, until it is told to stop."""

    def __init__(self, *relations: str) -> None:
        super().__init__()
        self.relations = relations
        self.read = 0
        self.failed: list[BaseException] = []
        self.end = threading.Event()

    def run(self) -> None:
        try:
            while not self.end.is_set():
                with connections[queries.PUBLIC_ALIAS].cursor() as cursor:
                    for relation in self.relations:
                        cursor.execute(f"SELECT count(*) FROM published.{relation}")
                        assert cursor.fetchone()[0] > 0
                    # One question to several, as pages ask it.
                    cursor.execute(f"SELECT {', '.join(f'EXISTS (TABLE published.{one})' for one in self.relations)}")
                    assert all(cursor.fetchone())
                self.read += 1
        except BaseException as error:  # told by the test
            self.failed.append(error)
        finally:
            connections.close_all()

    def __enter__(self) -> "Reader":
        self.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        before = self.read
        while self.is_alive() and self.read < before + 2:
            self.end.wait(0.01)  # what has changed is read, too
        self.end.set()
        self.join()
        assert self.failed == []


def _columns(relation: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {relation} LIMIT 0")
        return {column.name for column in cursor.description}


def test_nothing_to_migrate_changes_nothing(first: dict[str, int]) -> None:
    _migrate()
    assert _published() == first


def test_a_plan_touches_nothing(first: dict[str, int]) -> None:
    call_command("migrate", plan=True, stdout=io.StringIO())
    assert _published() == first


def test_readers_read_while_a_column_comes_and_the_declaration_changes(
    first: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    zones = registry.get("planning-zones")
    later = {"plan_state", "valid_from"}
    with monkeypatch.context() as before:
        before.setattr(zones, "fields", [one for one in zones.fields if one.name not in later])
        before.setattr(zones, "state", StateByClock())
        before.setattr(registry, "_datasets", {"public-land": samples.public_land(), "planning-zones": zones})
        published.rebuild()
        _migrate("planning", "0001")
        assert not _columns("published.planning_zones") & later
    made = _published()
    with Reader("revision", "public_land", "tile_public_land", "dataset_schema") as reader:
        _migrate()
    assert reader.read > 2
    assert later <= _columns("published.planning_zones")
    again = _published()
    assert again.keys() == first.keys()
    assert again["planning_zones"] != made["planning_zones"]
    assert again["tile_public_land"] == made["tile_public_land"] == first["tile_public_land"]


def test_readers_read_while_columns_under_a_view_are_dropped_and_retyped(
    first: dict[str, int], another_migration: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = samples.public_land()
    another_migration(RETYPED)
    another_migration(DROPPED, ADDED)
    monkeypatch.setattr(dataset, "fields", [one for one in dataset.fields if one.name != "address"])
    with Reader("revision", "public_land", "tile_public_land") as reader:
        _migrate()
    assert reader.read > 2
    assert "address" not in _columns("publicland_plot") | _columns("published.public_land")
    again = _published()
    assert again.keys() == first.keys()
    # A column of its tiles has another type; those of other datasets are as they were.
    assert again["tile_public_land"] != first["tile_public_land"]
    tables = [name for name in first if name.startswith("tile_") and name != "tile_public_land"]
    assert {name: again[name] for name in tables} == {name: first[name] for name in tables}
    assert published.differences(dataset) == 0


def test_what_nobody_publishes_any_more_is_dropped_without_its_view(
    first: dict[str, int], another_migration: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The view is made without the column before: nothing stands in the way then, and no view waits for migrations."""
    dataset = samples.public_land()
    another_migration(DROPPED, atomic=False)
    monkeypatch.setattr(dataset, "fields", [one for one in dataset.fields if one.name != "address"])
    _migrate()
    assert "address" not in _columns("publicland_plot")
    assert _published()["tile_public_land"] == first["tile_public_land"]


def test_a_label_alone_leaves_the_views_in_place(first: dict[str, int], another_migration: Callable[..., None]) -> None:
    another_migration(RELABELLED, atomic=False)
    _migrate()
    assert _published() == first


def test_what_cannot_be_one_transaction_is_refused_before_anything_changes(
    first: dict[str, int], another_migration: Callable[..., None]
) -> None:
    another_migration(RETYPED)
    another_migration(ADDED, atomic=False)
    with pytest.raises(CommandError, match=r"public_land.*publicland\.\d{4}_more cannot"):
        _migrate()
    assert _published() == first
    assert "storeys" not in _columns("publicland_plot")


def test_a_part_of_the_migrations_that_would_leave_readers_without_a_view_is_refused(
    first: dict[str, int], another_migration: Callable[..., None]
) -> None:
    another_migration(RETYPED)
    another_migration(ADDED)
    with pytest.raises(CommandError, match="public_land"):
        _migrate("publicland", min(path.stem for path in _more(RETYPED)))
    assert _published() == first


def _more(operation: str) -> list[Path]:
    """The files of the added migrations that hold the operation."""
    import more_migrations

    return [path for path in Path(more_migrations.__path__[0]).glob("*.py") if operation in path.read_text()]


@pytest.mark.parametrize("operation", [ADDED, RETYPED])
def test_a_declaration_that_fails_leaves_what_is_published_as_it_was(
    first: dict[str, int], another_migration: Callable[..., None], monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    another_migration(operation)
    dataset = samples.public_land()
    fields = [replace(one, visibility=OFFICER) if one.name == "address" else one for one in dataset.fields]
    monkeypatch.setattr(dataset, "fields", fields)
    monkeypatch.setattr(dataset, "public_when", "nothing")
    with Reader("public_land", "tile_public_land"), pytest.raises(ProgrammingError, match="nothing"):
        _migrate()
    assert _published() == first


def test_a_new_dataset_leaves_the_tile_tables_of_others_alone(first: dict[str, int]) -> None:
    with samples.taken_out("planning-zones"):
        assert published.rebuild() == []
        assert "tile_planning_zones" not in _published()
    _migrate()
    again = _published()
    assert again.keys() == first.keys()
    kept = {name for name in again if again[name] == first[name]}
    its = {"planning_zones", "planning_zones_as_reported", "tile_planning_zones"}
    assert first.keys() - kept == its | {"dataset_schema", "redaction", "withdrawal", "state", "lineage", "enclosure"}


def test_a_step_back_takes_away_what_stands_on_it_and_no_more(first: dict[str, int]) -> None:
    assert "Migrations are missing" in _migrate("publicland", "zero")
    gone = first.keys() - _published().keys()
    assert {"public_land", "tile_public_land"} <= gone
    assert not {"parcels", "tile_parcels", "revision"} & gone
    _migrate()
    again = _published()
    assert again.keys() == first.keys()
    assert again["tile_parcels"] == first["tile_parcels"]


def test_a_rebuild_waits_for_a_reader(first: dict[str, int]) -> None:
    reads, done = threading.Event(), threading.Event()
    ends: list[str] = []

    def read() -> None:
        with connections[queries.PUBLIC_ALIAS].cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT count(*) FROM published.tile_public_land")
            reads.set()
            done.wait(1.5)  # several turns
            ends.append("read")
            cursor.execute("COMMIT")
        connections.close_all()

    reader = threading.Thread(target=read)
    reader.start()
    reads.wait(60)
    published.rebuild(force=True)
    ends.append("rebuilt")
    done.set()
    reader.join()
    assert ends == ["read", "rebuilt"]
    assert not set(_published().values()) & set(first.values())


def test_the_public_role_reads_what_was_rebuilt(first: dict[str, int]) -> None:
    published.rebuild(force=True)
    with connections["public"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM published.revision")
        assert cursor.fetchone() == (1,)


def test_the_groups_of_the_roles_are_there_without_a_demo(first: dict[str, int]) -> None:
    from django.contrib.auth.models import Group

    from landgis.accounts.models import Role

    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)
