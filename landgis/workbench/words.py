"""What went wrong with a run, said to whoever has a page and no command line."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from landgis.ingest.errors import MESSAGES, FileError
from landgis.ingest.errors import marked as _
from landgis.workbench.models import Run

# Of the work itself; the errors of its file are those of `landgis.ingest.errors`.
OF_WORK = {
    "broke-off": _("The work broke off for a reason of the server. Nothing was changed; it was noted."),
    "cut-off": _("The work was cut off several times. Nothing was changed."),
    "decided-meanwhile": _("The change set has been decided on meanwhile."),
    "said-wrongly": _(
        "The file is kept, and not read yet: something of what was written cannot be read. Correct it below."
    ),
    "lies-elsewhere": _(
        "Something of it lies in another territory by now. Nothing was changed; its approvers are asked, too."
    ),
    "features-moved-on": _("Features changed here after the file was checked: nothing was overwritten."),
}
OF_LONG_AGO = _("The file could not be read. Read it again to see why.")
CODE = re.compile(r"[a-z-]+")


def of_run(run: Run) -> str:
    """Why a run failed, in the reader's language; empty if it did not."""
    return of_error(run.error, run.error_params) if run.error else ""


def of_error(code: str, params: Mapping[str, Any]) -> str:
    """The error of a run in the reader's language. A run of long ago has the English text in place of its code."""
    if code in OF_WORK:
        return gettext(OF_WORK[code])
    known = {message: one for one, message in MESSAGES.items()}
    code = known.get(code, code)
    if code in MESSAGES:
        return FileError(code, **params).text(on_page=True)
    return gettext(OF_LONG_AGO if CODE.fullmatch(code) else code)
