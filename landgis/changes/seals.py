"""The audit as a chain: each line is sealed with the one before it, so that what is altered or gone is found.

Nobody who writes a line waits for another: lines are sealed after their commit, by the worker. A link is the SHA-256 of the link before
it, of the line without its reason, and of the sum of the reason, which is salted: where a redaction takes a value out of a reason
its salt goes, and the chain holds. Whoever owns the tables can make the whole chain anew: the head, which `verify` says, is to be
written down where the database does not reach.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterator

from django.db import transaction
from psycopg import sql

from landgis.changes.seal_models import AuditSeal
from landgis.lib import statements

LOCK = 0x7365616C  # "seal"
FIRST = "0" * 64
ALTERED, UNKNOWN_HEAD = "audit altered", "audit head"
MOST = 10_000  # at a time
# Lines are numbered when they are written and seen when they are committed: of so many before the last one some may come late.
LATE = 100_000
REDACTED = "███"

_LINE = sql.SQL(
    "jsonb_build_array(e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), e.by, e.verb, e.subject,"
    " e.details - 'reason')::text, e.details->>'reason'"
)
_NEWEST = "SELECT coalesce(max(entry), 0) FROM changes_auditseal"
_UNSEALED = sql.SQL(
    "SELECT e.id, {} FROM changes_auditentry e WHERE e.id > %s"
    " AND NOT EXISTS (SELECT FROM changes_auditseal s WHERE s.entry = e.id) ORDER BY e.id LIMIT %s"
).format(_LINE)
_SEALED = sql.SQL(
    "SELECT s.id, s.entry, s.salt, s.reason_sum, s.digest, {} FROM changes_auditseal s"
    " LEFT JOIN changes_auditentry e ON e.id = s.entry WHERE s.id > %s ORDER BY s.id LIMIT %s"
).format(_LINE)
_WRITE = (
    "INSERT INTO changes_auditseal (entry, salt, reason_sum, digest) SELECT entry, salt, reason_sum, digest FROM"
    " unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS l(entry, salt, reason_sum, digest, n) ORDER BY n"
)


def hold() -> None:
    """Let nobody else seal until the transaction ends."""
    statements.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def seal() -> int:
    """Seal what has been written and is not sealed; says how many lines."""
    count = 0
    while sealed := _seal_some():
        count += sealed
    return count


@transaction.atomic
def _seal_some() -> int:
    hold()
    last, links = head(), []
    for entry, line, reason in statements.rows(_UNSEALED, [statements.value(_NEWEST) - LATE, MOST]):
        salt = secrets.token_hex(16) if reason is not None else ""
        reason_sum = _sum(salt, reason) if reason is not None else ""
        last = _link(last, line, reason_sum)
        links.append((entry, salt, reason_sum, last))
    if links:
        statements.execute(_WRITE, [list(column) for column in zip(*links, strict=True)])
    return len(links)


def head() -> str:
    """The last link."""
    return AuditSeal.objects.order_by("-id").values_list("digest", flat=True).first() or FIRST


def _sum(salt: str, reason: str) -> str:
    return hashlib.sha256(f"{salt} {reason}".encode()).hexdigest()


def _link(before: str, line: str, reason_sum: str) -> str:
    return hashlib.sha256(f"{before}\n{line}\n{reason_sum}".encode()).hexdigest()


def altered(known_head: str = "") -> Iterator[tuple[str, str]]:
    """What is not as it was sealed, as pairs of kind and place; the `known_head` has to be one of the links."""
    last, after, is_known = FIRST, 0, known_head in ("", FIRST)
    while links := statements.rows(_SEALED, [after, MOST]):
        after = links[-1][0]
        for _number, entry, salt, reason_sum, digest, line, reason in links:
            if _link(last, line or "", reason_sum) != digest or not _is_reason(reason, salt, reason_sum):
                yield ALTERED, f"line {entry}"
            last = digest
            is_known |= digest == known_head
    if not is_known:
        yield UNKNOWN_HEAD, known_head


def _is_reason(reason: str | None, salt: str, reason_sum: str) -> bool:
    """Whether it is the one that was sealed, or one out of which a value was taken."""
    if reason is None or not reason_sum:
        return reason is None and not reason_sum
    return _sum(salt, reason) == reason_sum if salt else REDACTED in reason


def forget_reasons(subjects: Collection[str]) -> None:
    """After a redaction: no sum says any more what was taken out of the reasons of these subjects."""
    statements.execute(
        "UPDATE changes_auditseal s SET salt = '' FROM changes_auditentry e WHERE e.id = s.entry AND s.salt <> ''"
        " AND e.subject = ANY (%s) AND strpos(e.details->>'reason', %s) > 0",
        [sorted(subjects), REDACTED],
    )
