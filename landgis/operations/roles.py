"""Who may do what in the database: the three roles, their settings, and the databases made for them.

The owner of the tables changes their form, in migrations and at no other time. The application is another role: it
writes what the door of changes writes, and can neither alter nor remove what is in force, logged or audited. The
public reads what is published.

Plain SQL for psql, run by a superuser: on the private cluster by its start, elsewhere by the administrator
(`manage.py roles` prints it). Migrations never name a role; `rights_sql` is run behind them.
"""

from collections.abc import Collection, Mapping

OWNER = "landgis"  # owns the tables and runs migrations; no superuser
APPLICATION = "landgis_app"  # web server and worker
PUBLIC = "landgis_public"  # reads the schema `published`, and nothing else
LOGINS = (OWNER, APPLICATION, PUBLIC)
DATABASE = "landgis"
TEMPLATE = "landgis_template"  # has the extensions, so that the owner can make databases
TEST_DATABASE = "test_landgis"
SCHEMA = "published"
EXTENSIONS = ("postgis", "unaccent", "pg_trgm", "btree_gist")

_ROLES = """
SELECT 'CREATE ROLE {owner}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{owner}') \\gexec
SELECT 'CREATE ROLE {public}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{public}') \\gexec
SELECT 'CREATE ROLE {application}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{application}') \\gexec
ALTER ROLE {owner} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '{owner_password}';
ALTER ROLE {application} LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '{application_password}';
ALTER ROLE {public} LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '{public_password}';
-- Compiling a query costs big tiles seconds at their first plan and gains nothing afterwards.
-- Or the owner could not end what the application still does in a database that is to go.
GRANT {application} TO {owner};
ALTER ROLE {owner} SET jit = off;
ALTER ROLE {application} SET jit = off;
ALTER ROLE {public} SET jit = off;
ALTER ROLE {public} SET search_path = {schema}, public;
ALTER ROLE {public} SET default_transaction_read_only = on;
ALTER ROLE {public} SET statement_timeout = '5s';
ALTER ROLE {public} SET idle_in_transaction_session_timeout = '30s';
"""

_DATABASE = """
SELECT 'CREATE DATABASE {database} {made_from}' WHERE NOT EXISTS (
  SELECT FROM pg_database WHERE datname = '{database}') \\gexec
\\connect {database}
{extensions}
-- These read the statistics of any table for anybody, and so tell where rows lie that the policy hides.
SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', oid::regprocedure) FROM pg_proc
  WHERE prosecdef OR proname IN ('st_estimatedextent', '_postgis_index_extent', '_postgis_stats',
    '_postgis_selectivity', '_postgis_join_selectivity') \\gexec
-- How large a table is, and what the planner and the counters know of it, tells how many rows the policy hides. Each role of
-- PostgreSQL may ask for it; from here on in this database only the two that may read the tables anyway.
SELECT format('REVOKE EXECUTE ON FUNCTION %1$s FROM PUBLIC; GRANT EXECUTE ON FUNCTION %1$s TO {owner}, {application}',
    oid::regprocedure) FROM pg_proc
  WHERE pronamespace = 'pg_catalog'::regnamespace AND has_function_privilege('{public}', oid, 'EXECUTE')
    AND (proname ~ '^pg_stat_get_' OR proname IN ('pg_relation_size', 'pg_table_size', 'pg_indexes_size',
    'pg_total_relation_size', 'pg_database_size', 'pg_tablespace_size')) \\gexec
SELECT format('REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC; GRANT SELECT (%s) ON pg_catalog.pg_class TO PUBLIC',
    string_agg(quote_ident(attname), ', ')) FROM pg_attribute
  WHERE attrelid = 'pg_catalog.pg_class'::regclass AND attnum > 0
    AND attname NOT IN ('reltuples', 'relpages', 'relallvisible', 'relallfrozen') \\gexec
GRANT SELECT ON pg_catalog.pg_class TO {owner}, {application};
REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC;
GRANT TEMPORARY ON DATABASE {database} TO {owner};
CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {owner};
GRANT USAGE ON SCHEMA {schema} TO {application}, {public};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT SELECT ON TABLES TO {public};
-- What a migration makes can be used at once; `rights_sql` then takes away what goes too far.
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {application};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {application};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {application};
"""


# Tables that only grow, by their models: what happened stays as it was written.
APPEND_ONLY = ("catalog.Revision", "changes.LogEntry", "changes.AuditEntry", "catalog.ChecksumForm")
# Of these the database writes what is not named, the time of a line too.
WRITTEN = {
    "changes.AuditEntry": ("by", "verb", "subject", "details"),
    "changes.AuditSeal": ("entry", "salt", "reason_sum", "digest"),
}
# Of these lines stay, too, and only such columns get another value; of rows in force the end.
UPDATED = {
    "changes.Redaction": ("state", "decided_by_id", "decided_at", "revisions", "checksums", "finished_at"),
    "changes.AuditSeal": ("salt",),
}
# What they do is done with the rights of the owner, for the application alone.
FUNCTIONS = ("catalog_analyze(regclass)", "changes_take_out(bigint, regclass, bigint[], jsonb)")


def roles_sql(owner_password: str, application_password: str, public_password: str) -> str:
    """The three login roles; passwords may hold letters, digits, - and _ only."""
    for password in (owner_password, application_password, public_password):
        if not password.replace("-", "").replace("_", "").isalnum():
            raise ValueError("a password of the database roles may hold letters, digits, - and _ only")
    return _ROLES.format(
        owner=OWNER,
        application=APPLICATION,
        public=PUBLIC,
        schema=SCHEMA,
        owner_password=owner_password,
        application_password=application_password,
        public_password=public_password,
    )


def database_sql(database: str, made_from: str) -> str:
    """One database with the extensions and the schema `published`; `made_from` ends CREATE DATABASE."""
    return _DATABASE.format(
        database=database,
        made_from=made_from,
        extensions="\n".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS),
        owner=OWNER,
        application=APPLICATION,
        public=PUBLIC,
        schema=SCHEMA,
    )


def rights_sql(
    role: str,
    *,
    append_only: Collection[str],
    written: Mapping[str, Collection[str]],
    updated: Mapping[str, Collection[str]],
    views: Collection[str],
) -> str:
    """What the application's role may do with the tables and views of a database, for their owner to run again and again.

    Tables that are `append_only` take new rows alone, and of those in `written` only the named columns; those in
    `updated` new rows, and another value in the named columns. Through `views` of the schema `published` nothing is
    written.
    """
    lines = [
        f"GRANT USAGE ON SCHEMA public, {SCHEMA} TO {role};",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, {SCHEMA} TO {role};",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};",
        *(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC;" for function in FUNCTIONS),
        *(f"GRANT EXECUTE ON FUNCTION {function} TO {role};" for function in FUNCTIONS),
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};",
    ]
    lines += [f"REVOKE UPDATE, DELETE ON {table} FROM {role};" for table in (*append_only, *updated)]
    for table, columns in written.items():
        lines += [
            f"REVOKE INSERT ON {table} FROM {role};",
            f"GRANT INSERT ({', '.join(columns)}) ON {table} TO {role};",
        ]
    lines += [f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {role};" for table, columns in updated.items()]
    lines += [f"REVOKE INSERT, UPDATE, DELETE ON {SCHEMA}.{view} FROM {role};" for view in views]
    return "\n".join(lines)


def cluster_sql(owner_password: str, application_password: str, public_password: str) -> str:
    """All that the private cluster needs, for psql as superuser in the database postgres; may be run again."""
    return "\n".join(
        [
            "SET client_min_messages = warning;",
            roles_sql(owner_password, application_password, public_password),
            database_sql(TEMPLATE, "TEMPLATE template0 ENCODING ''UTF8''"),
            "\\connect postgres",
            f"ALTER DATABASE {TEMPLATE} IS_TEMPLATE true;",
            database_sql(DATABASE, f"TEMPLATE {TEMPLATE} OWNER {OWNER}"),
        ]
    )
