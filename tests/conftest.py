"""What all tests share: the world, written once a session through the load command."""

import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.utils import translation

from tests import databases

pytest_plugins = ["tests.serving"]
_numbers = itertools.count(1)
PARCELS = 3000  # in the world of the tests


@pytest.fixture(scope="session", autouse=True)
def file_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where files are kept by checksum: not in the clone."""
    folder = tmp_path_factory.mktemp("store")
    with override_settings(MEDIA_ROOT=folder):
        yield folder


@pytest.fixture(scope="session")
def migrated(django_db_blocker: Any) -> Iterator[str]:
    """A database with every migration and no data; a template, never written by a test."""
    with django_db_blocker.unblock(), databases.made(databases.MIGRATED, databases.TEMPLATE):
        with databases.used(databases.MIGRATED):
            call_command("migrate", verbosity=0)
        yield databases.MIGRATED


@pytest.fixture(scope="session")
def seeded(migrated: str, django_db_blocker: Any) -> Iterator[str]:
    """The committed world: the demo's files, loaded. A template too."""
    with django_db_blocker.unblock(), databases.made(databases.WORLD, migrated):
        with databases.used(databases.WORLD):
            call_command("seed", scenes=[], parcels=PARCELS, stdout=io.StringIO())
        yield databases.WORLD


@pytest.fixture(scope="session")
def django_db_setup(seeded: str, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's databases: a copy of the world, read by all tests and written by none."""
    reading = f"{seeded}_read"
    with django_db_blocker.unblock(), databases.made(reading, seeded), databases.used(reading):
        yield


def pytest_sessionstart(session: pytest.Session) -> None:
    """Hashed names are known only after collecting; once, before there are processes that read them."""
    if not hasattr(session.config, "workerinput") and not session.config.option.collectonly:
        call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def _language() -> None:
    """Every test begins in the site's language, whatever an answer before it was written in."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Reading the committed world through the real roles, without a transaction of the test."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def own_world(seeded: str, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the world for a test that commits; gives the name of its database."""
    name = f"{seeded}_{next(_numbers)}"
    with django_db_blocker.unblock(), databases.made(name, seeded), databases.used(name):
        yield name


@pytest.fixture
def empty_world(migrated: str, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own in which nothing has been published; gives its name."""
    name = f"{migrated}_{next(_numbers)}"
    with django_db_blocker.unblock(), databases.made(name, migrated), databases.used(name):
        yield name
