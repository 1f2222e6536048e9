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

from landgis.catalog import registry
from landgis.changes import actions as changes
from landgis.changes.models import Door, Since
from landgis.ingest import profiles, sandbox, store
from landgis.ingest.actions import Provenance, stage_file
from landgis.ingest.errors import FileError
from landgis.ingest.report import FileReport, as_text, report_of
from landgis.ingest.understanding import Instructions
from landgis.lib import geometry

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
        parser.add_argument("--layer", help="layer of the file, when it has several")
        parser.add_argument("--crs", help="coordinate system of the file, such as EPSG:5899")
        parser.add_argument(
            "--fix", metavar="CODE", help="mistake of the coordinates to take back, as a report names it"
        )
        parser.add_argument(
            "--repair", action="store_true", help="accept the repairs of boundaries that a report proposes"
        )
        parser.add_argument("--encoding", help="encoding of its text, such as TCVN3 or UTF-8")
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=FIELD", help="which column is which field"
        )
        parser.add_argument(
            "--set", action="append", default=[], metavar="FIELD=VALUE", help="what a field holds in every row"
        )
        parser.add_argument("--profile", metavar="NAME", help="read as the files of this supplier are read")
        parser.add_argument("--save-profile", metavar="NAME", help="keep how this file was read under a name")
        parser.add_argument("--complete", action="store_true", help="retire features that the file lacks")
        parser.add_argument("--leave-out", action="store_true", help="go on without the rows that have errors")
        parser.add_argument("--source", default="", help="where the data come from; shown to the public")
        parser.add_argument("--as-of", type=datetime.date.fromisoformat, help="day the file describes")
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
            report = load(options, self.progress if options["verbosity"] and not options["json"] else None)
        except FileError as error:
            raise CommandError(str(error), returncode=WRONG_USE) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=2, default=str))
        elif options["verbosity"]:
            self.stdout.write(as_text(report))
        if report.stopped:
            sys.exit(STOPPED)

    def progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done}/{total}", ending="")
            if done >= total:
                self.stderr.write("")


def load(options: dict[str, Any], progress: Any = None) -> FileReport:
    """Stage and check; with `commit` and without stopping issues also submit, approve and apply.

    Without `commit` everything is rolled back. With it, the change set and its issues are kept even
    when they stop it; the features change whole or not at all.
    """
    dataset = _dataset(options["dataset"])
    if options["verbosity"] and not sandbox.is_available():
        log.warning("the file is read without a sandbox", remedy="install bubblewrap and allow user namespaces")
    instructions = Instructions(
        layer=options["layer"],
        srid=_srid(options["crs"]),
        fix=options["fix"],
        repair=options["repair"],
        encoding=options["encoding"],
        columns=_pairs(options["map"], _("Write --map COLUMN=FIELD, for example --map MAKHU=plot_code.")),
        constants=_pairs(options["set"], _("Write --set FIELD=VALUE, for example --set map_sheet=12.")),
    )
    if options["profile"]:
        instructions = profiles.completed(instructions, options["profile"], dataset)
    provenance = Provenance(
        source=options["source"],
        source_as_of=options["as_of"],
        is_made_up=options["made_up"],
        is_complete=options["complete"],
        since=Since(options["changed_since"]),
    )
    kept = store.keep(options["file"]) if options["commit"] and options["file"].is_file() else None
    with transaction.atomic():
        change_set, source = stage_file(
            options["file"],
            dataset,
            instructions,
            provenance,
            by=None,
            door=Door.COMMAND_LINE,
            progress=progress or (lambda done, total: None),
            kept=kept,
        )
        changes.check(change_set, leave_out=options["leave_out"])
        report = report_of(change_set, source, dataset)
        if not options["commit"]:
            transaction.set_rollback(True)
    if options["save_profile"]:
        profiles.save(options["save_profile"], instructions, change_set)
    if not options["commit"]:
        return report
    if report.stopped:
        changes.reject(change_set, by=None, reason=_("Stopped by errors found in the file."))
        return report
    if not (report.add or report.change or report.retire):
        changes.withdraw(change_set, by=None, reason=_("Everything in the file is in force already."))
        return report
    changes.submit(change_set)
    changes.approve(change_set, by=None)
    try:
        report.revision = changes.apply(change_set, by=None)
    except changes.MovedOn as moved:
        return _moved_on(change_set, source, dataset, moved)
    report.committed = True
    return report


def _moved_on(change_set: Any, source: Any, dataset: Any, moved: changes.MovedOn) -> FileReport:
    """The report when features changed between the check and the apply: nothing was overwritten."""
    changes.record(change_set, moved.findings)
    changes.withdraw(change_set, by=None, reason=_("Features changed while the file was being loaded."))
    return replace(report_of(change_set, source, dataset), stopped=True)


def _dataset(name: str) -> Any:
    try:
        return registry.get(name)
    except KeyError:
        names = ", ".join(dataset.name for dataset in registry.all_datasets())
        raise FileError(
            _("There is no dataset “%(name)s”; there are: %(names)s.") % {"name": name, "names": names}
        ) from None


def _srid(text: str | None) -> int | None:
    try:
        return geometry.parse_srid(text) if text else None
    except ValueError as error:
        raise FileError(str(error)) from error


def _pairs(written: list[str], remedy: str) -> dict[str, str]:
    pairs = dict(pair.partition("=")[::2] for pair in written)
    if not all(pairs.values()) or not all(pairs):
        raise FileError(remedy)
    return pairs
