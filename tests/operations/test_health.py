"""/livez asks nobody; /readyz says what is wrong without saying a secret."""

import json

import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from landgis.operations.ownership import as_owner

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def broken():
    """Points an alias at a database that does not exist, until the test ends."""
    before = {}

    def break_(alias):
        connections[alias].close()
        before[alias] = connections[alias].settings_dict["NAME"]
        connections[alias].settings_dict["NAME"] = "no-such-database"

    yield break_
    for alias, name in before.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def test_ready_without_a_worker(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"] == {
        "default": "ok",
        "public": "ok",
        "migrations": "ok",
        "worker": "late",
        "data": "ok",
    }
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("alias", ["default", "public"])
def test_a_missing_database_is_told_without_details(client, broken, alias):
    broken(alias)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    told = answer.json()
    assert told["ready"] is False
    assert told["checks"][alias] == "failed"
    secrets = [str(connections[name].settings_dict[key]) for name in connections for key in ("PASSWORD", "HOST")]
    assert not any(secret in answer.text for secret in [*secrets, "no-such-database"])


def test_alive_without_a_database(client, broken):
    broken("default")
    broken("public")
    answer = client.get("/livez")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_missing_migration_is_told(client, own_world):
    recorder = MigrationRecorder(connections["default"])
    [newest] = MigrationLoader(None).graph.leaf_nodes("catalog")
    with as_owner():
        recorder.record_unapplied(*newest)
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").json()["checks"]["migrations"] == "failed"
    with as_owner():
        recorder.record_applied(*newest)
    assert client.get("/readyz").status_code == 200


def test_a_worker_that_beats_and_one_that_stopped(client, own_world):
    with connections["default"].cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 seconds')")
        assert client.get("/readyz").json()["checks"]["worker"] == "ok"
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["worker"]) == (200, "late")


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_they_are_only_read(client, path):
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


def test_the_answer_is_json(client):
    json.loads(client.get("/readyz").content)
