"""Whether a member code is good: whose device made it, and for which half minute."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from api.problems import Refusal
from contract.errors import ErrorCode
from contract.member_code import MalformedCode, MemberCode, parse, step_at, totp

PAST_STEPS = 1
"""How many steps of the past are good: a code may be scanned just as it turns."""
_EXPLAINED_STEPS = 20
"""How far back an old code is told from a wrong one."""
TILL_CLOCK = timedelta(minutes=10)
"""How wrong a till's clock may be."""


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in device of a member, and the last step of it that was accepted."""

    device_id: UUID
    last_step: int


def read(text: str) -> MemberCode:
    """Take apart what was scanned or typed. Raises Refusal with `code_malformed`."""
    try:
        return parse(text)
    except MalformedCode as error:
        raise Refusal(
            422,
            ErrorCode.CODE_MALFORMED,
            "This is not a Kierto code. Scan the code in the member's app, or type its 19 digits.",
        ) from error


def matching_device(
    code: MemberCode, devices: Sequence[Device], secret_of: Callable[[UUID], str], now: datetime
) -> tuple[UUID, int]:
    """The device that made the code, and the step. Raises Refusal: code_used, code_old or code_unknown."""
    current = step_at(now.timestamp())
    found: list[tuple[Device, int]] = []
    for step in range(current, current - _EXPLAINED_STEPS - 1, -1):
        found += [(d, step) for d in devices if hmac.compare_digest(totp(secret_of(d.device_id), step), code.totp)]
    if not found:
        raise Refusal(
            422, ErrorCode.CODE_UNKNOWN, "No member's app has shown this code. Ask the member to open the code again."
        )
    device, step = found[0]
    if step < current - PAST_STEPS:
        raise Refusal(
            422, ErrorCode.CODE_OLD, "This code is too old. Ask the member for the one that shows now, and scan that."
        )
    if device.last_step >= step:
        raise used()
    return device.device_id, step


def is_of_one(code: MemberCode, devices: Sequence[UUID], secret_of: Callable[[UUID], str], now: datetime) -> bool:
    """Whether one of these devices shows the code now; uses nothing up."""
    current = step_at(now.timestamp())
    steps = range(current - PAST_STEPS, current + 1)
    return any(hmac.compare_digest(totp(secret_of(each), step), code.totp) for each in devices for step in steps)


@dataclass(frozen=True, slots=True)
class PastDevice:
    """A device as far as a code of the past is concerned: when it was signed in, and the steps that were accepted."""

    device_id: UUID
    since: datetime
    until: datetime
    used_steps: frozenset[int]


QUEUED = timedelta(days=7)
"""How long ago a code may have been scanned by a till without a network."""


def device_of_queued(
    code: MemberCode,
    devices: Sequence[PastDevice],
    secret_of: Callable[[UUID], str],
    scanned_at: datetime,
    now: datetime,
) -> tuple[UUID, int]:
    """The device that showed a code when a till scanned it, and the step.

    The till had no network, so its clock decides, within the tolerance that a till's clock has. A step is good once,
    also where a later one was accepted since. Raises Refusal: code_used, code_old or code_unknown.
    """
    if scanned_at < now - QUEUED:
        raise Refusal(
            422,
            ErrorCode.CODE_OLD,
            f"The code was scanned more than {QUEUED.days} days ago. Post the receipt through an import instead.",
        )
    there = [each for each in devices if each.since - TILL_CLOCK <= scanned_at < each.until]
    first = step_at((scanned_at - TILL_CLOCK).timestamp())
    last = min(step_at((scanned_at + TILL_CLOCK).timestamp()), step_at(now.timestamp()))
    middle = min(step_at(scanned_at.timestamp()), last)
    for step in sorted(range(first, last + 1), key=lambda each: abs(each - middle)):
        for device in there:
            if hmac.compare_digest(totp(secret_of(device.device_id), step), code.totp):
                if step in device.used_steps:
                    raise used()
                return device.device_id, step
    raise Refusal(422, ErrorCode.CODE_UNKNOWN, "No member's app showed this code at that time.")


def used() -> Refusal:
    """The code was accepted once before."""
    return Refusal(
        409, ErrorCode.CODE_USED, "This code was used already. A new one shows in the member's app within 30 seconds."
    )
