"""`manage.py load` in a process that a test kills: forked from one that has read all code, so it begins with its work."""

import multiprocessing
import os
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "landgis.settings")
if not apps.ready:
    django.setup()

from django.core.management import call_command  # models before the apps are ready
from django.test import override_settings

from tests import databases, samples  # noqa: F401  # samples bring what the command reads files with

NAME = "cut"  # of its connections
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


def be_ready() -> None:
    """Wait until the process that the others are forked from has read all code."""
    process = _processes.Process(target=int)
    process.start()
    process.join()


def started(database: str, file: Path, said: Path, **settings: Any) -> ForkServerProcess:
    """The command at work on a file of all plots of that database; what it says goes into a file."""
    process = _processes.Process(target=_load, args=(database, file, said, settings), daemon=True)
    process.start()
    return process


def _load(database: str, file: Path, said: Path, settings: dict[str, Any]) -> None:
    os.environ["PGAPPNAME"] = NAME
    with (
        said.open("w", encoding="utf-8") as out,
        redirect_stdout(out),
        redirect_stderr(out),
        override_settings(**settings),
        databases.used(database),
    ):
        call_command("load", file, dataset="public-land", complete=True, commit=True)
