"""Staff administration, and the quick change of cashier at a till."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from api.audit import repository as audit
from api.core.ids import new_id
from api.core.security import StaffSession, not_allowed, session_ended
from api.core.tokens import Tokens
from api.database.pool import Connection, Database
from api.problems import Refusal, not_found
from api.sign_in import pins
from api.sign_in.answers import session_answer
from api.sign_in.contacts import normalised
from api.sign_in.sessions import STAFF_LIFETIME, Opened
from api.staff import repository
from contract.errors import ErrorCode
from contract.sign_in import Session
from contract.staff import AccountLink, StaffAdd, StaffChange, StaffList, StaffMember, SwitchRequest


@dataclass(frozen=True, slots=True)
class Administration:
    """What a manager does with the staff she looks after, at one moment."""

    connection: Connection
    manager: StaffSession
    now: datetime

    async def listed(self) -> StaffList:
        """Her own store's staff, or everybody's."""
        rows = await repository.listed(self.connection, self.manager.programme_id, await self._store())
        return StaffList(items=[_member(row, self.now) for row in rows])

    async def add(self, wanted: StaffAdd, pin_hash: str) -> StaffMember:
        """Add somebody."""
        store = await self._store()
        if store is not None and wanted.store_id != store:
            raise not_allowed("You look after the staff of your own store.")
        known = await self.connection.fetchval(
            "select true from store where programme_id = $1 and store_id = $2",
            self.manager.programme_id,
            wanted.store_id,
        )
        if not known:
            raise Refusal(422, ErrorCode.STORE_UNKNOWN, f"There is no store {wanted.store_id!r} in this programme.")
        if wanted.all_stores and store is not None:
            raise not_allowed("Only who looks after all stores may give that to another.")
        staff_id = new_id(self.now)
        values = wanted.model_dump(exclude={"pin"}) | {
            "staff_id": staff_id,
            "programme_id": self.manager.programme_id,
            "pin_hash": pin_hash,
        }
        if not await repository.add(self.connection, values):
            raise Refusal(409, ErrorCode.STAFF_NUMBER_TAKEN, "Somebody at this store has this number.")
        evidence = wanted.model_dump(exclude={"pin"})
        await audit.write(
            self.connection, self.manager, "staff_added", self.now, subject=str(staff_id), evidence=evidence
        )
        return await self._one(staff_id)

    async def change(self, staff_id: UUID, wanted: StaffChange, pin_hash: str | None) -> tuple[StaffMember, list[UUID]]:
        """Change somebody; answers the sessions that ended with it."""
        before = await self._mine(staff_id)
        if staff_id == self.manager.staff_id and (wanted.role is not None or wanted.active is False):
            raise not_allowed("Nobody changes her own role, or ends her own work. Ask another manager.")
        if wanted.all_stores is not None and await self._store() is not None:
            raise not_allowed("Only who looks after all stores may give that to another.")
        given = wanted.model_dump(exclude={"pin", "active"}, exclude_none=True)
        values: dict[str, Any] = dict(given)
        if wanted.active is not None:
            values["deactivated_at"] = None if wanted.active else before["deactivated_at"] or self.now
        if pin_hash is not None:
            values |= {"pin_hash": pin_hash, "failed_attempts": 0, "locked_until": None}
        if not values:
            return _member(before, self.now), []
        await repository.change(self.connection, staff_id, values)
        ended: list[UUID] = []
        if wanted.role is not None or wanted.active is False or pin_hash is not None:
            ended = await repository.end_sessions(self.connection, staff_id, self.now)
        evidence = given | ({"pin": "reset"} if pin_hash else {})
        if wanted.active is not None:
            evidence["active"] = wanted.active
        if wanted.role is not None:
            evidence["role_before"] = before["role"]
        await audit.write(
            self.connection, self.manager, "staff_changed", self.now, subject=str(staff_id), evidence=evidence
        )
        return await self._one(staff_id), ended

    async def link(self, staff_id: UUID, wanted: AccountLink) -> StaffMember:
        """Say which account somebody may not serve."""
        await self._mine(staff_id)
        text = wanted.member.strip()
        number = text if text.isdigit() and len(text) == 10 else ""
        contact = "" if number else normalised(text)
        member_id = await repository.member_named(self.connection, self.manager.programme_id, contact, number)
        if member_id is None:
            raise member_unknown()
        programme_id = self.manager.programme_id
        await repository.link(self.connection, programme_id, staff_id, member_id, self.manager.staff_id, self.now)
        await audit.write(
            self.connection, self.manager, "account_linked", self.now, subject=str(staff_id), member_id=member_id
        )
        return await self._one(staff_id)

    async def unlink(self, staff_id: UUID) -> StaffMember:
        """Forget the accounts linked to somebody."""
        await self._mine(staff_id)
        if staff_id == self.manager.staff_id:
            raise not_allowed("Another manager does this for you.")
        count = await repository.unlink(self.connection, staff_id)
        await audit.write(
            self.connection,
            self.manager,
            "account_unlinked",
            self.now,
            subject=str(staff_id),
            evidence={"accounts": count},
        )
        return await self._one(staff_id)

    async def _store(self) -> str | None:
        every = await repository.looks_after_all(self.connection, self.manager.staff_id)
        return None if every else self.manager.store_id

    async def _mine(self, staff_id: UUID) -> Any:
        rows = await repository.listed(self.connection, self.manager.programme_id, await self._store(), staff_id)
        if not rows:
            raise not_found("There is nobody of that id among the staff that you look after.")
        return rows[0]

    async def _one(self, staff_id: UUID) -> StaffMember:
        return _member(await self._mine(staff_id), self.now)


def _member(row: Any, now: datetime) -> StaffMember:
    locked = row["locked_until"]
    return StaffMember(
        staff_id=str(row["staff_id"]),
        store_id=row["store_id"],
        store_name=row["store_name"],
        staff_number=row["staff_number"],
        name=row["name"],
        role=row["role"],
        all_stores=row["all_stores"],
        active=row["deactivated_at"] is None,
        locked_until=locked if locked is not None and locked > now else None,
        last_seen_at=row["last_seen_at"],
        linked=row["linked"],
    )


async def switch(
    database: Database, staff: StaffSession, wanted: SwitchRequest, tokens: Tokens, key: bytes, now: datetime
) -> Session:
    """Another takes the till over, or the same one unlocks it: new tokens, and the till with its customer stays."""
    who = await pins.check(database, staff.programme_id, staff.store_id, wanted.staff_number, wanted.pin, now)
    session = StaffSession(who.staff_id, staff.programme_id, staff.session_id, who.store_id, who.role)
    refresh = tokens.refresh(staff.session_id)
    async with database.transaction() as connection:
        taken = await repository.take_over(
            connection, staff.session_id, who.staff_id, refresh.hash, now, now + STAFF_LIFETIME
        )
        if not taken:
            raise session_ended()
        return await session_answer(connection, Opened(session, refresh), tokens, key, now)


def member_unknown() -> Refusal:
    """Nobody has that contact or number here."""
    return Refusal(404, ErrorCode.MEMBER_UNKNOWN, "No member of this programme has that contact or number.")
