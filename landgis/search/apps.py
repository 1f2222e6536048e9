from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from psycopg import sql

ENTRIES = sql.SQL(
    "SELECT dataset, ref, ref_key, title, accents, keys, written, is_usual, title_words, words FROM search_searchentry"
)
WORDS = sql.SQL("SELECT word, variants FROM search_searchword")

PLACES = sql.SQL("SELECT dataset, field, value, key, uses FROM search_searchplace")
STREETS = sql.SQL("SELECT id, dataset, place, name, key FROM search_searchstreet")
ADDRESSES = sql.SQL("SELECT dataset, ref, street, number FROM search_searchaddress")


class SearchConfig(AppConfig):
    name = "landgis.search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from landgis.catalog import published
        from landgis.changes import followers
        from landgis.search import actions, number_words, readers, wordings

        published.register_view("search_entry", ENTRIES)
        published.register_view("search_word", WORDS)
        published.register_view("search_place", PLACES)
        published.register_view("search_street", STREETS)
        published.register_view("search_address", ADDRESSES)
        readers.register()
        wordings.register(20, wordings.without_speech)
        wordings.register(30, number_words.in_digits)
        followers.register(followers.Follower(actions.FOLLOWER, actions.fingerprint, actions.write, actions.forget))
