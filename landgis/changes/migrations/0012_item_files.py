"""Files into which the items of change sets go that have ended; what takes a value out is told which change sets are about it."""

from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

CHECKSUMS = import_module("landgis.changes.migrations.0007_checksums")
REMOVE_NEW = "DROP FUNCTION changes_take_out(bigint, regclass, bigint[], jsonb)"
SUBJECTS = """  EXECUTE format('SELECT array_agg(DISTINCT ''change-set '' || change_set_id) FROM %s WHERE ref = $1', items)
    INTO subjects USING asked.ref;
"""
# Which change sets have the feature among their items the application says: of many they lie in files.
MAKE = (
    CHECKSUMS.MAKE.replace("items regclass", "about bigint[]")
    .replace("(bigint, regclass, regclass, jsonb)", "(bigint, regclass, bigint[], jsonb)")
    .replace(SUBJECTS, "  SELECT array_agg('change-set ' || number) FROM unnest(about) number INTO subjects;\n")
)


class Migration(migrations.Migration):
    dependencies = [("changes", "0011_passages")]

    operations = [
        migrations.CreateModel(
            name="ItemFile",
            fields=[
                (
                    "change_set",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="item_file",
                        serialize=False,
                        to="changes.changeset",
                        verbose_name="change set",
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="checksum of the file")),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=63), size=None, verbose_name="columns"
                    ),
                ),
                ("blocks", models.JSONField(verbose_name="blocks")),
                ("ref_sums", models.BinaryField(verbose_name="checksums of the references")),
                ("said", models.JSONField(verbose_name="what it says of all")),
                (
                    "put_away_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="put away at"
                    ),
                ),
            ],
            options={"verbose_name": "file of items", "verbose_name_plural": "files of items"},
        ),
        migrations.RunSQL(CHECKSUMS.REMOVE_NEW, CHECKSUMS.MAKE),
        migrations.RunSQL(MAKE, REMOVE_NEW),
    ]
