"""Every text of the officers' pages is there in Vietnamese."""

import ast
import re
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext, ngettext

ROOT = Path(__file__).parents[2]
TAG = re.compile(r"""{%\s*translate\s+(["'])(.*?)\1""")
BLOCK = re.compile(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate", re.DOTALL)
MARKED = re.compile(r"""\b_\(\s*"((?:[^"\\]|\\.)*)\"""")
SAME = {"CSV"}  # words that are the same in both


def texts() -> set[str]:
    found = set()
    for template in (ROOT / "templates/workbench").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        found |= {match[2] for match in TAG.finditer(text)}
        blocks = {re.split(r"{%\s*plural\s*%}", match[1])[0] for match in BLOCK.finditer(text)}
        found |= {re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", block) for block in blocks}
    for module in [*(ROOT / "landgis/workbench").glob("*.py"), ROOT / "landgis/ingest/proposal.py"]:
        found |= {match[1] for match in MARKED.finditer(module.read_text(encoding="utf-8"))}
    return found - SAME


def test_every_text_has_its_vietnamese() -> None:
    with translation.override("vi"):
        assert sorted(text for text in texts() if gettext(text) == text) == []
        assert ngettext("%(count)s error", "%(count)s errors", 2) == "%(count)s lỗi"
    assert len(texts()) > 100


def raised_messages() -> set[str]:
    """The English texts of every FileError that the code raises."""
    found = set()
    for module in (ROOT / "landgis").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FileError" and node.args:
                found |= {
                    one.value
                    for one in ast.walk(node.args[0])
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return found


def test_every_error_that_names_an_option_of_a_command_has_another_text_on_pages() -> None:
    from landgis.workbench.words import ON_PAGE

    with_option = {text for text in raised_messages() if re.search(r"(^|\s)--\w", text)}
    assert len(with_option) >= 4
    # The options of the command itself are read nowhere else.
    of_the_command = {text for text in with_option if text.startswith("Write --")}
    assert with_option - of_the_command == ON_PAGE.keys()


def test_what_a_page_says_of_a_file_names_no_option_of_a_command() -> None:
    """The messages that are replaced are still those that the readers of files raise."""
    from landgis.workbench.words import ON_PAGE

    raised = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "landgis/ingest").rglob("*.py"))
    for message, on_page in ON_PAGE.items():
        assert message in raised and "--" not in on_page
