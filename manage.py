#!/usr/bin/env python
"""Commands of landgis. Without DATABASE_URL they use the private PostGIS cluster, which is started for them."""

import os
import sys

# They touch no database, so they start none.
WITHOUT_DATABASE = {
    "",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "startproject",
    "version",
}


def needs_cluster(arguments: list[str]) -> bool:
    """Whether this command line talks to a database that we have to start."""
    if os.environ.get("DATABASE_URL", "").strip():
        return False
    if "--database" in arguments and arguments[0] == "check":
        return True
    command = next((word for word in arguments if not word.startswith("-")), "")
    return command not in WITHOUT_DATABASE and not {"-h", "--help", "--version"} & set(arguments)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "landgis.settings")
    try:
        from landgis import env
        from landgis.lib import full_disk, logs
        from landgis.operations import cluster
    except ImportError as error:
        sys.exit(f"landgis: {error}. Run `make setup`, then use .venv/bin/python manage.py.")
    sys.excepthook = logs.excepthook
    try:
        env.check()
        held = cluster.hold(env.value("LANDGIS_STATE")) if needs_cluster(sys.argv[1:]) else None  # noqa: F841
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except (env.WrongSetting, cluster.ClusterError) as error:
        sys.exit(f"landgis: {error}")
    except Exception as error:
        if not full_disk.is_full_disk(error):
            raise
        sys.exit("landgis: a disk is full, this machine's or the database's. Make room, then start the command again.")


if __name__ == "__main__":
    main()
