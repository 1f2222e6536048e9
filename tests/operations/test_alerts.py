"""Each fault fires its own rule of deploy/alerts.yml, and no other."""

import operator
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from django.db import connections, transaction
from django.test import Client

from landgis import env
from landgis.lib import statements
from landgis.operations import metrics
from landgis.operations.models import Damage, PublishedCheck
from tests.operations.test_doctor import (
    Patch,
    a_worker_that_stopped,
    mail_that_does_not_leave,
    well,  # noqa: F401 -- the fixture
    work_that_failed,
)

RULE = re.compile(r"(landgis_\w+) (==|>|<) (\S+)")
COMPARED = {"==": operator.eq, ">": operator.gt, "<": operator.lt}


def rules() -> dict[str, str]:
    told = yaml.safe_load(Path(env.BASE_DIR, "deploy/alerts.yml").read_text(encoding="utf-8"))
    return {rule["alert"]: rule["expr"] for group in told["groups"] for rule in group["rules"]}


def fired() -> list[str]:
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    lines = [line.split() for line in answer.content.decode().splitlines() if not line.startswith("#")]
    figures = {name: float(value) for name, value in lines}
    found = []
    for name, rule in rules().items():
        if match := RULE.fullmatch(rule):  # the other one, `up`, is of Prometheus itself
            figure, how, bound = match.groups()
            # Of a database that is away nothing else is known; Prometheus compares what is there.
            if figure in figures and COMPARED[how](figures[figure], float(bound)):
                found.append(name)
    return found


def work_that_waits(state: Path, patch: Patch) -> None:
    statements.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at)"
        " VALUES ('default', 'tests', 'todo', now() - interval '1 hour')"
    )


def no_backup(state: Path, patch: Patch) -> None:
    patch.setattr(metrics.readings, "backup_age", lambda: None)


def a_full_disk(state: Path, patch: Patch) -> None:
    patch.setattr(metrics.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": 10**8}))


FAULTS: dict[str, Callable[[Path, Patch], object]] = {
    "WorkerSilent": a_worker_that_stopped,
    "WorkStandsStill": work_that_waits,
    "WorkFailed": work_that_failed,
    "BackupLate": no_backup,
    "DataDamaged": lambda state, patch: Damage.objects.create(kind="row", place="parcels 1"),
    "PublishedDiffers": lambda state, patch: PublishedCheck.objects.create(
        revision=10**6, dataset="parcels", differences=3
    ),
    "DiskFull": a_full_disk,
    "MailStuck": mail_that_does_not_leave,
}


@pytest.mark.prove
@pytest.mark.django_db(databases=["default", "public"])
def test_each_fault_fires_its_own(well: Path, monkeypatch: Patch) -> None:  # noqa: F811
    assert fired() == []
    assert set(rules()) == {"SiteAway", "DatabaseAway", *FAULTS}
    for name, break_it in FAULTS.items():
        with transaction.atomic(), monkeypatch.context() as patch:
            break_it(well, patch)
            assert fired() == [name]
            transaction.set_rollback(True)


def test_a_database_that_is_away_is_a_figure(world: None, monkeypatch: Patch) -> None:
    connections["default"].close()
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", "no-such-database")
    try:
        assert fired() == ["DatabaseAway"]
    finally:
        connections["default"].close()
