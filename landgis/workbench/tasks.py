"""Background work of the workbench."""

from typing import Any

from django.db import close_old_connections
from procrastinate import JobContext
from procrastinate.contrib.django import app

from landgis.workbench import actions


@app.task(name="workbench_run", pass_context=True)
def work(context: JobContext, run_id: int) -> None:
    close_old_connections()  # one that broke with the database would never work again
    actions.work(run_id, context.job.id)


@app.periodic(cron="* * * * * */5")  # the sixth field is seconds
@app.task(name="sweep_runs", queueing_lock="sweep_runs", pass_context=False)
def sweep_runs(timestamp: int, **_more: Any) -> None:
    """Begin anew what lost its process, also right after a worker has started."""
    close_old_connections()
    actions.sweep()
