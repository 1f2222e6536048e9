"""What is wrong with an installation, and what to do: the checks of `manage.py doctor`.

Each is a function that gives what is wrong and the remedy, or None; its name is what the page calls it. They read, and at
most write a file of their own and take it away again.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.db import DEFAULT_DB_ALIAS, Error
from django.utils.translation import gettext as _

from landgis.accounts.models import User
from landgis.catalog import exits
from landgis.documents import pictures
from landgis.ingest import sandbox
from landgis.lib import statements
from landgis.mail.queries import queue
from landgis.operations import kept_pages, readings, views
from landgis.operations.models import Damage, PublishedCheck
from landgis.tiles import pyramid

LEAST_FREE = 2 * 10**9  # bytes; a load of a province and its backup need more
CLOCKS_APART_S = 5
BACKUP_LATE_S = 26 * 3600
STANDSTILL_S = 600  # what the worker has not begun after so long it does not begin


@dataclass(frozen=True)
class Trouble:
    """What is wrong and what to do, in the language in force; `name` is that of the check."""

    name: str
    wrong: str
    remedy: str


Found = tuple[str, str] | None
Check = Callable[[], Found]


def troubles() -> list[Trouble]:
    """All that is wrong now. What needs the database is asked only where there is one."""
    found = [*_of(WITHOUT_DATABASE)]
    if away := _of([database]):
        return [*found, *away]
    return [*found, *_of(WITH_DATABASE)]


def _of(checks: list[Check]) -> list[Trouble]:
    return [Trouble(check.__name__.replace("_", "-"), *told) for check in checks if (told := _outcome(check))]


def _outcome(check: Check) -> Found:
    """A check that cannot be made is a trouble, too, and hides none of the others."""
    try:
        return check()
    except (Error, OSError) as error:
        return _("This cannot be looked at: %(kind)s.") % {"kind": type(error).__name__}, _(
            "Read the log, mend what it names, then ask again."
        )


# Without a database


def debugging() -> Found:
    if not settings.DEBUG:
        return None
    return _("Pages of errors show details to readers."), _("Take LANDGIS_DEBUG out of the environment and restart.")


def disk() -> Found:
    free = shutil.disk_usage(settings.STATE).free
    if free >= LEAST_FREE:
        return None
    return (
        _("Only %(mb)d MB are free on the disk of %(folder)s.") % {"mb": free // 10**6, "folder": settings.STATE},
        _("Make room: old backups and logs first. Stored tiles can be removed, and are cut again."),
    )


def writable() -> Found:
    for folder in (settings.STATE, Path(settings.MEDIA_ROOT), Path(settings.TILES)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError:
            return (
                _("Nothing can be written into %(folder)s.") % {"folder": folder},
                _("Give the folder to the user who runs landgis (chown), and look whether the disk is full."),
            )
    return None


def static_files() -> Found:
    """Each file that pages name was collected."""
    try:
        told = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    except (OSError, ValueError, KeyError):
        told = {}
    wanted = [
        f"{prefix}/{name}" if (prefix := getattr(storage, "prefix", "")) else name
        for finder in get_finders()
        for name, storage in finder.list([])
    ]
    missing = [name for name in wanted if not (settings.STATIC_ROOT / told.get(name, name)).is_file()]
    if not missing:
        return None
    return (
        _("%(count)d static files are missing, such as %(name)s: pages have no style and no map.")
        % {"count": len(missing), "name": missing[0]},
        _("Run `manage.py collectstatic --noinput`, then `manage.py standing_pages`, and restart."),
    )


def standing_pages() -> Found:
    if not kept_pages.folder().is_dir():
        return None
    names = [f"{status}.{language}.html" for status in (503, 429) for language, _name in settings.LANGUAGES]
    missing = [name for name in names if not (settings.STATE / "standing" / name).is_file()]
    if not missing:
        return None
    return (
        _("The pages that nginx shows while the web server is away are not there: %(names)s.")
        % {"names": ", ".join(missing)},
        _("Run `manage.py standing_pages`."),
    )


def walls() -> Found:
    if sandbox.is_available() and pictures.is_available():
        return None
    return (
        _("Files of strangers cannot be read behind walls, so uploads are refused."),
        _("Install bubblewrap, and allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)."),
    )


# With one


def database() -> Found:
    try:
        statements.value("SELECT 1")
    except Error:
        place = settings.DATABASES[DEFAULT_DB_ALIAS]
        return (
            _("The database at %(host)s does not answer.") % {"host": place["HOST"] or "localhost"},
            _("Start PostgreSQL (systemctl start postgresql) and compare DATABASE_URL with it."),
        )
    return None


def public_role() -> Found:
    try:
        is_read = views.public_reads()
    except Error:
        is_read = False
    if is_read:
        return None
    return (
        _("The role of the readers cannot read what is published, so no page is answered."),
        _("Compare DATABASE_PUBLIC_URL with the role, then run `manage.py migrate` as the owner of the tables."),
    )


def migrations() -> Found:
    if views.is_migrated():
        return None
    return _("The database is older than the program."), _("Run `manage.py backup FILE`, then `manage.py migrate`.")


def worker() -> Found:
    if views.worker() == "ok":
        return None
    return (
        _("The background worker has given no sign for a minute: files wait and search does not follow."),
        _("Run `systemctl restart landgis-worker` and read `journalctl -u landgis-worker`."),
    )


def work_left() -> Found:
    waited, failed = readings.waiting_age() or 0, readings.failed_jobs()
    if waited < STANDSTILL_S and not failed:
        return None
    return (
        _("Background work stands still: some has waited for %(minutes)d minutes, %(failed)d have failed.")
        % {"minutes": waited // 60, "failed": failed},
        _("Look at the jobs in /admin/ and at the log of the worker; restart it when the cause is gone."),
    )


def data() -> Found:
    damaged = [str(one) for one in Damage.objects.all()[:3]]
    if not damaged:
        return None
    return (
        _("What lies here is not what was written: %(places)s.") % {"places": ", ".join(damaged)},
        _("docs/operations.md, “What is not as it was written”, says what to do for each kind."),
    )


def published() -> Found:
    worst = PublishedCheck.objects.order_by("-revision").first()
    if worst is None or not worst.differences:
        return None
    return (
        _("Readers see something else than what is in force, in %(count)d rows of %(dataset)s.")
        % {"count": worst.differences, "dataset": worst.dataset},
        _("docs/operations.md, “Health”, has the command that makes it anew."),
    )


def backup() -> Found:
    age = readings.backup_age()
    if age is not None and age < BACKUP_LATE_S:
        return None
    since = _("There has never been a backup.") if age is None else _("The last backup is %(hours)d hours old.")
    return (
        since % {"hours": (age or 0) // 3600},
        _("Run `manage.py backup FILE`, and look at `systemctl list-timers landgis-backup`."),
    )


def stored_tiles() -> Found:
    old = [
        dataset.name
        for dataset in exits.datasets("tiles")
        if not pyramid.is_of_this_form(dataset, pyramid.store_of(dataset).kept())
    ]
    if not old:
        return None
    return (
        _("Tiles are not stored of %(datasets)s: maps are slow, and empty while the database is away.")
        % {"datasets": ", ".join(old)},
        _("Run `manage.py tiles build`."),
    )


def clock() -> Found:
    apart = abs(float(statements.value("SELECT extract(epoch FROM clock_timestamp())::float")) - time.time())
    if apart < CLOCKS_APART_S:
        return None
    return (
        _("The clocks of the web server and of the database are %(seconds)d seconds apart.") % {"seconds": apart},
        _("Have both machines set theirs by the network (systemd-timesyncd): deadlines follow them."),
    )


def mail() -> Found:
    told = queue()
    if not settings.EMAIL_HOST or not (told.overdue or told.given_up):
        return None
    return (
        _("Mails do not leave: %(overdue)d are tried again, %(given_up)d were given up.")
        % {"overdue": told.overdue, "given_up": told.given_up},
        _("Compare LANDGIS_MAIL_HOST and its neighbours with the mail server; /admin/ has the errors."),
    )


def people() -> Found:
    if User.objects.filter(is_active=True, is_superuser=True).exists():
        return None
    return _("Nobody can give roles: there is no administrator."), _("Run `manage.py createsuperuser`.")


WITHOUT_DATABASE: list[Check] = [debugging, disk, writable, static_files, standing_pages, walls]
WITH_DATABASE: list[Check] = [
    public_role,
    migrations,
    people,
    worker,
    work_left,
    data,
    published,
    backup,
    stored_tiles,
    clock,
    mail,
]
