"""Signing in: what happens in each of its steps, one transaction a step."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from api.core.security import AnySession, session_ended
from api.core.signals import Signals
from api.core.tokens import Tokens
from api.database.pool import Database
from api.mail.one_time_code import one_time_code_mail
from api.mail.sender import Mail
from api.problems import Refusal, not_signed_in, too_many
from api.sign_in import codes, joining, members, pins, rate_limits, sessions
from api.sign_in.answers import session_answer
from api.sign_in.contacts import normalised
from api.sign_in.origins import network_of
from api.sign_in.programmes import find_programme
from contract.errors import ErrorCode
from contract.sign_in import CodeRequest, CodeSignIn, PinSignIn, ProgrammeTerms, Session

log = logging.getLogger("kierto.sign-in")
PER_CONTACT = 5
WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SignIn:
    """The steps of signing in, at one moment."""

    database: Database
    tokens: Tokens
    key: bytes
    now: datetime

    async def prepare_code(self, request: CodeRequest, address: str, per_address: int) -> Mail | None:
        """Keep a new code and write its mail, or None: too many were asked for. The same for known and unknown.

        429 where more than `per_address` an hour were asked for from one network address, whoever they are for.
        """
        contact = normalised(request.contact)
        code = codes.new_code()
        async with self.database.transaction() as connection:
            programme_id = await find_programme(connection, request.programme)
            origin = self._bucket(f"code-from|{network_of(address)}")
            wait = await rate_limits.wait_for(connection, origin, per_address, WINDOW, self.now)
            if wait is not None:
                log.warning("more than %d codes an hour are asked for from one network address", per_address)
                detail = "Too many codes were asked for from this network address. Ask later, or from another."
                raise too_many(detail, ceil(wait.total_seconds()), of="network")
            asked = self._bucket(f"code|{programme_id}|{contact}")
            if not await rate_limits.within(connection, asked, PER_CONTACT, WINDOW, self.now):
                return None
            await codes.store(connection, self.key, programme_id, contact, code, self.now)
            language = await members.language_of_contact(connection, programme_id, contact) or request.language
            programme_name = await connection.fetchval(
                "select name from programme where programme_id = $1", programme_id
            )
        return one_time_code_mail(contact, code, programme_name, language, self.now)

    def _bucket(self, name: str) -> str:
        return hmac.digest(self.key, name.encode(), "sha256").hex()  # a counter holds no contact and no address

    async def with_code(self, request: CodeSignIn) -> Session:
        """Sign a member in; an unknown contact joins, by accepting the terms."""
        contact = normalised(request.contact)
        async with self.database.transaction() as connection:
            programme_id = await find_programme(connection, request.programme)
            if await codes.take(connection, self.key, programme_id, contact, request.code, self.now):
                member_id = await members.member_of_contact(connection, programme_id, contact)
                if member_id is None:
                    member_id = await joining.join(connection, programme_id, contact, request, self.now)
                opened = await sessions.open_member(
                    connection, self.tokens, programme_id, member_id, request.device_name, self.now
                )
                return await session_answer(connection, opened, self.tokens, self.key, self.now)
        raise Refusal(
            401,
            ErrorCode.SIGN_IN_CODE_WRONG,
            "That code does not fit, or is over. Look at the newest message, or ask for another.",
        )

    async def terms(self, programme: str | None, language: str, since: int | None) -> ProgrammeTerms:
        """What somebody who joins accepts, and what has changed since a version."""
        async with self.database.connection() as connection:
            return await joining.terms(connection, await find_programme(connection, programme), language, since)

    async def with_pin(self, request: PinSignIn) -> Session:
        """Sign a member of staff in."""
        async with self.database.connection() as connection:
            programme_id = await find_programme(connection, request.programme)
        staff = await pins.check(
            self.database, programme_id, request.store_id, request.staff_number, request.pin, self.now
        )
        async with self.database.transaction() as connection:
            opened = await sessions.open_staff(
                connection,
                self.tokens,
                programme_id,
                staff.staff_id,
                staff.store_id,
                staff.role,
                request.device_name,
                self.now,
            )
            return await session_answer(connection, opened, self.tokens, self.key, self.now)

    async def refresh(self, token: str, signals: Signals) -> Session:
        """Swap a refresh token for a new pair."""
        async with self.database.transaction() as connection:
            opened = await sessions.rotate(connection, self.tokens, token, self.now)
            if isinstance(opened, sessions.Opened):
                return await session_answer(connection, opened, self.tokens, self.key, self.now)
        if opened.revoked is not None:
            signals.session_ended(opened.revoked)
        raise session_ended() if opened.why == "ended" else not_signed_in("That is no refresh token. Sign in.")

    async def out(self, session: AnySession, signals: Signals) -> None:
        """End a session; its access token stops working at once, in every process."""
        async with self.database.transaction() as connection:
            await sessions.end(connection, session.session_id, self.now)
        signals.session_ended(session.session_id)
