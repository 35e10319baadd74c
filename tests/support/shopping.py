"""Campaigns, purchases and refunds for tests, by the product's own code: rules, then the ledger."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from api.campaigns import service as campaigns
from api.core.ids import new_id, round_id
from api.database.connections import Connections
from api.database.pool import Connection, Database
from api.ledger.repository import PurchasePosting, RefundPosting, post_purchase, post_refund, settle_due
from api.till import basket as baskets
from api.till import repository as till
from api.till.refunds import sold_lines
from contract.basket import Basket
from contract.campaigns import CampaignVersion
from contract.refunds import refund_effect
from contract.rules import quote
from tests.support.people import TestMember

STARTED = datetime(2026, 1, 1, tzinfo=UTC)
_receipts = itertools.count(1)


def campaign(campaign_id: str = "base", **terms: Any) -> CampaignVersion:
    """Five percent of everything, available at once, for ever; `terms` change that."""
    common: dict[str, Any] = {
        "campaign_id": campaign_id,
        "name": {"en": f"Offer {campaign_id}", "pt-BR": f"Oferta {campaign_id}"},
        "when": {"starts_at": STARTED},
        "reward": {"kind": "percent", "rate_bp": 500},
    }
    return CampaignVersion.model_validate({**common, **terms})


async def publish(database: Database, programme_id: UUID, now: datetime, *versions: CampaignVersion) -> None:
    """Set campaign versions in force."""
    async with database.transaction() as connection:
        for version in versions:
            await campaigns.publish_campaign(connection, programme_id, version, now)


def line(unit_price: int = 1000, **more: Any) -> dict[str, Any]:
    """One line of a basket."""
    return {"name": "Bread", "category": "bakery", "unit_price": unit_price, **more}


async def buy(
    database: Database,
    member: TestMember,
    at: datetime,
    lines: Sequence[dict[str, Any]] = (),
    *,
    redeem: int = 0,
    store_id: str = "centro",
    receipt_number: str | None = None,
) -> UUID:
    """Post a purchase as a till does, and answer its id."""
    basket = Basket.model_validate(
        {
            "store_id": store_id,
            "at": at,
            "receipt_number": receipt_number or f"R{next(_receipts)}",
            "lines": list(lines) or [line()],
        }
    )
    async with database.connection() as connection:
        standing = await campaigns.member_facts(connection, member.programme_id, member.member_id, at)
        loaded = standing.programme
        budgets = await campaigns.budgets(connection, loaded, at)
        quoted = quote(basket, standing.facts, loaded.campaigns, at, loaded.rules_at(at), budgets)
        posting = PurchasePosting(
            claim=None,
            member_id=member.member_id,
            purchase_id=round_id(at),
            programme_id=member.programme_id,
            store_id=store_id,
            channel=basket.channel,
            receipt_number=basket.receipt_number,
            at=at,
            source="till",
            unit=loaded.currency,
            total=basket.total,
            redeem=redeem,
            basket=baskets.stored(basket),
            quote=quoted,
            budgeted=loaded.budgeted,
        )
        assert await post_purchase(connection, posting, at)
    return posting.purchase_id


async def give_back(
    database: Database, member: TestMember, purchase_id: UUID, at: datetime, lines: dict[int, int] | None = None
) -> UUID:
    """Refund a purchase, or so many of each line, and answer the refund's id."""
    async with database.connection() as connection:
        return await give_back_by(connection, member.member_id, purchase_id, at, lines)


async def give_back_by(
    connection: Connection, member_id: UUID, purchase_id: UUID, at: datetime, lines: dict[int, int] | None = None
) -> UUID:
    """The same by a connection, which may be in a transaction."""
    row = await till.sold(connection, member_id, purchase_id)
    assert row is not None
    sold = sold_lines(row)
    wanted = {n: each.left for n, each in enumerate(sold) if each.left} if lines is None else lines
    posting = RefundPosting(
        claim=None,
        member_id=member_id,
        purchase_id=purchase_id,
        refund_id=new_id(at),
        refunds_seen=row["refunds"],
        staff_id=None,
        session_id=None,
        reason="",
        effect=refund_effect(sold, row["redeemed"], wanted, points=row["points_spent"], worth=row["points_worth"]),
    )
    assert await post_refund(connection, posting, at)
    return posting.refund_id


async def settle(database: Database, now: datetime) -> None:
    """Release and expire what is due."""
    async with database.connection() as connection:
        while await settle_due(connection, now, 100):
            pass


async def restore_wallet_version(connections: Connections, member: TestMember, version: int) -> None:
    """Set a wallet's version back, as a restored backup would."""
    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        await owner.execute("update ledger.wallet set version = $2 where member_id = $1", member.member_id, version)
    finally:
        await owner.close()
