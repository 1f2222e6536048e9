"""Background work of error reports. It may be repeated or cut short at any time."""

from landgis.feedback import answers
from landgis.lib.schedule import periodic


@periodic(cron="7 * * * *")
def forget_senders() -> None:
    """Delete how to reach the senders of reports that ended long ago, and what they attached."""
    answers.forget()
