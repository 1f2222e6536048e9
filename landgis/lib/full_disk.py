"""How a full disk is known: this machine's, or the database's."""

import errno

ERRNOS = (errno.ENOSPC, errno.EDQUOT)
SQLSTATE = "53100"  # disk_full


def is_full_disk(error: BaseException | None) -> bool:
    """Whether an error, or one that it comes from, says that there is no room left."""
    while error is not None:
        if getattr(error, "errno", None) in ERRNOS or getattr(error, "sqlstate", None) == SQLSTATE:
            return True
        error = error.__cause__ or error.__context__
    return False
