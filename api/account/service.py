"""The member's own account: what she may change, and leaving with time to think it over."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.core.hub import Hub
from api.core.security import MemberSession
from api.core.signals import Signals
from api.database.pool import Connection, Database
from api.devices import service as devices
from api.mail.one_time_code import one_time_code_mail
from api.mail.sender import Mail
from api.me import repository as me
from api.me import service as profiles
from api.problems import Refusal, invalid, not_found, too_many
from api.sign_in import codes, joining, rate_limits
from contract.account import OLDEST_AGE, YOUNGEST_AGE, Leaving, ProfileChange
from contract.errors import ErrorCode
from contract.members import Profile
from contract.money import Money

CODES_AN_HOUR = 5
_CHANGE = """
update member set name = coalesce($2, name), birthday = coalesce(birthday, $3), language = coalesce($4, language),
                  language_chosen = language_chosen or $4 is not null,
                  offers_version = offers_version + case when $3 is null and $4 is null then 0 else 1 end
 where member_id = $1 and closed_at is null
"""


@dataclass(frozen=True, slots=True)
class Account:
    """One member's account, at one moment."""

    member: MemberSession
    database: Database
    hub: Hub
    key: bytes
    now: datetime

    async def change(self, change: ProfileChange) -> Profile:
        """Change what was given. Refuses a birthday that is none, or a second one."""
        name = None if change.name is None else " ".join(change.name.split())
        if name == "":
            raise invalid("name", "must not be empty")
        if change.birthday is not None:
            _check_birthday(change.birthday, self.now.date())
        async with self.database.transaction() as connection:
            before = await self._profile(connection)
            if change.birthday is not None and before.birthday not in (None, change.birthday):
                raise Refusal(
                    409, ErrorCode.BIRTHDAY_SET, "The birthday is set already. Only staff may mend it, in a store."
                )
            await connection.execute(_CHANGE, self.member.member_id, name, change.birthday, change.language)
            after = await self._profile(connection)
        self.hub.publish(self.member.member_id, after.wallet.version)
        return after

    async def accept_terms(self, version: int) -> Profile:
        """Keep that she accepted the terms in force. Refuses another version: those were changed, or never written."""
        async with self.database.transaction() as connection:
            before = await self._profile(connection)
            if version != before.terms_version:
                raise Refusal(
                    409,
                    ErrorCode.TERMS_REQUIRED,
                    "Another version of the terms is in force: read that one.",
                    params={"terms_version": before.terms_version},
                )
            await joining.accept_terms(connection, self.member.member_id, version, self.now)
            after = await self._profile(connection)
        self.hub.publish(self.member.member_id, after.wallet.version)
        return after

    async def leaving(self) -> Leaving:
        """What leaving would cost."""
        async with self.database.connection() as connection:
            return await self._leaving(connection)

    async def prepare_code(self) -> Mail:
        """Keep a new code and write its mail. 429 for too many."""
        async with self.database.transaction() as connection:
            profile = await self._profile(connection)
            contact = _contact(profile)
            bucket = hmac.digest(self.key, f"leave|{self.member.member_id}".encode(), "sha256").hex()
            if not await rate_limits.within(connection, bucket, CODES_AN_HOUR, timedelta(hours=1), self.now):
                raise too_many("That are enough codes for an hour. Use the newest one.", 3600)
            code = codes.new_code()
            await codes.store(connection, self.key, self.member.programme_id, contact, code, self.now)
        return one_time_code_mail(contact, code, profile.programme.name, profile.language, self.now)

    async def leave(self, code: str, signals: Signals) -> Leaving:
        """Note when she is to be erased. A code that does not fit counts as a try."""
        async with self.database.transaction() as connection:
            contact = _contact(await self._profile(connection))
            fits = await codes.take(connection, self.key, self.member.programme_id, contact, code, self.now)
            if fits:
                await connection.execute(
                    """update member m
                          set leave_asked_at = $2, erase_at = $2::timestamptz + make_interval(days => p.leave_days)
                         from programme p
                        where m.member_id = $1 and p.programme_id = m.programme_id and m.erase_at is null""",
                    self.member.member_id,
                    self.now,
                )
                ended = await devices.end_others(connection, self.member, self.now)
                answer = await self._leaving(connection)
        if not fits:
            raise Refusal(
                401, ErrorCode.SIGN_IN_CODE_WRONG, "That code does not fit, or is over. Look at the newest message."
            )
        for session_id in ended:
            signals.session_ended(session_id)
        await self._tell()
        return answer

    async def stay(self) -> Leaving:
        """Forget that she asked to leave."""
        async with self.database.transaction() as connection:
            await self._profile(connection)
            await connection.execute(
                "update member set leave_asked_at = null, erase_at = null where member_id = $1 and closed_at is null",
                self.member.member_id,
            )
            answer = await self._leaving(connection)
        await self._tell()
        return answer

    async def _tell(self) -> None:
        async with self.database.connection() as connection:
            profile = await self._profile(connection)
        self.hub.publish(self.member.member_id, profile.wallet.version)

    async def _profile(self, connection: Connection) -> Profile:
        return await profiles.profile(connection, self.member, self.now)

    async def _leaving(self, connection: Connection) -> Leaving:
        head = await me.head(connection, self.member.programme_id, self.member.member_id)
        row = await connection.fetchrow(
            """select p.leave_days, m.leave_asked_at, m.erase_at from member m join programme p using (programme_id)
                where m.member_id = $1""",
            self.member.member_id,
        )
        if head is None or row is None:
            raise not_found("There is no such member.")
        return Leaving(
            available=Money(amount=head.available, currency=head.currency),
            pending=Money(amount=head.pending, currency=head.currency),
            debt=Money(amount=head.debt, currency=head.currency),
            days=row["leave_days"],
            asked_at=row["leave_asked_at"],
            erased_at=row["erase_at"],
        )


def _contact(profile: Profile) -> str:
    contact = profile.email or profile.phone
    if contact is None:
        raise not_found("There is no contact to send a code to.")
    return contact


def _check_birthday(birthday: date, today: date) -> None:
    age = today.year - birthday.year - ((today.month, today.day) < (birthday.month, birthday.day))
    if not YOUNGEST_AGE <= age <= OLDEST_AGE:
        raise invalid("birthday", f"must be of somebody from {YOUNGEST_AGE} to {OLDEST_AGE} years old")
