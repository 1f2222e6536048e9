"""Every text of the officers' pages is there in Vietnamese."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext

from landgis.ingest import errors
from landgis.workbench import words

ROOT = Path(__file__).parents[2]
TAG = re.compile(r"""{%\s*translate\s+(["'])((?:(?!\1).)*)\1(?!\s+context)""")
IN_CONTEXT = re.compile(r"""{%\s*translate\s+"([^"]*)"\s+context\s+"([^"]*)\"""")
BLOCK = re.compile(r"{%\s*blocktranslate( trimmed)?[^%]*%}(.*?){%\s*endblocktranslate", re.DOTALL)
SAME = {"CSV"}  # words that are the same in both


def texts() -> set[str]:
    found = set()
    for template in (ROOT / "templates/workbench").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        found |= {match[2] for match in TAG.finditer(text)}
        blocks = {re.split(r"{%\s*plural\s*%}", match[2])[0] for match in BLOCK.finditer(text) if not match[1]}
        # As `trimmed` has it: lines without their indents, one blank between them.
        blocks |= {
            " ".join(re.split(r"{%\s*plural\s*%}", match[2])[0].split()) for match in BLOCK.finditer(text) if match[1]
        }
        found |= {re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", block) for block in blocks}
    for module in (ROOT / "landgis/workbench").glob("*.py"):
        found |= set(marked(module))
    return found - SAME


def marked(module: Path) -> Iterator[str]:
    """What stands in the `_("...")` of a module, in several pieces too."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") == "_"
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.args[0].value


def texts_in_context() -> set[tuple[str, str]]:
    """(context, text)."""
    templates = (path.read_text(encoding="utf-8") for path in (ROOT / "templates/workbench").glob("*.html"))
    return {(match[2], match[1]) for template in templates for match in IN_CONTEXT.finditer(template)}


def test_every_text_has_its_vietnamese() -> None:
    with translation.override("vi"):
        assert sorted(text for text in texts() if gettext(text) == text) == []
        assert sorted(one for one in texts_in_context() if pgettext(*one) == one[1]) == []
        assert ngettext("%(count)s error", "%(count)s errors", 2) == "%(count)s lỗi"
    assert len(texts()) > 100 and texts_in_context()


def raised_codes() -> set[str]:
    """The codes of every FileError that the code raises."""
    found = set()
    for module in (ROOT / "landgis").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FileError" and node.args:
                found |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
    return found


def written_words() -> set[str]:
    """Every text that stands in the code, but for the list of errors itself: some codes are passed on as data."""
    modules = (path for path in (ROOT / "landgis").rglob("*.py") if path != ROOT / "landgis/ingest/errors.py")
    nodes = (node for path in modules for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_error_of_a_file_has_its_text() -> None:
    assert raised_codes() <= errors.MESSAGES.keys()
    assert errors.MESSAGES.keys() <= written_words()
    with translation.override("vi"):
        plain = [code for code, text in errors.MESSAGES.items() if gettext(text) == text and text != "%(reason)s"]
    assert plain == []


def test_every_error_that_names_an_option_of_a_command_has_another_text_on_pages() -> None:
    with_option = {code for code, text in errors.MESSAGES.items() if re.search(r"(^|\s)--\w", text)}
    # The options of the command itself are read nowhere else.
    of_the_command = {code for code in with_option if code.endswith("-form")} | {"repair-unknown"}
    assert with_option - of_the_command == errors.ON_PAGE.keys()
    assert not any("--" in text for text in errors.ON_PAGE.values())


def test_the_error_of_a_run_is_said_by_its_code_and_of_an_old_run_by_its_text() -> None:
    with translation.override("en"):
        said = words.of_error("layer-unknown", {"layer": "c", "layers": "a, b"})
        assert said == "There is no layer “c”; the file has: a, b."
        text = "There is no layer “%(layer)s”; the file has: %(layers)s."
        assert words.of_error(text, {"layer": "c", "layers": "a, b"}) == said
        assert words.of_error("layer-unsaid", {"layers": "a, b"}) == words.OF_LONG_AGO
        assert words.of_error("The work was cut off several times. Nothing was changed.", {}).startswith("The work was")
        assert words.of_error("cut-off", {}) == "The work was cut off several times. Nothing was changed."
