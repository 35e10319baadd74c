"""The answer to signing in: tokens, and who they are for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.core.device_secret import device_secret
from api.core.security import MemberSession, StaffSession, claims_of, session_ended
from api.core.till_secret import till_secret
from api.core.tokens import ACCESS_SECONDS, Tokens
from api.me import service as me
from api.sign_in.sessions import Opened
from contract.members import CodeSecret
from contract.reviews import SettingsBody
from contract.sign_in import Session, Staff
from contract.till_kit import TillKey


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
        signer = TillKey(key_id=str(session.session_id), secret=till_secret(session.session_id, key))
        return answer.model_copy(update={"staff": await _staff(connection, session), "till_key": signer})
    profile = await me.profile(connection, session, now)
    secret = CodeSecret(
        member_number=profile.member_number,
        secret=device_secret(session.session_id, key),
        device_id=str(session.session_id),
    )
    return answer.model_copy(update={"member": profile, "code_secret": secret})


async def _staff(connection: Any, session: StaffSession) -> Staff:
    row = await connection.fetchrow(
        """
        select st.name, st.role, st.staff_number, s.name as store_name, p.currency, p.timezone,
               p.name as programme_name,
               coalesce((select (x.body ->> 'lock_after_minutes')::integer from programme_settings x
                          where x.programme_id = p.programme_id order by x.version desc limit 1), $2)
               as lock_after_minutes
          from staff st join store s using (programme_id, store_id) join programme p using (programme_id)
         where st.staff_id = $1
        """,
        session.staff_id,
        SettingsBody().lock_after_minutes,
    )
    if row is None:
        raise session_ended()
    return Staff(staff_id=str(session.staff_id), store_id=session.store_id, **dict(row))
