"""Background work of the workbench."""

from django.db import close_old_connections
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from landgis.changes import redactions
from landgis.lib.schedule import periodic
from landgis.workbench import actions, intake, receipts, runs, telling

NIGHT = range(5)  # hours of the office's day


@app.task(name="workbench_run", pass_context=True)
def work(context: JobContext, run_id: int) -> None:
    close_old_connections()  # one that broke with the database would never work again
    runs.work(run_id, context.job.id)


@periodic(cron="*/10 * * * *")
def read_suppliers() -> None:
    """At night look at the folders of suppliers; again and again, for what was still arriving."""
    if timezone.localtime().hour in NIGHT:
        intake.read_folders()


@periodic(cron="* * * * * */5")  # the sixth field is seconds
def sweep_runs() -> None:
    """Begin what is due, and anew what lost its process, also right after a worker has started; end redactions that were cut."""
    actions.begin_planned()
    runs.sweep()
    redactions.finish()


@periodic(cron="23 * * * *")
def forget_receipts() -> None:
    """Drop receipts that nobody asks for any more."""
    receipts.forget()


@periodic(cron="* * * * *")
def tell_approvers() -> None:
    """Write to approvers what waits for them, once an hour at most."""
    telling.tell()
