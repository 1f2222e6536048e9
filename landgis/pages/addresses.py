"""Addresses of data that pages lead to without importing the app that serves them."""

from django.urls import NoReverseMatch, reverse


def data_address(name: str, plain: str, *arguments: str) -> str:
    """The address of data of an app that pages do not import; the agreed one where it is not installed."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return plain
