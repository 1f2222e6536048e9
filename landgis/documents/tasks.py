"""Background work: each document that a row names has pictures of its pages, and no other file has any."""

import structlog

from landgis.documents import pictures, queries
from landgis.lib.schedule import periodic

log = structlog.get_logger(__name__)


@periodic(cron="* * * * *")
def draw_documents() -> None:
    """Draw what was taken in without it: by the seed, from a backup, or where the walls did not stand then."""
    named, drawn = queries.named_or_proposed(), pictures.drawn()
    for name in drawn - named:
        pictures.take_away(name)
    waiting = sorted(name for name in named - drawn if pictures.can_be_drawn(name))
    if waiting and not pictures.is_available():
        log.warning(
            "documents are not drawn", waiting=len(waiting), remedy="install bubblewrap and allow user namespaces"
        )
        return
    for name in waiting:
        pictures.draw(name)
