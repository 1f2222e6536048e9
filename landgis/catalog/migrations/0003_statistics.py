from django.db import migrations

MAKE = """
CREATE FUNCTION catalog_analyze(relation regclass) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  EXECUTE format('ANALYZE %s', relation);
END
$$;
REVOKE ALL ON FUNCTION catalog_analyze(regclass) FROM PUBLIC;
COMMENT ON FUNCTION catalog_analyze(regclass) IS
  'Fresh statistics of a table: only its owner may ANALYZE it, and the application is another role.'
"""


class Migration(migrations.Migration):
    """The application, which owns no table, loads a million rows and needs true statistics behind them."""

    dependencies = [
        ("catalog", "0002_withheld"),
    ]

    operations = [
        migrations.RunSQL(MAKE, "DROP FUNCTION catalog_analyze(regclass)"),
    ]
