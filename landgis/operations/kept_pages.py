"""Which of the pages that nginx keeps may still be shown: a folder whose name is another one after each revision and tick.

nginx (deploy/nginx/landgis.conf) keeps the last pages, and gives them while nothing else answers. What was withheld since
must not be among them, so what is kept is looked up under the place to which the link `now` leads: a page of before is found
no more. Where an installation never made the folder (deploy/install.sh) nothing is done here.
"""

import hashlib
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.conf import settings

from landgis.catalog import published, registry
from landgis.catalog.dataset import Dataset
from landgis.lib import statements

NOW = "now"
# All of which pages follow: redactions make no revision.
POSITION = (
    "SELECT (SELECT concat(number, ' ', applied_at) FROM catalog_revision ORDER BY number DESC LIMIT 1),"
    " (SELECT max(tick) FROM catalog_instant), (SELECT count(*) FROM changes_redaction WHERE state = 'done')"
)


class PageFollower:
    """The follower of `changes.followers`: one mark for all datasets, as pages show several."""

    name = "kept pages"

    def follow(self, dataset: Dataset) -> int | None:
        return 1 if move_on() else None

    def follow_at_once(self, names: Sequence[str]) -> None:
        """Nobody is shown what was withheld until the worker has its turn."""
        move_on()

    def forget_others(self, names: Sequence[str]) -> None:
        """Nothing is kept by dataset."""


def folder() -> Path:
    return Path(settings.STATE) / "pages"


def move_on() -> bool:
    """Lead `now` to the place of what is published now; whether it led elsewhere before."""
    pages = folder()
    if not pages.is_dir():
        return False
    mark, now = _mark(), pages / NOW
    before = now.readlink() if now.is_symlink() else None
    if before == Path(mark):
        return False
    (pages / mark).mkdir(exist_ok=True)
    part = pages / f".{NOW}-{secrets.token_hex(8)}"
    part.symlink_to(mark)
    os.replace(part, now)  # noqa: PTH105 -- in one step: there is no moment without
    if before is not None:
        with suppress(OSError):
            (pages / before).rmdir()
    return True


def _mark() -> str:
    told = (statements.row(POSITION), _form())
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@cache
def _form() -> str:
    """What the code and the office say of what is shown, which stays as long as the process lives."""
    forms = [published.fingerprint(dataset) for dataset in registry.all_datasets()]
    return repr((forms, settings.OFFICE_FILE.read_bytes()))
