"""`manage.py check --deploy` has nothing to say of an installation behind https."""

import os
import secrets
import subprocess
import sys

from landgis import env


def test_the_deployment_check_is_clean() -> None:
    variables = {
        "LANDGIS_HTTPS": "on",
        "LANDGIS_HOSTS": "land.example.org",
        "LANDGIS_SECRET_KEY": secrets.token_urlsafe(64),
    }
    # The tests' own browser needs this one; an installation has it not.
    given = {name: text for name, text in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={**given, **variables},
        cwd=env.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
