"""The logins to the database, from the environment or from the pointer of the private cluster."""

import json
import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from landgis.env import WrongSetting, value
from landgis.operations import roles

STATEMENT_TIMEOUT_MS = 5000  # the longest a public reader may keep the database busy
POOL_WAIT_S = 3  # for a connection; then the reader is told that the database does not answer


def _server(variable: str) -> dict[str, Any]:
    """The Django keys of a postgresql:// address; never repeats the address, which holds a password."""
    remedy = f"{variable} cannot be used: write postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    try:
        address = urlsplit(os.environ[variable].strip())
        options = dict(parse_qsl(address.query, strict_parsing=bool(address.query)))
        # A socket folder is written %2Frun%2Fpostgresql in the host's place, or ?host=/run/postgresql.
        host = options.pop("host", "") or unquote(address.hostname or "")
        server_port = address.port or ""
    except ValueError:
        raise WrongSetting(remedy + ".") from None
    name = unquote(address.path.removeprefix("/"))
    if address.scheme not in ("postgres", "postgresql", "postgis") or not name or "/" in name or not address.username:
        raise WrongSetting(remedy + ".")
    return {
        "NAME": name,
        "HOST": host,
        "PORT": server_port,
        "USER": unquote(address.username),
        "PASSWORD": unquote(address.password or ""),
        "OPTIONS": options,
    }


def _private_servers() -> dict[str, dict[str, Any]]:
    """The logins of the private cluster by role, from the pointer that its start wrote."""
    state = value("LANDGIS_STATE")
    try:
        pointer = json.loads((state / "cluster.json").read_text(encoding="utf-8"))
        socket, server_port, passwords = pointer["socket"], pointer["port"], pointer["passwords"]
        passwords = {role: passwords[role] for role in roles.LOGINS}
    except FileNotFoundError:
        # Not started: commands that need no database still work, others fail to connect to this folder.
        socket, server_port = state / "the-private-cluster-is-not-started", ""
        passwords = dict.fromkeys(roles.LOGINS, "")
    except PermissionError:
        raise WrongSetting(f"{state}/cluster.json belongs to another user: run landgis as that user.") from None
    except (ValueError, KeyError, TypeError):
        raise WrongSetting(f"{state}/cluster.json is damaged: remove it, the next start writes it anew.") from None
    place = {"NAME": roles.DATABASE, "HOST": str(socket), "PORT": str(server_port), "OPTIONS": {}}
    return {role: {**place, "USER": role, "PASSWORD": password} for role, password in passwords.items()}


def databases() -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default` writes what the application writes, `public` may read what is published.

    From DATABASE_URL, else the private cluster's pointer. Without DATABASE_PUBLIC_URL the reader is the role
    landgis_public of the same server with the same password.
    """
    test: dict[str, Any] = {}
    if os.environ.get("DATABASE_URL", "").strip():
        application = _server("DATABASE_URL")
        if os.environ.get("DATABASE_PUBLIC_URL", "").strip():
            reader = _server("DATABASE_PUBLIC_URL")
        else:
            reader = {**application, "USER": roles.PUBLIC}
    else:
        logins = _private_servers()
        application, reader = logins[roles.APPLICATION], logins[roles.PUBLIC]
        # The owner is no superuser and could not make the extensions; the template has them.
        test = {"NAME": roles.TEST_DATABASE, "TEMPLATE": roles.TEMPLATE}
    pool = value("LANDGIS_POOL")
    common: dict[str, Any] = {
        "ENGINE": "landgis.lib.postgis",
        "CONN_MAX_AGE": 0 if pool else 60,
        "CONN_HEALTH_CHECKS": not pool,  # a pool's connections are looked at as they are handed out
    }
    # A pool that gave up tries again with the next reader, at once: a server that is back is found in the same second.
    waits = {"timeout": POOL_WAIT_S, "reconnect_timeout": POOL_WAIT_S}
    pooled: dict[str, Any] = {"pool": {"min_size": 1, "max_size": pool, **waits}} if pool else {}
    limits = f"-c default_transaction_read_only=on -c statement_timeout={STATEMENT_TIMEOUT_MS}"
    return {
        "default": {**application, **common, "OPTIONS": {**application["OPTIONS"], **pooled}, "TEST": test},
        "public": {
            **reader,
            **common,
            "OPTIONS": {**reader["OPTIONS"], **pooled, "options": limits},
            # The same test database under the reader's own login.
            "TEST": {"MIRROR": "default"},
        },
    }


def owner_login() -> dict[str, Any]:
    """The login of the owner of the tables, who alone may change their form: HOST, PORT, USER, PASSWORD.

    From DATABASE_OWNER_URL, else that of the private cluster. With DATABASE_URL alone the application owns the tables.
    """
    if os.environ.get("DATABASE_OWNER_URL", "").strip():
        owner = _server("DATABASE_OWNER_URL")
    elif os.environ.get("DATABASE_URL", "").strip():
        owner = _server("DATABASE_URL")
    else:
        owner = _private_servers()[roles.OWNER]
    return {name: owner[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
