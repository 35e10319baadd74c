"""Consents: each yes and no is a row that stays; the newest of a channel and purpose counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from api.core.ids import new_id
from api.core.security import session_ended
from contract.privacy import CHANNELS, PURPOSES, WORDING_VERSION, Consent, Consents

_LATEST = """
select distinct on (channel, purpose) channel, purpose, granted, at, wording_version
  from consent where member_id = $1 order by channel, purpose, at desc, consent_id desc
"""


class Answered(NamedTuple):
    """A yes or a no."""

    channel: str
    purpose: str
    granted: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """What was read."""

    version: int = WORDING_VERSION
    language: str = "en"


async def current(connection: Any, member_id: UUID) -> Consents:
    """What a member allows now; what was never asked is a no."""
    use_history = await connection.fetchval(
        "select use_history from member where member_id = $1 and closed_at is null", member_id
    )
    if use_history is None:
        raise session_ended()
    said = {(row["channel"], row["purpose"]): row for row in await connection.fetch(_LATEST, member_id)}
    items = []
    for channel in CHANNELS:
        for purpose in PURPOSES:
            row = said.get((channel, purpose))
            items.append(
                Consent(
                    channel=channel,
                    purpose=purpose,
                    granted=row is not None and row["granted"],
                    at=row and row["at"],
                    wording_version=row and row["wording_version"],
                )
            )
    return Consents(items=items, use_history=use_history)


async def record(
    connection: Any,
    member_id: UUID,
    session_id: UUID | None,
    answers: Sequence[Answered],
    wording: Wording,
    now: datetime,
) -> bool:
    """Keep what is new of these answers; says whether anything was. Runs inside the caller's transaction."""
    before = {(row["channel"], row["purpose"]): row["granted"] for row in await connection.fetch(_LATEST, member_id)}
    new = [each for each in answers if before.get((each.channel, each.purpose)) is not each.granted]
    await connection.executemany(
        """
        insert into consent
            (member_id, consent_id, channel, purpose, granted, wording_version, language, at, session_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        [(member_id, new_id(now), *each, wording.version, wording.language, now, session_id) for each in new],
    )
    history = [each.granted for each in new if each.purpose == "history"]
    if history:
        await connection.execute(
            "update member set use_history = $2, offers_version = offers_version + 1 where member_id = $1",
            member_id,
            history[-1],
        )
    return bool(new)
