"""Working as the owner of the tables, for what changes their form: migrations, and a backup put back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.db import connection

from landgis.catalog import published, registry
from landgis.lib import statements
from landgis.operations import roles


@contextmanager
def as_owner() -> Iterator[None]:
    """Until its end the alias `default` logs in as the owner of the tables, in this thread and process alone.

    Not inside a transaction: the login is that of the connection.
    """
    before = dict(connection.settings_dict)
    _log_in_as(settings.OWNER_LOGIN)
    try:
        yield
    finally:
        _log_in_as(before)


def _log_in_as(login: dict[str, object]) -> None:
    if connection.in_atomic_block:
        raise RuntimeError("the login cannot change inside a transaction")
    told = {name: login[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    if told.items() <= connection.settings_dict.items():
        return
    connection.close()
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL's backend
    connection.settings_dict.update(told)


def grant_rights(role: str) -> None:
    """Give the application's role what it needs and no more. As owner, after migrations; again as often as one likes."""
    if role == settings.OWNER_LOGIN["USER"]:
        return  # one role for both; `check --deploy` warns of it
    views = [name for kind, name in published.relations() if kind == "VIEW"]
    statement = roles.rights_sql(
        role,
        append_only=[apps.get_model(name)._meta.db_table for name in roles.APPEND_ONLY],
        written={apps.get_model(name)._meta.db_table: columns for name, columns in roles.WRITTEN.items()},
        updated={apps.get_model(name)._meta.db_table: columns for name, columns in roles.UPDATED.items()}
        | {dataset.in_force._meta.db_table: ("until_revision",) for dataset in registry.all_datasets()},
        views=views,
    )
    statements.execute(statement)
