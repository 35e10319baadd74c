"""A receipt on paper, or by mail to the member who asked for it."""

from __future__ import annotations

import hmac
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from api.audit import repository as audit
from api.core.security import StaffSession
from api.database.pool import Connection
from api.mail.receipt import PRINT_SCRIPT, Paper, receipt_mail, receipt_page
from api.mail.sender import Mail
from api.problems import Refusal, not_found
from api.purchases.service import purchase
from api.till.listing import member_of_purchase
from contract.errors import ErrorCode

LIVES = timedelta(minutes=5)
PATH = "/v1/print/"
_HASH = b64encode(sha256(PRINT_SCRIPT.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_HASH}'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_FIELDS = 16 + 16 + 8


async def print_link(connection: Connection, staff: StaffSession, purchase_id: UUID, key: bytes, now: datetime) -> str:
    """The path of a page to print: whoever holds it may open it for a few minutes."""
    member_id = await member_of_purchase(connection, staff, purchase_id)
    await audit.write(connection, staff, "receipt_printed", now, subject=str(purchase_id), member_id=member_id)
    until = int((now + LIVES).timestamp()).to_bytes(8, "big")
    body = member_id.bytes + purchase_id.bytes + until
    return PATH + urlsafe_b64encode(body + _sign(body, key)).rstrip(b"=").decode()


async def printed(connection: Connection, token: str, language: str, key: bytes, now: datetime) -> str:
    """The page behind a link. 404 for one that is over, or is none."""
    try:
        whole = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        raise _over() from None
    body, signed = whole[:_FIELDS], whole[_FIELDS:]
    if len(body) != _FIELDS or not hmac.compare_digest(signed, _sign(body, key)):
        raise _over()
    if int.from_bytes(body[32:], "big") < now.timestamp():
        raise _over()
    paper = await _paper(connection, UUID(bytes=body[:16]), UUID(bytes=body[16:32]), language)
    return receipt_page(paper, printing=True)


async def mail(connection: Connection, staff: StaffSession, purchase_id: UUID, now: datetime) -> Mail:
    """The mail with a receipt, to the member's own address. Refuses with 409 when she has none."""
    member_id = await member_of_purchase(connection, staff, purchase_id)
    email = await connection.fetchval("select email from member where member_id = $1", member_id)
    if email is None:
        raise Refusal(409, ErrorCode.NO_EMAIL, "This member has no e-mail address. Print the receipt.")
    await audit.write(
        connection,
        staff,
        "receipt_sent",
        now,
        subject=str(purchase_id),
        member_id=member_id,
        evidence={"consent": "said at the till"},
    )
    return receipt_mail(email, await _paper(connection, member_id, purchase_id, ""), now)


async def _paper(connection: Connection, member_id: UUID, purchase_id: UUID, language: str) -> Paper:
    row = await connection.fetchrow(
        """select m.name, m.language, p.name as programme, p.timezone
             from member m join programme p using (programme_id) where m.member_id = $1""",
        member_id,
    )
    found = await purchase(connection, member_id, purchase_id)
    if row is None or found is None:
        raise _over()
    return Paper(found, row["name"], row["programme"], row["timezone"], language or row["language"])


def _sign(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"print:" + body, "sha256")[:16]


def _over() -> Refusal:
    return not_found("This page is over. Print the receipt again from the till.")
