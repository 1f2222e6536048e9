"""Statistics by which the database plans its queries."""

from landgis.lib import statements


def refresh(*tables: str, is_due: bool = True) -> None:
    """Look at the rows of some tables anew: after a load the old statistics lead to plans that take hours.

    After a few rows it is not due: the look itself takes longer than any plan for so few.
    """
    for table in tables if is_due else ():
        statements.execute("SELECT catalog_analyze(%s::regclass)", [table])
