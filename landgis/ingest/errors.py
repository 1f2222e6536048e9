"""Why a file cannot be read."""

from typing import Any

from django.utils.translation import gettext


def marked(message: str) -> str:
    """A text that is translated where it is shown; imported as `_`, by which the catalogues find it.

    Unlike Django's gettext_noop it needs no settings.
    """
    return message


class FileError(Exception):
    """The file cannot be read; the text says why and what to do.

    `message` is an English text known to gettext, `params` fill it in. It is translated only when it is shown,
    so that it can be raised where no language and no settings are known.
    """

    def __init__(self, message: str, **params: Any):
        super().__init__(message, params)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        text = gettext(self.message)
        return text % {name: _shown(value) for name, value in self.params.items()} if self.params else text


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
