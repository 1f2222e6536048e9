"""Who may do what in the database: the two roles, their settings, and the databases made for them.

Plain SQL for psql, run by a superuser: on the private cluster by its start, elsewhere by the administrator
(`manage.py roles` prints it). Migrations never name a role.
"""

OWNER = "landgis"  # owns the tables and runs migrations; no superuser
PUBLIC = "landgis_public"  # reads the schema `published`, and nothing else
DATABASE = "landgis"
TEMPLATE = "landgis_template"  # has the extensions, so that the owner can make databases
TEST_DATABASE = "test_landgis"
SCHEMA = "published"
EXTENSIONS = ("postgis", "unaccent", "pg_trgm", "btree_gist")

_ROLES = """
SELECT 'CREATE ROLE {owner}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{owner}') \\gexec
SELECT 'CREATE ROLE {public}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{public}') \\gexec
ALTER ROLE {owner} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '{owner_password}';
ALTER ROLE {public} LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '{public_password}';
-- Compiling a query costs big tiles seconds at their first plan and gains nothing afterwards.
ALTER ROLE {owner} SET jit = off;
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
REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC;
GRANT TEMPORARY ON DATABASE {database} TO {owner};
CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {owner};
GRANT USAGE ON SCHEMA {schema} TO {public};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT SELECT ON TABLES TO {public};
"""


def roles_sql(owner_password: str, public_password: str) -> str:
    """The two login roles; passwords may hold letters, digits, - and _ only."""
    for password in (owner_password, public_password):
        if not password.replace("-", "").replace("_", "").isalnum():
            raise ValueError("a password of the database roles may hold letters, digits, - and _ only")
    return _ROLES.format(
        owner=OWNER,
        public=PUBLIC,
        schema=SCHEMA,
        owner_password=owner_password,
        public_password=public_password,
    )


def database_sql(database: str, made_from: str) -> str:
    """One database with the extensions and the schema `published`; `made_from` ends CREATE DATABASE."""
    return _DATABASE.format(
        database=database,
        made_from=made_from,
        extensions="\n".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS),
        owner=OWNER,
        public=PUBLIC,
        schema=SCHEMA,
    )


def cluster_sql(owner_password: str, public_password: str) -> str:
    """All that the private cluster needs, for psql as superuser in the database postgres; may be run again."""
    return "\n".join(
        [
            "SET client_min_messages = warning;",
            roles_sql(owner_password, public_password),
            database_sql(TEMPLATE, "TEMPLATE template0 ENCODING ''UTF8''"),
            "\\connect postgres",
            f"ALTER DATABASE {TEMPLATE} IS_TEMPLATE true;",
            database_sql(DATABASE, f"TEMPLATE {TEMPLATE} OWNER {OWNER}"),
        ]
    )
