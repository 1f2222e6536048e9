"""Statistics by which the database plans its queries."""

from landgis.lib import statements


def refresh(*tables: str) -> None:
    """Look at the rows of some tables anew: after a load the old statistics lead to plans that take hours."""
    for table in tables:
        statements.execute("SELECT catalog_analyze(%s::regclass)", [table])
