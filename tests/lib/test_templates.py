"""Line breaks of templates are for people who read the templates."""

from pathlib import Path

import pytest
from django.template import engines

from landgis.lib.templates import squeezed

ROOT = Path(__file__).parents[2]
LONGEST = 160  # but for a line that is one tag of the template, which cannot be broken


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("<ul>\n  <li>one</li>\n  <li>two</li>\n</ul>\n", "<ul><li>one</li><li>two</li></ul>"),
        ("<p>\n  one\n  two\n</p>", "<p>one two</p>"),
        ("<p><b>one</b>\n  <b>two</b></p>", "<p><b>one</b> <b>two</b></p>"),  # a space is seen between these
        ("<p><b>one</b> {{ n }}\n  {{ m }}</p>", "<p><b>one</b> {{ n }} {{ m }}</p>"),
        ("<p>\n  {% if a %}\n    <b>{{ a }}</b>\n  {% endif %}\n</p>", "<p>{% if a %}<b>{{ a }}</b>{% endif %}</p>"),
        ('{% translate "one" %}\n<b>two</b>', '{% translate "one" %} <b>two</b>'),
        ("one\n{% if a %}two{% endif %}", "one {% if a %}two{% endif %}"),  # words are never run together
        ('<a\n    href="/"\n    class="b">c</a>', '<a href="/" class="b">c</a>'),
        (
            '<a\n    href="/"\n    {% if b %} class="b"{% endif %}>c</a>',
            '<a href="/"{% if b %} class="b"{% endif %}>c</a>',
        ),
        ("{% blocktranslate trimmed %}\n  one\n  two\n{% endblocktranslate %}",) * 2,  # what translators know
        ("<b>one</b>  <b>two</b>",) * 2,
    ],
)
def test_a_break_is_a_space_only_where_words_need_one(written: str, sent: str) -> None:
    assert squeezed(written) == sent


def test_pages_are_sent_squeezed_and_those_of_others_as_they_are() -> None:
    engine = engines["django"]
    assert "\n" not in "".join(
        node.s for node in engine.get_template("pages/_rows.html").template.nodelist if hasattr(node, "s")
    )
    assert "\n" in "".join(
        node.s
        for node in engine.get_template("admin/login.html").template.nodelist.get_nodes_by_type(object)
        if hasattr(node, "s")
    )


def test_a_template_has_one_element_a_line() -> None:
    long = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST and line.strip().count("<") > 1
    ]
    assert not long, f"put elements and attributes on lines of their own: {long}"
