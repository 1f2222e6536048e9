"""manage.py load FILE --dataset NAME: a file through a change set into force, or a report of why not."""

import datetime
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from landgis.changes import actions as changes
from landgis.changes.models import ChangeSet, Door, Since
from landgis.ingest import repairs, sandbox, store
from landgis.ingest.actions import Intake, Onlooker, Provenance, take
from landgis.ingest.errors import FileError
from landgis.ingest.instructions import Instructions
from landgis.ingest.questions import Unanswered
from landgis.ingest.report import FileReport, report_of
from landgis.ingest.terminal import as_text, asked
from landgis.lib import days, geometry

log = structlog.get_logger(__name__)

STOPPED, WRONG_USE = 1, 2


class Command(BaseCommand):
    help = "Load a file into a dataset. A dry run with a report, unless --commit."
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="Shapefile (zipped or beside its parts), GeoPackage, XLSX, CSV, DXF, ..."
        )
        parser.add_argument("--dataset", required=True, help="name of the dataset, such as public-land")
        _add_reading(parser)
        parser.add_argument("--complete", action="store_true", help="retire features that the file lacks")
        parser.add_argument("--leave-out", action="store_true", help="go on without the rows that have errors")
        parser.add_argument(
            "--confirm",
            action="append",
            default=[],
            type=int,
            metavar="NUMBER",
            help="go on although so many features would be retired, moved or changed, as a report says",
        )
        parser.add_argument("--source", default="", help="where the data come from; shown to the public")
        parser.add_argument("--as-of", type=_day, help="day the file describes")
        parser.add_argument(
            "--changed-since",
            choices=[Since.KEEP.value, Since.TAKE.value],
            default=Since.ASK.value,
            help="features changed here after --as-of: keep what is here, or take what the file says",
        )
        parser.add_argument("--made-up", action="store_true", help="mark every feature as made up")
        parser.add_argument("--commit", action="store_true", help="publish")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            shows_progress = options["verbosity"] and not options["json"] and self.stderr.isatty()
            report = load(options, ProgressLine(self.stderr) if shows_progress else None)
        except Unanswered as error:
            self._ask(error, options)
            raise CommandError(str(error), returncode=WRONG_USE) from error
        except FileError as error:
            raise CommandError(str(error), returncode=WRONG_USE) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=2, default=str))
        elif options["verbosity"]:
            self.stdout.write(as_text(report))
        if report.stopped:
            sys.exit(STOPPED)

    def _ask(self, error: Unanswered, options: dict[str, Any]) -> None:
        """Print what was understood and what has to be said."""
        file = options["file"].name
        if options["json"]:
            said = {"dataset": error.dataset.name, "file": file, "understood": error.read, "stopped": True}
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2, default=str))
        else:
            self.stdout.write(asked(file, error.read, error.dataset))


def _add_reading(parser: CommandParser) -> None:
    """The options that say how the file is to be read."""
    parser.add_argument("--layer", help="layer of the file, when it has several")
    parser.add_argument("--crs", help="coordinate system of the file, such as EPSG:5899")
    parser.add_argument("--fix", metavar="CODE", help="mistake of the coordinates to take back, as a report names it")
    parser.add_argument(
        "--repair",
        metavar="KIND[,KIND]",
        nargs="?",
        const="",
        help="kinds of repairs of boundaries to accept, as a report names them",
    )
    parser.add_argument("--encoding", help="encoding of its text, such as TCVN3 or UTF-8")
    parser.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=FIELD", help="which column is which field"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help="what a field holds in every row"
    )
    parser.add_argument(
        "--notation",
        action="append",
        default=[],
        metavar="COLUMN=NOTATION",
        help="how a column is written: point or comma before decimals, day-first or month-first",
    )
    parser.add_argument(
        "--code",
        action="append",
        default=[],
        metavar="FIELD:VALUE=CODE",
        help="the code that a value of the file means, in every row",
    )
    parser.add_argument("--profile", metavar="NAME", help="read as the files of this supplier are read")
    parser.add_argument("--save-profile", metavar="NAME", help="keep how this file was read under a name")


class ProgressLine(Onlooker):
    """Rows done and in all, on one line of a terminal."""

    def __init__(self, out: Any):
        self.out = out

    def progress(self, done: int, total: int) -> None:
        self.out.write(f"\r{done}/{total}", ending="\n" if done >= total else "")


def load(options: dict[str, Any], onlooker: Onlooker | None = None) -> FileReport:
    """Take the file in; with `commit` and without stopping issues also submit, approve and apply.

    Without `commit` everything is rolled back. With it, the change set and its issues are kept even
    when they stop it; the features change whole or not at all.
    """
    intake, path, commit = _intake(options), options["file"], options["commit"]
    if options["verbosity"] and not sandbox.is_available():
        log.warning("the file is read without a sandbox", remedy="install bubblewrap and allow user namespaces")
    kept = store.keep(path) if commit and path.is_file() else None
    change_set, report = take(path, intake, by=None, door=Door.COMMAND_LINE, kept=kept, onlooker=onlooker, stays=commit)
    return _publish(change_set, report) if commit else report


def _publish(change_set: ChangeSet, report: FileReport) -> FileReport:
    """Put it in force, or say why not."""
    if report.stopped:
        changes.reject(change_set, by=None, reason=_("Stopped by errors found in the file."))
        return report
    if not report.has_changes:
        changes.withdraw(change_set, by=None, reason=_("Everything in the file is in force already."))
        return report
    try:
        with transaction.atomic():  # a cut leaves none that is approved and that nobody applies
            changes.submit(change_set, by=None)
            changes.approve(change_set, by=None)
            number = changes.apply(change_set, by=None)
    except changes.MovedOn as moved:  # features changed between check and apply: nothing was overwritten
        changes.record(change_set, moved.findings)
        changes.withdraw(change_set, by=None, reason=_("Features changed while the file was being loaded."))
        return replace(report_of(change_set), stopped=True)
    return replace(report, committed=True, revision=number)


def _intake(options: dict[str, Any]) -> Intake:
    return Intake(
        dataset=options["dataset"],
        instructions=Instructions(
            layer=options["layer"],
            srid=_srid(options["crs"]),
            fix=options["fix"],
            repairs=_kinds(options["repair"]),
            encoding=options["encoding"],
            columns=_pairs(options["map"], "map-form"),
            constants=_pairs(options["set"], "set-form"),
            notations=_pairs(options["notation"], "notation-form"),
            codes=_codes(options["code"]),
        ),
        provenance=Provenance(
            source=options["source"],
            source_as_of=options["as_of"],
            is_made_up=options["made_up"],
            is_complete=options["complete"],
            since=Since(options["changed_since"]),
        ),
        profile=options["profile"] or "",
        save_profile=options["save_profile"] or "",
        leave_out=options["leave_out"],
        confirmed=options["confirm"],
    )


def _codes(written: list[str]) -> dict[str, dict[str, str]]:
    """Field -> value -> code."""
    codes: dict[str, dict[str, str]] = {}
    for pair in written:
        left, _equals, code = pair.rpartition("=")
        name, _colon, value = left.partition(":")
        if not (name and value and code):
            raise FileError("code-form")
        codes.setdefault(name, {})[value] = code
    return codes


def _day(text: str) -> datetime.date:
    return days.read(text).day


def _srid(text: str | None) -> int | None:
    try:
        return geometry.parse_srid(text) if text else None
    except ValueError as error:
        raise FileError("crs-form", text=text) from error


def _kinds(text: str | None) -> frozenset[str]:
    return frozenset() if text is None else repairs.known([kind.strip() for kind in text.split(",")])


def _pairs(written: list[str], error: str) -> dict[str, str]:
    pairs = dict(pair.partition("=")[::2] for pair in written)
    if not all(pairs.values()) or not all(pairs):
        raise FileError(error)
    return pairs
