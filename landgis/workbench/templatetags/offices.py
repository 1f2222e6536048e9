"""What templates of the officers' pages ask about whoever reads them."""

from django import template

from landgis.accounts.models import User
from landgis.changes import territories

register = template.Library()


@register.filter
def administers(person: User) -> bool:
    """Whether the pages of people open to the person now."""
    return person.is_administrator and territories.administers(person)
