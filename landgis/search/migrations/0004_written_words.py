"""The words of an entry as they are written, so that a word with marks finds only itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0003_delete_searchposition")]

    operations = [
        # The words in use are counted anew with the entries, with their marks.
        migrations.RunSQL(
            "DELETE FROM search_searchentry; DELETE FROM search_searchaddress; DELETE FROM search_searchstreet;"
            " DELETE FROM search_searchword",
            migrations.RunSQL.noop,
        ),
        migrations.AddField("searchentry", "written", models.TextField(default="", db_default="")),
    ]
