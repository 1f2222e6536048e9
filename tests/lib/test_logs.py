"""Nothing of a row reaches the log: not by an exception, not by a message, not over several lines."""

import io
import json
import logging

import psycopg
import pytest
import structlog
from django.db import DatabaseError, connection, transaction

from landgis.lib import logs

SECRET = "canaryĐất4711"


@pytest.fixture
def written(monkeypatch):
    """The lines that the handler of the settings writes, parsed."""
    (handler,) = [each for each in logging.getLogger().handlers if isinstance(each.formatter, logs.OneLine)]
    stream = io.StringIO()
    monkeypatch.setattr(handler, "stream", stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def _violate(statement: str, *parameters: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE canary (name text CHECK (length(name) < 5), number int UNIQUE)")
        cursor.execute(statement, parameters)


STATEMENTS = [
    ("INSERT INTO canary VALUES (%s, 1)", f'{SECRET}\n  File "x.py", line 1\n{SECRET}'),  # DETAIL of many lines
    ("INSERT INTO canary VALUES (NULL, %s::text::int)", SECRET),  # the sentence itself quotes the value
    ("SELECT %s::text::date", SECRET),
    ("SELECT %s::text::jsonb", f'{{"a": {SECRET}'),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("statement", "value"), STATEMENTS)
def test_a_database_error_keeps_its_sentence_and_loses_the_row(written, statement, value):
    with pytest.raises(DatabaseError) as failed:
        _violate(statement, value)
    error = failed.value
    assert SECRET in str(error)  # else there would be nothing to hide
    try:
        raise RuntimeError("while loading") from error
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/x")
    logging.getLogger("landgis.x").error("failed: %s", error)
    logging.getLogger("landgis.x").error(error)
    logging.getLogger("landgis.x").error(f"failed: {error}" if "DETAIL" in str(error) else "failed")
    structlog.get_logger("landgis.y").warning("not ready", error=error)
    lines = written()
    assert len(lines) == 5
    assert SECRET not in json.dumps(lines, ensure_ascii=False)
    told = lines[0]["exception"]
    assert "RuntimeError: while loading" in told
    assert f"{type(error).__qualname__}: " in told
    assert "test_logs.py" in told


@pytest.mark.django_db
def test_what_a_command_prints_when_it_fails(capsys):
    with pytest.raises(DatabaseError) as failed:
        _violate(*STATEMENTS[0])
    logs.excepthook(type(failed.value), failed.value, failed.value.__traceback__)
    printed = capsys.readouterr().err
    assert SECRET not in printed
    assert "violates check constraint" in printed


def test_a_constraint_keeps_its_name():
    error = psycopg.errors.UniqueViolation(
        f'duplicate key value violates unique constraint "plot_ref"\nDETAIL:  Key (ref)=({SECRET}) already exists.'
    )
    assert logs.describe(error) == 'duplicate key value violates unique constraint "plot_ref"'


def test_one_event_is_one_line_with_the_request(written):
    structlog.contextvars.bind_contextvars(request_id="abcdefgh")
    structlog.get_logger("landgis.z").info("two\nlines", path="/a\nb")
    structlog.contextvars.clear_contextvars()
    (line,) = written()
    assert line["event"] == "two\nlines"
    assert line["request_id"] == "abcdefgh"
    assert line["timestamp"].endswith("Z")


def test_the_query_of_a_request_is_not_logged(written, client):
    answer = client.get("/livez?name=" + SECRET, headers={"X-Request-ID": "from-the-proxy-1"})
    assert answer.headers["X-Request-ID"] == "from-the-proxy-1"
    client.get("/no-such-page?name=" + SECRET, headers={"X-Request-ID": 'bad"\nid'})
    lines = written()
    assert SECRET not in json.dumps(lines, ensure_ascii=False)
    refused, missing = [line for line in lines if line["event"] == "request"]
    assert (refused["path"], refused["status"]) == ("/livez", 400)  # it knows no parameters
    assert (missing["path"], missing["status"]) == ("/no-such-page", 404)
    assert len(missing["request_id"]) == 32
