"""The answer to signing in: tokens, and who they are for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from api.core.device_secret import device_secret
from api.core.security import MemberSession, StaffSession, claims_of, session_ended
from api.core.tokens import ACCESS_SECONDS, Tokens
from api.sign_in.sessions import Opened
from contract.facts import ProgrammeRules
from contract.members import CodeSecret, Profile, ProgrammeRef
from contract.money import Money
from contract.sign_in import Session, Staff
from contract.wallet import Wallet


async def session_answer(connection: Any, opened: Opened, tokens: Tokens, key: bytes, now: datetime) -> Session:
    """Tokens with the profile and the device's code secret, or with the member of staff."""
    session = opened.session
    answer = Session(
        access_token=tokens.access(claims_of(session), now),
        refresh_token=opened.refresh_token.text,
        expires_in=ACCESS_SECONDS,
        kind="member" if isinstance(session, MemberSession) else "staff",
    )
    if isinstance(session, StaffSession):
        return answer.model_copy(update={"staff": await _staff(connection, session)})
    profile = await read_profile(connection, session.member_id, now)
    secret = CodeSecret(
        member_number=profile.member_number,
        secret=device_secret(session.session_id, key),
        device_id=str(session.session_id),
    )
    return answer.model_copy(update={"member": profile, "code_secret": secret})


async def read_profile(connection: Any, member_id: UUID, now: datetime) -> Profile:
    """A member with the wallet in the programme's currency."""
    row = await connection.fetchrow(
        """
        select m.*, p.slug, p.name as programme_name, p.currency, p.timezone, p.rules,
               w.pending, w.available, w.debt, w.version
          from member m join programme p using (programme_id)
          join ledger.wallet w on w.member_id = m.member_id and w.unit = p.currency
         where m.member_id = $1
        """,
        member_id,
    )
    if row is None:
        raise session_ended()
    currency = row["currency"]
    rules = ProgrammeRules.model_validate({**row["rules"], "currency": currency, "timezone": row["timezone"]})
    return Profile(
        member_id=str(member_id),
        member_number=row["member_number"],
        name=row["name"],
        email=row["email"],
        phone=row["phone"],
        language=row["language"],
        joined_at=row["joined_at"],
        programme=ProgrammeRef(
            programme_id=str(row["programme_id"]),
            slug=row["slug"],
            name=row["programme_name"],
            currency=currency,
            timezone=row["timezone"],
        ),
        wallet=Wallet(
            pending=Money(amount=row["pending"], currency=currency),
            available=Money(amount=row["available"], currency=currency),
            debt=Money(amount=row["debt"], currency=currency),
            version=row["version"],
            as_of=now,
        ),
        spend_limit=Money(
            amount=row["available"] if rules.spend_limit is None else rules.spend_limit, currency=currency
        ),
    )


async def _staff(connection: Any, session: StaffSession) -> Staff:
    row = await connection.fetchrow(
        """
        select st.name, st.role, s.name as store_name, p.currency, p.timezone, p.name as programme_name
          from staff st join store s using (programme_id, store_id) join programme p using (programme_id)
         where st.staff_id = $1
        """,
        session.staff_id,
    )
    if row is None:
        raise session_ended()
    return Staff(staff_id=str(session.staff_id), store_id=session.store_id, **dict(row))
