from django.db import migrations, models

# What Django's database cache asks for (createcachetable): counters of attempts, which all processes share.
COUNTERS = """
CREATE TABLE accounts_counter (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX accounts_counter_expires ON accounts_counter (expires);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_wishes_of_mail"),
    ]

    operations = [
        migrations.DeleteModel(name="Attempt"),
        migrations.AddField(
            model_name="user",
            name="session_salt",
            field=models.CharField(blank=True, default="", editable=False, max_length=22),
            preserve_default=False,
        ),
        migrations.RunSQL(COUNTERS, "DROP TABLE accounts_counter"),
    ]
