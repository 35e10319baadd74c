"""The statements about which offers a member has activated, or wants to see less of."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from api.database.pool import Connection

_ACTIVATE = """
    with done as (
        insert into offer_activation (member_id, campaign_id, activated_at) values ($1, $2, $3)
            on conflict do nothing
        returning 1),
    again as (  -- taken back at this very instant: the same span goes on
        update offer_activation set deactivated_at = null
         where member_id = $1 and campaign_id = $2 and activated_at = $3 and deactivated_at is not null
           and not exists (select from done)
        returning 1)
    update member set offers_version = offers_version + 1
     where member_id = $1 and (exists (select from done) or exists (select from again))"""

_DEACTIVATE = """
    with done as (
        update offer_activation set deactivated_at = $3
         where member_id = $1 and campaign_id = $2 and deactivated_at is null
        returning 1)
    update member set offers_version = offers_version + 1 where member_id = $1 and exists (select from done)"""

_HIDE = """
    with done as (
        insert into offer_hidden (member_id, campaign_id, hidden_at) values ($1, $2, $3)
            on conflict (member_id, campaign_id) do nothing
        returning 1)
    update member set offers_version = offers_version + 1 where member_id = $1 and exists (select from done)"""

_UNHIDE = """
    with done as (delete from offer_hidden where member_id = $1 and campaign_id = $2 returning 1)
    update member set offers_version = offers_version + 1 where member_id = $1 and exists (select from done)"""


async def activate(connection: Connection, member_id: UUID, campaign_id: str, now: datetime) -> bool:
    """Activate an offer for a member, in one statement; False when it was already."""
    return (await connection.execute(_ACTIVATE, member_id, campaign_id, now)).endswith(" 1")


async def deactivate(connection: Connection, member_id: UUID, campaign_id: str, now: datetime) -> bool:
    """Take an activation back, in one statement; False when there was none."""
    return (await connection.execute(_DEACTIVATE, member_id, campaign_id, now)).endswith(" 1")


async def hide(connection: Connection, member_id: UUID, campaign_id: str, now: datetime) -> bool:
    """Hide an offer from a member, in one statement; False when it was already."""
    return (await connection.execute(_HIDE, member_id, campaign_id, now)).endswith(" 1")


async def unhide(connection: Connection, member_id: UUID, campaign_id: str, _: datetime) -> bool:
    """Show an offer again, in one statement; False when it was not hidden."""
    return (await connection.execute(_UNHIDE, member_id, campaign_id)).endswith(" 1")


async def hidden(connection: Connection, member_id: UUID) -> frozenset[str]:
    """The offers that a member wants to see less of."""
    rows = await connection.fetch("select campaign_id from offer_hidden where member_id = $1", member_id)
    return frozenset(row[0] for row in rows)
