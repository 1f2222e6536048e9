from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from psycopg import sql

ENTRIES = sql.SQL(
    "SELECT dataset, ref, ref_key, title, accents, keys, is_usual, title_words, words FROM search_searchentry"
)
WORDS = sql.SQL("SELECT word, variants FROM search_searchword")


class SearchConfig(AppConfig):
    name = "landgis.search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from landgis.catalog import published

        published.register_view("search_entry", ENTRIES)
        published.register_view("search_word", WORDS)
