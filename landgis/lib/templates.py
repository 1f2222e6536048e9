"""Templates have one element a line; readers are sent none of these line breaks."""

import re

from django.template.base import Origin
from django.template.loaders import cached
from django.template.loaders.filesystem import Loader as Filesystem

TOKEN = re.compile(
    r"(\{% blocktranslate\b.*?\{% endblocktranslate %\}|\{%.*?%\}|\{\{.*?\}\}|<(?:\{%.*?%\}|\{\{.*?\}\}|[^>])*>)",
    re.DOTALL,
)
BREAK = re.compile(r"\s*\n\s*")
# Beside these elements white space is not seen. The parts of a picture (SVG) and of a choice are such, too.
BLOCK = re.compile(
    r"<[/!]?(address|article|aside|blockquote|body|br|caption|col|colgroup|dd|details|div|dl|doctype|dt|fieldset"
    r"|figcaption|figure|footer|form|g|h[1-6]|head|header|hr|html|legend|li|link|main|meta|nav|noscript|ol|optgroup|option"
    r"|p|path|picture|rect|script|section|source|style|summary|table|tbody|td|template|tfoot|th|thead|title|tr|ul)\b",
    re.IGNORECASE,
)
WORDS = re.compile(r"\{% (translate|blocktranslate|url|static|now)\b")  # tags in whose place a text stands


class Loader(cached.Loader):
    """The cached loader, with our own templates squeezed before they are compiled."""

    def get_contents(self, origin: Origin) -> str:
        text = super().get_contents(origin)
        return squeezed(text) if type(origin.loader) is Filesystem else text  # those of other apps stay as they are


def squeezed(template: str) -> str:
    """The template without its line breaks and what indents them.

    A break beside a block element, or between elements and tags of the template, is nothing; between words and inline
    elements it is a space, as everywhere in HTML.
    """
    pieces = ["", *TOKEN.split(template), ""]
    return "".join(
        _spaced(piece, pieces[index - 1], pieces[index + 1]) if index % 2 else _token(piece)
        for index, piece in enumerate(pieces[1:-1], 1)
    )


def _token(piece: str) -> str:
    """Before a tag of the template inside an element a break is nothing: what stands in it brings its own space."""
    return BREAK.sub(" ", re.sub(r"\s*\n\s*(?=\{%)", "", piece)) if piece.startswith("<") else piece


def _spaced(text: str, before: str, after: str) -> str:
    """The text between two tokens ("" at an end of the template)."""
    if text.strip():
        text = re.sub(r"\A\s*\n\s*", "" if _is_block(before) else " ", text)
        text = re.sub(r"\s*\n\s*\Z", "" if _is_block(after) else " ", text)
        return BREAK.sub(" ", text)
    if "\n" not in text:
        return text
    sides = (before, after)
    is_nothing = any(map(_is_block, sides)) or (
        any(map(_is_tag, sides)) and all(_is_tag(one) or one[0] == "<" for one in sides)
    )
    return "" if is_nothing else " "


def _is_block(token: str) -> bool:
    """Whether white space beside it is not seen; the end of a template counts."""
    return not token or BLOCK.match(token) is not None


def _is_tag(token: str) -> bool:
    """Whether it is a tag of the template that stands for no text."""
    return token.startswith("{%") and not WORDS.match(token)
