"""Staff PINs: argon2, off the event loop, and a lock after five wrong ones that doubles each time."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.core.security import Role
from api.problems import Refusal
from contract.errors import ErrorCode

ATTEMPTS = 5
FIRST_LOCK = timedelta(minutes=15)
_LONGEST_DOUBLINGS = 6  # 16 hours
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="pin")  # 19 MiB each: a flood must not take the memory
_NOBODY = _hasher.hash("no such member of staff")


@dataclass(frozen=True, slots=True)
class SignedInStaff:
    """Who a PIN belongs to."""

    staff_id: UUID
    programme_id: UUID
    store_id: str
    role: Role


def hash_pin(pin: str) -> str:
    """What is stored of a PIN. Takes some 20 ms of CPU."""
    return _hasher.hash(pin)


async def check(
    database: Any, programme_id: UUID, store_id: str, staff_number: str, pin: str, now: datetime
) -> SignedInStaff:
    """Who signed in. The attempt is counted before the PIN is looked at, so that many at once do not get more tries.

    Raises Refusal: pin_wrong, also for an unknown store or number; pin_locked, with the minutes to wait.
    """
    row = await database.fetchrow(
        _CLAIM_ATTEMPT, programme_id, store_id, staff_number, now, ATTEMPTS, FIRST_LOCK, _LONGEST_DOUBLINGS
    )
    if row is not None and not row["claimed"]:
        raise _locked(row["locked_until"], now)
    fits = await _verify(row["pin_hash"] if row else _NOBODY, pin)
    if row is None or not fits:
        if row is not None and row["locked_until"] is not None and row["locked_until"] > now:
            raise _locked(row["locked_until"], now)
        raise Refusal(401, ErrorCode.PIN_WRONG, "The staff number and the PIN do not fit together.")
    await database.execute(
        "update staff set failed_attempts = 0, locked_until = null where staff_id = $1", row["staff_id"]
    )
    return SignedInStaff(row["staff_id"], programme_id, store_id, row["role"])


_CLAIM_ATTEMPT = """
with attempt as (
    update staff set
        failed_attempts = failed_attempts + 1,
        locked_until = case when (failed_attempts + 1) % $5 = 0
            then $4::timestamptz + $6::interval * power(2, least((failed_attempts + 1) / $5 - 1, $7))
            else locked_until end
     where programme_id = $1 and store_id = $2 and staff_number = $3 and (locked_until is null or locked_until <= $4)
       and deactivated_at is null
    returning staff_id, role, pin_hash, locked_until
)
select true as claimed, staff_id, role, pin_hash, locked_until from attempt
union all
select false, staff_id, role, pin_hash, locked_until from staff
 where programme_id = $1 and store_id = $2 and staff_number = $3 and deactivated_at is null
   and not exists (select from attempt)
"""


async def _verify(pin_hash: str, pin: str) -> bool:
    def verify() -> bool:
        try:
            return _hasher.verify(pin_hash, pin)
        except (VerificationError, InvalidHashError):
            return False

    return await asyncio.get_running_loop().run_in_executor(_threads, verify)


def _locked(until: datetime, now: datetime) -> Refusal:
    seconds = max(1, ceil((until - now).total_seconds()))
    minutes = ceil(seconds / 60)
    return Refusal(
        429,
        ErrorCode.PIN_LOCKED,
        f"Too many wrong PINs. Try again in {minutes} minutes.",
        params={"minutes": minutes},
        headers={"Retry-After": str(seconds)},
    )
