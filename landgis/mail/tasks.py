"""Background work of mail. It may be repeated or cut short at any time."""

from landgis.lib.schedule import periodic
from landgis.mail import actions, delivery


@periodic(cron="* * * * *")
def send_mail() -> None:
    """Send what is due, give up what has waited too long, and forget whose mail it was."""
    actions.give_up_old()
    delivery.deliver()
    actions.forget()
