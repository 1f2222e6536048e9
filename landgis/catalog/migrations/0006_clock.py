from django.db import migrations, models

# The one clock: a view, so that whoever may ask the database has the same, and a trial can set it for all at once.
CLOCK = "CREATE VIEW catalog_clock AS SELECT statement_timestamp() AS now"


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0005_locations"),
    ]

    operations = [
        migrations.RunSQL(CLOCK, "DROP VIEW catalog_clock CASCADE"),
        migrations.CreateModel(
            name="Instant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dataset", models.CharField(blank=True, max_length=64, verbose_name="dataset")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("tick", models.BigIntegerField(null=True, unique=True, verbose_name="tick")),
            ],
            options={
                "verbose_name": "moment of change",
                "verbose_name_plural": "moments of change",
                "constraints": [models.UniqueConstraint(fields=("dataset", "at"), name="instant_once")],
            },
        ),
    ]
