"""gunicorn of an installation, for readers and for officers; where it listens and with how many processes say the units."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "landgis.settings")

import django

django.setup()

from landgis.operations.admission import most_at_once  # noqa: E402 -- wants the settings
from landgis.operations.web_worker import SPARE_THREADS  # noqa: E402

worker_class = "landgis.operations.web_worker.WebWorker"
threads = most_at_once() + SPARE_THREADS
graceful_timeout = 10
timeout = 240  # longer than nginx waits for what is heavy
if os.access("/dev/shm", os.W_OK):  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108 -- where a heartbeat does not wait for a disk
control_socket_disable = True
